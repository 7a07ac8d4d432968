//go:build !argo36

package v3

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/util/template"
	"github.com/argoproj/argo-workflows/v3/workflow/validate"
)

func validateTemplate(known namespace, cluster noCluster, object *wfv1.WorkflowTemplate, opts validate.ValidateOpts) error {
	return validate.ValidateWorkflowTemplate(known, cluster, object, nil, opts)
}

func validateWorkflow(known namespace, cluster noCluster, object *wfv1.Workflow, opts validate.ValidateOpts) error {
	return validate.ValidateWorkflow(known, cluster, object, nil, opts)
}

func replace(text string, values map[string]string) (string, error) {
	return template.Replace(text, template.ToAnyMap(values), true)
}
