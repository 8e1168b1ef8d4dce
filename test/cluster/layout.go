// The directory of one control plane: where every file lies, and those written before the first component starts.
package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

type paths struct {
	dir, etcd, logs, pki, cpu                  string
	ca, caKey, serving, servingKey, accountKey string
	tokens, auditPolicy, auditLog, stages      string
	kubeconfig, clusterFile, lock              string
}

func layout(dir string) paths {
	in := func(parts ...string) string { return filepath.Join(append([]string{dir}, parts...)...) }
	return paths{
		dir: dir, etcd: in("etcd"), logs: in("logs"), pki: in("pki"), cpu: in("cpu"),
		ca: in("pki", "ca.crt"), caKey: in("pki", "ca.key"),
		serving: in("pki", "serving.crt"), servingKey: in("pki", "serving.key"), accountKey: in("pki", "sa.key"),
		tokens: in("pki", "tokens.csv"), auditPolicy: in("audit-policy.yaml"), auditLog: in("audit.log"),
		stages: in("kwok.yaml"), kubeconfig: in("kubeconfig"), clusterFile: in("cluster.json"), lock: in("lock"),
	}
}

func (p paths) kubeconfigOf(identity string) string {
	if identity == "admin" {
		return p.kubeconfig
	}
	return filepath.Join(p.pki, identity+".kubeconfig")
}

func (p paths) logOf(component string) string { return filepath.Join(p.logs, component+".log") }

// ResponseStarted is kept, or a watch would not be in the log before it ends.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata}]
`

// One token per component, so that the audit log tells them apart by user as well.
var identities = []struct{ name, user, group string }{
	{"admin", "farhelm-test-admin", "system:masters"},
	{"controller-manager", "system:kube-controller-manager", ""},
	{"scheduler", "system:kube-scheduler", ""},
	{"kwok", "farhelm-test-kwok", "system:masters"},
	{"metrics", "farhelm-test-metrics", "system:masters"},
}

// clear removes what an earlier run left and makes the folders; it touches only names that this program writes.
func clear(p paths) error {
	for _, old := range []string{p.clusterFile, p.etcd, p.pki, p.cpu, p.auditLog} {
		if err := os.RemoveAll(old); err != nil {
			return err
		}
	}
	for _, folder := range []string{p.logs, p.pki, p.cpu} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
	}
	return nil
}

func writeFiles(p paths, name, url string) (adminToken string, err error) {
	authority, err := os.ReadFile(p.ca)
	if err != nil {
		return "", err
	}
	var lines strings.Builder
	for index, identity := range identities {
		token := rand.Text()
		if identity.name == "admin" {
			adminToken = token
		}
		fmt.Fprintf(&lines, "%s,%s,%d,%q\n", token, identity.user, index+1, identity.group)
		if err := writeKubeconfig(p.kubeconfigOf(identity.name), name, url, token, authority); err != nil {
			return "", err
		}
	}
	for file, text := range map[string]string{p.tokens: lines.String(), p.auditPolicy: auditPolicy, p.stages: kwokStages} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	return adminToken, nil
}

func writeKubeconfig(file, name, url, token string, authority []byte) error {
	config := clientcmdapi.NewConfig()
	config.Clusters[name] = &clientcmdapi.Cluster{Server: url, CertificateAuthorityData: authority}
	config.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: token}
	config.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name}
	config.CurrentContext = name
	return clientcmd.WriteToFile(*config, file)
}

type clusterFile struct {
	Name           string `json:"name"`
	URL            string `json:"url"`
	CAFile         string `json:"caFile"`
	AdminToken     string `json:"adminToken"`
	KubeconfigFile string `json:"kubeconfigFile"`
	AuditLogFile   string `json:"auditLogFile"`
	Binary         string `json:"binary"`
	PID            int    `json:"pid"`
}

// write renames a finished file into place, because readers take its presence as "ready".
func (c clusterFile) write(file string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
