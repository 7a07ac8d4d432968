// Package v3 is Argo Workflows 3, behind the interface that all versions share. Which one of its releases is for go.mod
// to say; what differs between them is in a file of each.
package v3

import (
	"encoding/json"
	"fmt"
	"io"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/workflow/common"
	"github.com/argoproj/argo-workflows/v3/workflow/validate"
	"github.com/sirupsen/logrus"
	"sigs.k8s.io/yaml"

	"conformance/walk"
)

// Engine is this version.
type Engine struct{}

var _ walk.Engine = Engine{}

// New is this version, with its log thrown away.
func New() Engine {
	logrus.SetOutput(io.Discard)
	return Engine{}
}

// Module is the path of the module.
func (Engine) Module() string { return "github.com/argoproj/argo-workflows/v3" }

// Decode reads a document as `argo lint --strict` does.
func (Engine) Decode(document []byte) error {
	results := common.ParseObjects(document, true)
	if len(results) != 1 {
		return fmt.Errorf("%d objects instead of one", len(results))
	}
	return results[0].Err
}

// ValidateTemplate asks what admission and lint ask.
func (Engine) ValidateTemplate(manifest []byte) error {
	var object wfv1.WorkflowTemplate
	if err := yaml.UnmarshalStrict(manifest, &object); err != nil {
		return err
	}
	return validateTemplate(namespace{}, noCluster{}, &object, validate.ValidateOpts{Lint: true})
}

// ValidateWorkflow asks what the controller asks when a run starts.
func (Engine) ValidateWorkflow(manifest []byte, templates [][]byte) error {
	var object wfv1.Workflow
	if err := yaml.UnmarshalStrict(manifest, &object); err != nil {
		return err
	}
	known := namespace{}
	for _, manifest := range templates {
		var object wfv1.WorkflowTemplate
		if err := yaml.UnmarshalStrict(manifest, &object); err != nil {
			return err
		}
		known[object.Name] = &object
	}
	return validateWorkflow(known, noCluster{}, &object, validate.ValidateOpts{Submit: true})
}

// ProcessArgs gives a template its arguments.
func (Engine) ProcessArgs(call walk.Call) (json.RawMessage, error) {
	var called wfv1.Template
	var arguments wfv1.Arguments
	if err := walk.Decode(call, &called, &arguments); err != nil {
		return nil, err
	}
	processed, err := common.ProcessArgs(&called, &arguments, call.Globals, call.Locals, false, call.Namespace, call.ConfigMaps)
	return walk.Encode(processed, err)
}

// Substitute replaces once more.
func (Engine) Substitute(call walk.Call) (json.RawMessage, error) {
	var called wfv1.Template
	if err := json.Unmarshal(call.Template, &called); err != nil {
		return nil, err
	}
	processed, err := common.SubstituteParams(&called, call.Globals, call.Locals)
	return walk.Encode(processed, err)
}

// Replace replaces the tags in any JSON.
func (Engine) Replace(text string, values map[string]string) (string, error) {
	return replace(text, values)
}

// namespace is the WorkflowTemplates of a namespace.
type namespace map[string]*wfv1.WorkflowTemplate

func (known namespace) Get(name string) (*wfv1.WorkflowTemplate, error) {
	if found := known[name]; found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("there is no WorkflowTemplate %q", name)
}

type noCluster struct{}

func (noCluster) Get(name string) (*wfv1.ClusterWorkflowTemplate, error) {
	return nil, fmt.Errorf("there is no ClusterWorkflowTemplate %q", name)
}
