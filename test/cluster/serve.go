// The supervisor of one control plane: starts the components in order, says when it is ready, ends them together.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

var errStopped = errors.New("asked to stop")

func serve() int {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	dir := flags.String("dir", "", "directory of this control plane; state of an earlier run in it is removed")
	name := flags.String("name", "cluster", "name of this control plane")
	runtimeConfig := flags.String("runtime-config", "", "API versions to switch off, such as autoscaling/v2=false")
	readyWithin := flags.Duration("ready-within", time.Minute, "give up when not ready after this time")
	untilStdinCloses := flags.Bool("until-stdin-closes", false, "stop when standard input ends, that is when the starter died")
	_ = flags.Parse(os.Args[1:])
	if *dir == "" || flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: cluster serve --dir DIR [--name NAME] [--runtime-config ...]")
		return 2
	}

	// Children die with the thread that started them, so this goroutine keeps its thread and starts them all.
	runtime.LockOSThread()
	ctx, end := context.WithCancelCause(context.Background())
	stopOn(end, *untilStdinCloses)
	components := &family{onEnd: func(ended componentError) { end(ended) }}
	err := run(ctx, components, *dir, *name, *runtimeConfig, *readyWithin)
	components.stop()
	if components.paths.clusterFile != "" {
		_ = os.Remove(components.paths.clusterFile)
	}
	if errors.Is(err, errStopped) {
		fmt.Println("stopped")
		return 0
	}
	fmt.Fprintln(os.Stderr, "failed:", err)
	var failed componentError
	if errors.As(err, &failed) {
		fmt.Fprintf(os.Stderr, "last lines of %s:\n%s\n", components.paths.logOf(failed.component), components.logTail(failed.component))
	}
	return 1
}

func stopOn(end context.CancelCauseFunc, untilStdinCloses bool) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		<-signals
		end(errStopped)
	}()
	if untilStdinCloses {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			end(errStopped)
		}()
	}
}

// run returns only with an error: why the control plane did not start, or why it ends.
func run(ctx context.Context, components *family, dir, name, runtimeConfig string, readyWithin time.Duration) error {
	started := time.Now()
	step := func(text string) { fmt.Printf("%5.1fs %s\n", time.Since(started).Seconds(), text) }
	one, err := prepare(components, dir, name, runtimeConfig)
	if err != nil {
		return err
	}
	late := fmt.Errorf("not ready after %s", readyWithin)
	starting, done := context.WithTimeoutCause(ctx, readyWithin, late)
	defer done()
	if err := bringUp(starting, components, one, step); err != nil {
		// A stop or a dead component explains more than the step that it interrupted.
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		return err
	}
	step("ready at " + one.url())
	<-ctx.Done()
	return context.Cause(ctx)
}

func prepare(components *family, dir, name, runtimeConfig string) (plane, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return plane{}, err
	}
	if err := os.MkdirAll(absolute, 0o700); err != nil {
		return plane{}, err
	}
	p := layout(absolute)
	if err := holdLock(p.lock); err != nil {
		return plane{}, fmt.Errorf("another control plane runs in %s; stop it or give another --dir (%w)", absolute, err)
	}
	if components.program, err = os.Executable(); err != nil {
		return plane{}, err
	}
	components.paths = p
	if err := clear(p); err != nil {
		return plane{}, err
	}
	if err := writeKeys(p, name); err != nil {
		return plane{}, err
	}
	ports, err := freePorts(3)
	if err != nil {
		return plane{}, err
	}
	return plane{
		paths: p, name: name, runtimeConfig: runtimeConfig,
		etcdPort: ports[0], serverPort: ports[1], metricsPort: ports[2],
	}, nil
}

// holdLock keeps the file open until the process ends; the kernel then frees the lock, whatever ended it.
func holdLock(file string) error {
	lock, err := syscall.Open(file, syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	return syscall.Flock(lock, syscall.LOCK_EX|syscall.LOCK_NB)
}
