package walk

import (
	"encoding/json"
	"maps"

	"k8s.io/api/core/v1"
)

// Engine is what a version of Argo Workflows offers. Objects go in and out as text, since every version has types of its
// own.
type Engine interface {
	// Module is the path of the Go module.
	Module() string
	// Decode reads one document and refuses fields that this version does not know.
	Decode(document []byte) error
	// ValidateTemplate is what admission and lint ask of a WorkflowTemplate.
	ValidateTemplate(manifest []byte) error
	// ValidateWorkflow is what the controller asks of a Workflow that refers to one of the templates.
	ValidateWorkflow(manifest []byte, templates [][]byte) error
	// ProcessArgs is a template with its arguments, and without the tags that can be replaced then.
	ProcessArgs(call Call) (json.RawMessage, error)
	// Substitute replaces again in a template that has its arguments, as is done for each attempt of a retry.
	Substitute(call Call) (json.RawMessage, error)
	// Replace replaces the tags in any JSON, and leaves those that it does not know.
	Replace(text string, values map[string]string) (string, error)
}

// Call is a template and what it is called with.
type Call struct {
	Template, Arguments json.RawMessage
	Globals, Locals     map[string]string
	Namespace           string
	ConfigMaps          ConfigMaps
}

// Decode reads the template and the arguments of a call as the types of a version.
func Decode(call Call, template, arguments any) error {
	if err := json.Unmarshal(call.Template, template); err != nil {
		return err
	}
	if len(call.Arguments) == 0 {
		return nil
	}
	return json.Unmarshal(call.Arguments, arguments)
}

// Encode is what a version made of a template.
func Encode[T any](processed *T, err error) (json.RawMessage, error) {
	if err != nil {
		return nil, err
	}
	return json.Marshal(processed)
}

// ConfigMaps are those of a cluster, by namespace and name: what Argo calls a store.
type ConfigMaps map[string]*v1.ConfigMap

// GetByKey finds one.
func (all ConfigMaps) GetByKey(key string) (any, bool, error) {
	found, there := all[key]
	return found, there, nil
}

func merged(one, other map[string]string) map[string]string {
	all := maps.Clone(one)
	maps.Copy(all, other)
	return all
}
