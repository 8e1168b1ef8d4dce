// Command cluster is a real Kubernetes control plane for tests: one binary, one sub-command per component.
package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

type component struct {
	// The name that the real program has: it becomes the user agent and the manager in managedFields.
	program string
	run     func() int
}

// The components register process-wide feature gates and signal handlers, so each runs in a process of its own.
var components = map[string]component{
	"serve":   {"farhelm-test-supervisor", serve},
	"etcd":    {"etcd", runEtcd},
	"kwok":    {"kwok", runKwok},
	"metrics": {"farhelm-test-metrics", runMetrics},
	"kubectl": {"kubectl", runKubectl},
	"apiserver": {"kube-apiserver", func() int {
		return cli.Run(apiserver.NewAPIServerCommand())
	}},
	"controller-manager": {"kube-controller-manager", func() int {
		return cli.Run(controllermanager.NewControllerManagerCommand())
	}},
	"scheduler": {"kube-scheduler", func() int {
		return cli.Run(scheduler.NewSchedulerCommand())
	}},
}

func main() {
	if len(os.Args) < 2 || components[os.Args[1]].run == nil {
		names := slices.Sorted(maps.Keys(components))
		fmt.Fprintf(os.Stderr, "usage: cluster %s [flags]\n", strings.Join(names, "|"))
		os.Exit(2)
	}
	chosen := components[os.Args[1]]
	// Every component parses os.Args itself.
	os.Args = append([]string{chosen.program}, os.Args[2:]...)
	os.Exit(chosen.run())
}

func runKubectl() int {
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		kubectlutil.CheckErr(err)
	}
	return 0
}
