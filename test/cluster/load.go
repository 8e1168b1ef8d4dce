// The CPU that pods pretend to use: one file per workload, which a test may write at any time.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What a pod uses while no file speaks about its workload.
const (
	idleCPU    = "1m"
	idleMemory = "16Mi"
)

type load struct{ dir string }

// of reads <dir>/<namespace>/<workload>: "80m" is what each pod uses, "total 400m" is spread over the running pods.
func (l load) of(namespace, workload string, running int64) (resource.Quantity, error) {
	file := filepath.Join(l.dir, namespace, workload)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return resource.MustParse(idleCPU), nil
	}
	if err != nil {
		return resource.Quantity{}, err
	}
	amount, isTotal := strings.CutPrefix(strings.TrimSpace(string(text)), "total ")
	quantity, err := resource.ParseQuantity(amount)
	if err != nil {
		return resource.Quantity{}, fmt.Errorf("%s holds %q; write a quantity such as 80m or total 400m: %w", file, text, err)
	}
	if isTotal {
		quantity = *resource.NewMilliQuantity(quantity.MilliValue()/running, resource.DecimalSI)
	}
	return quantity, nil
}

// workloadOf names the Deployment behind a ReplicaSet's pod, else the direct owner, else the pod itself.
func workloadOf(pod corev1.Pod) string {
	owner := metav1.GetControllerOf(&pod)
	if owner == nil {
		return pod.Name
	}
	if hash := pod.Labels["pod-template-hash"]; owner.Kind == "ReplicaSet" && hash != "" {
		return strings.TrimSuffix(owner.Name, "-"+hash)
	}
	return owner.Name
}
