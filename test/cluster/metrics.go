// The resource metrics API: an aggregated API server that answers PodMetrics with the CPU that a test asks for.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/kubernetes"
	metricsv1beta1 "k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

// How old a pod must be before its sample counts: the HPA wants one window since the pod became ready.
const metricsWindow = time.Second

type metricsServer struct {
	core *kubernetes.Clientset
	load load
}

func runMetrics() int {
	flags := flag.NewFlagSet("metrics", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "credentials to list pods with")
	cert := flags.String("cert", "", "serving certificate")
	key := flags.String("key", "", "its key")
	cpu := flags.String("cpu", "", "directory with one file per workload: <namespace>/<workload>")
	port := flags.Int("port", 0, "port on 127.0.0.1")
	_ = flags.Parse(os.Args[1:])

	err := func() error {
		config, err := connect(*kubeconfig)
		if err != nil {
			return err
		}
		core, err := kubernetes.NewForConfig(config)
		if err != nil {
			return err
		}
		server := metricsServer{core: core, load: load{dir: *cpu}}
		return http.ListenAndServeTLS(fmt.Sprintf("127.0.0.1:%d", *port), *cert, *key, server.routes())
	}()
	fmt.Fprintln(os.Stderr, "metrics:", err)
	return 1
}

// routes leaves /apis unanswered on purpose: the aggregator then reads the plain discovery document of the version.
func (s metricsServer) routes() http.Handler {
	const version = "/apis/metrics.k8s.io/v1beta1"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+version, func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, metricsDiscovery) })
	mux.HandleFunc("GET "+version+"/pods", s.list)
	mux.HandleFunc("GET "+version+"/namespaces/{namespace}/pods", s.list)
	mux.HandleFunc("GET "+version+"/namespaces/{namespace}/pods/{name}", s.get)
	return mux
}

var metricsDiscovery = metav1.APIResourceList{
	TypeMeta:     metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"},
	GroupVersion: metricsv1beta1.SchemeGroupVersion.String(),
	APIResources: []metav1.APIResource{
		{Name: "pods", SingularName: "pod", Namespaced: true, Kind: "PodMetrics", Verbs: metav1.Verbs{"get", "list"}},
	},
}

func (s metricsServer) list(w http.ResponseWriter, r *http.Request) {
	selector, err := labels.Parse(r.URL.Query().Get("labelSelector"))
	if err != nil {
		refuse(w, apierrors.NewBadRequest(err.Error()))
		return
	}
	items, err := s.measure(r.Context(), r.PathValue("namespace"), func(pod corev1.Pod) bool {
		return selector.Matches(labels.Set(pod.Labels))
	})
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, http.StatusOK, metricsv1beta1.PodMetricsList{TypeMeta: metricsType("PodMetricsList"), Items: items})
}

func (s metricsServer) get(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	items, err := s.measure(r.Context(), r.PathValue("namespace"), func(pod corev1.Pod) bool { return pod.Name == name })
	if err == nil && len(items) == 0 {
		err = apierrors.NewNotFound(metricsv1beta1.Resource("pods"), name)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, http.StatusOK, items[0])
}

// measure reads every pod of the namespace, because a total load is shared by pods that were not asked for as well.
// Pods that do not run are left out: a real metrics server knows nothing about them either.
func (s metricsServer) measure(ctx context.Context, namespace string, wanted func(corev1.Pod) bool) ([]metricsv1beta1.PodMetrics, error) {
	all, err := s.core.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	running := map[string]int64{}
	for _, pod := range all.Items {
		if runs(pod) {
			running[pod.Namespace+"/"+workloadOf(pod)]++
		}
	}
	items := []metricsv1beta1.PodMetrics{}
	for _, pod := range all.Items {
		if !runs(pod) || !wanted(pod) {
			continue
		}
		cpu, err := s.load.of(pod.Namespace, workloadOf(pod), running[pod.Namespace+"/"+workloadOf(pod)])
		if err != nil {
			return nil, err
		}
		items = append(items, sample(pod, cpu))
	}
	return items, nil
}

// sample gives the pod's whole load to its first container, as an autoscaler asks for the sum.
func sample(pod corev1.Pod, cpu resource.Quantity) metricsv1beta1.PodMetrics {
	item := metricsv1beta1.PodMetrics{
		TypeMeta:   metricsType("PodMetrics"),
		ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: pod.Namespace, Labels: pod.Labels},
		Timestamp:  metav1.Now(),
		Window:     metav1.Duration{Duration: metricsWindow},
	}
	for _, container := range pod.Spec.Containers {
		item.Containers = append(item.Containers, metricsv1beta1.ContainerMetrics{
			Name:  container.Name,
			Usage: corev1.ResourceList{corev1.ResourceCPU: cpu, corev1.ResourceMemory: resource.MustParse(idleMemory)},
		})
		cpu = resource.MustParse("0")
	}
	return item
}

func runs(pod corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodRunning && pod.DeletionTimestamp == nil
}

func metricsType(kind string) metav1.TypeMeta {
	return metav1.TypeMeta{Kind: kind, APIVersion: metricsv1beta1.SchemeGroupVersion.String()}
}

func refuse(w http.ResponseWriter, err error) {
	status := apierrors.NewInternalError(err).ErrStatus
	if known, ok := err.(apierrors.APIStatus); ok {
		status = known.Status()
	}
	status.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
	answer(w, int(status.Code), status)
}

func answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}
