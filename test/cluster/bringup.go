// The order in which a control plane comes up, and what each step waits for.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

func bringUp(ctx context.Context, components *family, one plane, step func(string)) error {
	p := one.paths
	token, err := writeFiles(p, one.name, one.url())
	if err != nil {
		return err
	}
	step("keys and files written")

	if err := components.start("etcd", one.etcdFlags()...); err != nil {
		return err
	}
	if err := until(ctx, "etcd", func(ctx context.Context) error { return answers(ctx, one.etcdPort) }); err != nil {
		return err
	}
	step("etcd answers")

	if err := components.start("apiserver", one.apiserverFlags()...); err != nil {
		return err
	}
	api, err := newClients(p.kubeconfig)
	if err != nil {
		return err
	}
	if err := until(ctx, "apiserver", api.serverReady); err != nil {
		return err
	}
	step("API server ready")

	for _, component := range []struct {
		name  string
		flags []string
	}{
		{"controller-manager", one.controllerManagerFlags()},
		{"scheduler", one.schedulerFlags()},
		{"kwok", one.kwokFlags()},
		{"metrics", one.metricsFlags()},
	} {
		if err := components.start(component.name, component.flags...); err != nil {
			return err
		}
	}
	for _, wait := range []struct {
		component string
		ready     func(context.Context) error
	}{
		{"apiserver", api.createNodes},
		// The stub must listen first: the aggregator would wait long before it asks a second time.
		{"metrics", func(ctx context.Context) error { return answers(ctx, one.metricsPort) }},
		{"apiserver", func(ctx context.Context) error { return api.registerMetrics(ctx, one.metricsPort, p.ca) }},
		{"controller-manager", api.accountsReady},
		{"kwok", api.nodesReady},
		{"metrics", api.metricsReady},
	} {
		if err := until(ctx, wait.component, wait.ready); err != nil {
			return err
		}
	}
	return clusterFile{
		Name: one.name, URL: one.url(), CAFile: p.ca, AdminToken: token,
		KubeconfigFile: p.kubeconfig, AuditLogFile: p.auditLog, Binary: components.program, PID: os.Getpid(),
	}.write(p.clusterFile)
}

// until tries again and again; when the context ends it names the component that was waited for and its last answer.
func until(ctx context.Context, component string, try func(context.Context) error) error {
	last := errors.New("none")
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		// An answer cut off by the deadline would hide the one that explains it.
		if ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return componentError{component, fmt.Errorf("%w; last answer: %w", context.Cause(ctx), last)}
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func answers(ctx context.Context, port int) error {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	return connection.Close()
}
