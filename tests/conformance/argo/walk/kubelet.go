package walk

import "k8s.io/kubernetes/third_party/forked/golang/expansion"

// Kubelet is what a container gets: its command and arguments in one list, and the values of its variables. As in
// pkg/kubelet/kubelet_pods.go of Kubernetes, a variable sees those before it, and the command and the arguments see all.
func Kubelet(container Container) ([]string, map[string]string) {
	// The services of the namespace are variables, too.
	seen := map[string]string{"KUBERNETES_SERVICE_HOST": "<from the cluster>"}
	lookup := expansion.MappingFuncFor(seen)
	env := map[string]string{}
	for _, variable := range container.Env {
		value := "<from a Secret>"
		if variable.ValueFrom == nil {
			value = expansion.Expand(variable.Value, lookup)
		}
		env[variable.Name], seen[variable.Name] = value, value
	}
	var words []string
	for _, list := range [][]string{container.Command, container.Args} {
		for _, word := range list {
			words = append(words, expansion.Expand(word, lookup))
		}
	}
	return words, env
}
