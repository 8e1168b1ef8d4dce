// The component processes of one control plane: started in order, watched, and stopped together.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Short, because the state is thrown away: the API server and etcd would wait much longer for their watchers.
const stopGrace = 300 * time.Millisecond

type family struct {
	program  string
	paths    paths
	children []*child
	// onEnd is called from another goroutine when a component ends by itself or is stopped.
	onEnd func(componentError)
}

type child struct {
	name string
	cmd  *exec.Cmd
	done chan struct{}
}

// componentError names the component whose log explains the failure.
type componentError struct {
	component string
	err       error
}

func (e componentError) Error() string { return e.component + ": " + e.err.Error() }
func (e componentError) Unwrap() error { return e.err }

// start must be called from one locked thread: the kernel's parent-death signal is tied to the thread that forks.
func (f *family) start(name string, args ...string) error {
	log, err := os.Create(f.paths.logOf(name))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(f.program, append([]string{name}, args...)...)
	cmd.Dir = f.paths.dir
	cmd.Stdout, cmd.Stderr = log, log
	// kwok would read a configuration from the home of whoever runs the tests.
	cmd.Env = append(os.Environ(), "HOME="+f.paths.dir)
	cmd.SysProcAttr = childAttributes()
	if err := cmd.Start(); err != nil {
		return componentError{name, err}
	}
	started := &child{name: name, cmd: cmd, done: make(chan struct{})}
	f.children = append(f.children, started)
	go func() {
		_ = cmd.Wait()
		close(started.done)
		f.onEnd(componentError{name, fmt.Errorf("the process ended (%s)", cmd.ProcessState)})
	}()
	return nil
}

// stop asks every component at once, then kills what is left after the grace, and returns when all are reaped.
func (f *family) stop() {
	for _, one := range f.children {
		_ = one.cmd.Process.Signal(syscall.SIGTERM)
	}
	grace := time.After(stopGrace)
	for _, one := range f.children {
		select {
		case <-one.done:
		case <-grace:
			f.kill()
		}
		<-one.done
	}
}

func (f *family) kill() {
	for _, one := range f.children {
		_ = one.cmd.Process.Kill()
	}
}

// logTail returns the last lines of a component's log, indented, for an error message.
func (f *family) logTail(component string) string {
	const wanted, maxBytes = 20, 64 << 10
	text, err := os.ReadFile(f.paths.logOf(component))
	if err != nil || len(text) == 0 {
		return "  (its log is empty)"
	}
	if len(text) > maxBytes {
		text = text[len(text)-maxBytes:]
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) > wanted {
		lines = lines[len(lines)-wanted:]
	}
	return "  " + strings.Join(lines, "\n  ")
}
