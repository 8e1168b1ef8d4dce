//go:build !linux

// Elsewhere components outlive a supervisor that is killed with SIGKILL; an ordinary stop ends them.
package main

import "syscall"

func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
