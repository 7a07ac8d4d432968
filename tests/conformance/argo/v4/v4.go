// Package v4 is Argo Workflows 4, behind the interface that all versions share.
package v4

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/util/logging"
	"github.com/argoproj/argo-workflows/v4/util/template"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
	"github.com/argoproj/argo-workflows/v4/workflow/validate"
	"sigs.k8s.io/yaml"

	"conformance/walk"
)

// Engine is this version.
type Engine struct{ ctx context.Context }

var _ walk.Engine = Engine{}

// New is this version, with its log thrown away.
func New() Engine {
	log := logging.NewSlogLoggerCustom(logging.Error, logging.Text, io.Discard)
	return Engine{logging.WithLogger(context.Background(), log)}
}

// Module is the path of the module.
func (Engine) Module() string { return "github.com/argoproj/argo-workflows/v4" }

// Decode reads a document as `argo lint --strict` does.
func (e Engine) Decode(document []byte) error {
	results := common.ParseObjects(e.ctx, document, true)
	if len(results) != 1 {
		return fmt.Errorf("%d objects instead of one", len(results))
	}
	return results[0].Err
}

// ValidateTemplate asks what admission and lint ask.
func (e Engine) ValidateTemplate(manifest []byte) error {
	var object wfv1.WorkflowTemplate
	if err := yaml.UnmarshalStrict(manifest, &object); err != nil {
		return err
	}
	return validate.ValidateWorkflowTemplate(e.ctx, namespace{}, noCluster{}, &object, nil, validate.ValidateOpts{Lint: true})
}

// ValidateWorkflow asks what the controller asks when a run starts.
func (e Engine) ValidateWorkflow(manifest []byte, templates [][]byte) error {
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
	return validate.ValidateWorkflow(e.ctx, known, noCluster{}, &object, nil, validate.ValidateOpts{Submit: true})
}

// ProcessArgs gives a template its arguments.
func (e Engine) ProcessArgs(call walk.Call) (json.RawMessage, error) {
	var called wfv1.Template
	var arguments wfv1.Arguments
	if err := walk.Decode(call, &called, &arguments); err != nil {
		return nil, err
	}
	processed, err := common.ProcessArgs(e.ctx, &called, &arguments, call.Globals, call.Locals, false, call.Namespace, call.ConfigMaps)
	return walk.Encode(processed, err)
}

// Substitute replaces once more.
func (e Engine) Substitute(call walk.Call) (json.RawMessage, error) {
	var called wfv1.Template
	if err := json.Unmarshal(call.Template, &called); err != nil {
		return nil, err
	}
	processed, err := common.SubstituteParams(e.ctx, &called, call.Globals, call.Locals)
	return walk.Encode(processed, err)
}

// Replace replaces the tags in any JSON.
func (e Engine) Replace(text string, values map[string]string) (string, error) {
	return template.Replace(e.ctx, text, values, true)
}

// namespace is the WorkflowTemplates of a namespace.
type namespace map[string]*wfv1.WorkflowTemplate

func (known namespace) Get(_ context.Context, name string) (*wfv1.WorkflowTemplate, error) {
	if found := known[name]; found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("there is no WorkflowTemplate %q", name)
}

type noCluster struct{}

func (noCluster) Get(_ context.Context, name string) (*wfv1.ClusterWorkflowTemplate, error) {
	return nil, fmt.Errorf("there is no ClusterWorkflowTemplate %q", name)
}
