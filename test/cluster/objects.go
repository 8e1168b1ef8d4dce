// The objects every control plane starts with (fake nodes, the metrics API) and what "ready" means for them.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	registrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	registration "k8s.io/kube-aggregator/pkg/client/clientset_generated/clientset"
)

const (
	fakeNodeAnnotation = "kwok.x-k8s.io/node"
	metricsService     = "farhelm-test-metrics"
	metricsAPIService  = "v1beta1.metrics.k8s.io"
)

var nodeNames = []string{"node-1", "node-2"}

type clients struct {
	core     *kubernetes.Clientset
	registry *registration.Clientset
}

func connect(kubeconfig string) (*rest.Config, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	config.Timeout = 10 * time.Second
	return config, nil
}

func newClients(kubeconfig string) (clients, error) {
	config, err := connect(kubeconfig)
	if err != nil {
		return clients{}, err
	}
	core, err := kubernetes.NewForConfig(config)
	if err != nil {
		return clients{}, err
	}
	registry, err := registration.NewForConfig(config)
	return clients{core, registry}, err
}

func (c clients) serverReady(ctx context.Context) error {
	return c.core.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
}

// createNodes leaves capacity to kwok's node stage: 1000 CPUs, 1 TiB and a million pods each.
func (c clients) createNodes(ctx context.Context) error {
	for index, name := range nodeNames {
		node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{
			Name:        name,
			Annotations: map[string]string{fakeNodeAnnotation: "fake"},
			Labels: map[string]string{
				corev1.LabelHostname:     name,
				corev1.LabelOSStable:     "linux",
				corev1.LabelArchStable:   "amd64",
				corev1.LabelTopologyZone: fmt.Sprintf("zone-%d", index+1),
			},
		}}
		_, err := c.core.CoreV1().Nodes().Create(ctx, node, metav1.CreateOptions{})
		if unlessExists(err) != nil {
			return fmt.Errorf("create node %s: %w", name, err)
		}
	}
	return nil
}

// registerMetrics points the aggregator at the stub. An ExternalName is the one Service that it resolves without a
// cluster network; an address in it needs no resolver either.
func (c clients) registerMetrics(ctx context.Context, port int, caFile string) error {
	authority, err := os.ReadFile(caFile)
	if err != nil {
		return err
	}
	service := &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: metricsService},
		Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: "127.0.0.1"},
	}
	_, err = c.core.CoreV1().Services(metav1.NamespaceSystem).Create(ctx, service, metav1.CreateOptions{})
	if unlessExists(err) != nil {
		return fmt.Errorf("create the metrics Service: %w", err)
	}
	servicePort := int32(port)
	api := &registrationv1.APIService{
		ObjectMeta: metav1.ObjectMeta{Name: metricsAPIService},
		Spec: registrationv1.APIServiceSpec{
			Group: "metrics.k8s.io", Version: "v1beta1", GroupPriorityMinimum: 100, VersionPriority: 100, CABundle: authority,
			Service: &registrationv1.ServiceReference{
				Namespace: metav1.NamespaceSystem, Name: metricsService, Port: &servicePort,
			},
		},
	}
	_, err = c.registry.ApiregistrationV1().APIServices().Create(ctx, api, metav1.CreateOptions{})
	if unlessExists(err) != nil {
		return fmt.Errorf("create the APIService: %w", err)
	}
	return nil
}

// unlessExists lets a step be repeated, as the API server may refuse the first try (kube-system comes a moment later).
func unlessExists(err error) error {
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

func (c clients) nodesReady(ctx context.Context) error {
	for _, name := range nodeNames {
		node, err := c.core.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		// The controller manager takes the not-ready taint off; before that nothing is scheduled.
		if len(node.Spec.Taints) > 0 || !isReady(node) {
			return fmt.Errorf("node %s is not ready yet", name)
		}
	}
	return nil
}

func isReady(node *corev1.Node) bool {
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}

// accountsReady waits for the account without which the API server refuses pods.
func (c clients) accountsReady(ctx context.Context) error {
	_, err := c.core.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{})
	return err
}

func (c clients) metricsReady(ctx context.Context) error {
	api, err := c.registry.ApiregistrationV1().APIServices().Get(ctx, metricsAPIService, metav1.GetOptions{})
	if err != nil {
		return err
	}
	for _, condition := range api.Status.Conditions {
		if condition.Type == registrationv1.Available {
			if condition.Status == registrationv1.ConditionTrue {
				return nil
			}
			return fmt.Errorf("%s: %s", condition.Reason, condition.Message)
		}
	}
	return fmt.Errorf("APIService %s has no status yet", metricsAPIService)
}
