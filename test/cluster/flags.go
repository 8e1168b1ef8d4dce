// The command line of every component: what one loopback control plane for short tests needs.
package main

import "fmt"

type plane struct {
	paths                             paths
	name, runtimeConfig               string
	etcdPort, serverPort, metricsPort int
}

func (p plane) url() string { return fmt.Sprintf("https://127.0.0.1:%d", p.serverPort) }

func (p plane) etcdFlags() []string {
	return []string{"--dir", p.paths.etcd, "--port", fmt.Sprint(p.etcdPort)}
}

func (p plane) apiserverFlags() []string {
	flags := []string{
		fmt.Sprintf("--etcd-servers=http://127.0.0.1:%d", p.etcdPort),
		"--bind-address=127.0.0.1",
		// With a loopback bind the default would look for the host's default route.
		"--advertise-address=192.0.2.1",
		"--endpoint-reconciler-type=none",
		fmt.Sprintf("--secure-port=%d", p.serverPort),
		"--service-cluster-ip-range=10.96.0.0/16",
		"--tls-cert-file=" + p.paths.serving,
		"--tls-private-key-file=" + p.paths.servingKey,
		"--client-ca-file=" + p.paths.ca,
		"--token-auth-file=" + p.paths.tokens,
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + p.paths.accountKey,
		"--service-account-signing-key-file=" + p.paths.accountKey,
		"--authorization-mode=RBAC",
		"--allow-privileged=true",
		"--audit-policy-file=" + p.paths.auditPolicy,
		"--audit-log-path=" + p.paths.auditLog,
		// A line is in the file before the response ends; without a size limit the file is never rotated.
		"--audit-log-mode=blocking",
		"--audit-log-maxsize=0",
	}
	if p.runtimeConfig != "" {
		flags = append(flags, "--runtime-config="+p.runtimeConfig)
	}
	return flags
}

func (p plane) controllerManagerFlags() []string {
	return []string{
		"--kubeconfig=" + p.paths.kubeconfigOf("controller-manager"),
		"--service-account-private-key-file=" + p.paths.accountKey,
		"--root-ca-file=" + p.paths.ca,
		"--use-service-account-credentials=true",
		"--leader-elect=false",
		"--secure-port=0",
		"--kube-api-qps=500",
		"--kube-api-burst=1000",
		"--horizontal-pod-autoscaler-sync-period=2s",
		"--horizontal-pod-autoscaler-downscale-stabilization=10s",
		"--horizontal-pod-autoscaler-cpu-initialization-period=1s",
		"--horizontal-pod-autoscaler-initial-readiness-delay=1s",
		// A busy test machine may delay kwok's heartbeats; that must not evict pods.
		"--node-monitor-grace-period=10m",
	}
}

func (p plane) schedulerFlags() []string {
	return []string{
		"--kubeconfig=" + p.paths.kubeconfigOf("scheduler"),
		"--leader-elect=false",
		"--secure-port=0",
	}
}

func (p plane) kwokFlags() []string {
	return []string{
		"--kubeconfig=" + p.paths.kubeconfigOf("kwok"),
		"--config=" + p.paths.stages,
		"--manage-nodes-with-annotation-selector=" + fakeNodeAnnotation + "=fake",
		"--cidr=10.244.0.0/16",
	}
}

func (p plane) metricsFlags() []string {
	return []string{
		"--kubeconfig", p.paths.kubeconfigOf("metrics"),
		"--cert", p.paths.serving,
		"--key", p.paths.servingKey,
		"--cpu", p.paths.cpu,
		"--port", fmt.Sprint(p.metricsPort),
	}
}
