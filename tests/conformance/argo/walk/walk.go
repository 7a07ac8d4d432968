// Package walk goes through a WorkflowTemplate as Argo's controller does when every task runs: it replaces the tags of a
// task, hands its arguments to the template it names, and ends at the containers. All that is replaced is replaced by
// Argo's own code, which each version brings as an Engine; what is restated here is the order of it.
package walk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Container is what reaches the cluster of a task.
type Container struct {
	Command []string `json:"command"`
	Args    []string `json:"args"`
	Env     []EnvVar `json:"env"`
}

// EnvVar is an environment variable whose value stands in the manifest, or comes from elsewhere.
type EnvVar struct {
	Name      string          `json:"name"`
	Value     string          `json:"value"`
	ValueFrom json.RawMessage `json:"valueFrom"`
}

type parameter struct {
	Name       string          `json:"name"`
	Value      json.RawMessage `json:"value"`
	ValueFrom  json.RawMessage `json:"valueFrom"`
	GlobalName string          `json:"globalName"`
}

// text is the parameter's value, which may be a number or a boolean in JSON.
func (p parameter) text() string {
	var text string
	if json.Unmarshal(p.Value, &text) != nil {
		text = string(p.Value)
	}
	return text
}

type task struct {
	Name      string          `json:"name"`
	Template  string          `json:"template"`
	When      string          `json:"when"`
	Arguments json.RawMessage `json:"arguments"`
}

type template struct {
	Name          string          `json:"name"`
	Container     *Container      `json:"container"`
	Resource      json.RawMessage `json:"resource"`
	Suspend       json.RawMessage `json:"suspend"`
	RetryStrategy json.RawMessage `json:"retryStrategy"`
	Inputs        struct {
		Parameters []parameter `json:"parameters"`
	} `json:"inputs"`
	Outputs struct {
		Parameters []parameter `json:"parameters"`
	} `json:"outputs"`
	DAG *struct {
		Tasks []json.RawMessage `json:"tasks"`
	} `json:"dag"`
	Steps [][]json.RawMessage `json:"steps"`
}

// Run is one walk.
type Run struct {
	engine     Engine
	namespace  string
	templates  map[string]json.RawMessage
	globals    map[string]string
	configMaps ConfigMaps
	Containers map[string]Container
	// Tasks counts everything that would become a node, containers or not.
	Tasks int
	// Problems are what a run would end with, each with its place.
	Problems []string
}

// BuildOutput is what the build reports in this walk.
const BuildOutput = `{"data": {"artifact_path": "s3://artifacts/0123/"}}`

type spec struct {
	Entrypoint         string            `json:"entrypoint"`
	OnExit             string            `json:"onExit"`
	ServiceAccountName string            `json:"serviceAccountName"`
	Templates          []json.RawMessage `json:"templates"`
	Arguments          struct {
		Parameters []parameter `json:"parameters"`
	} `json:"arguments"`
}

// Walk goes through all of a WorkflowTemplate, started with those arguments.
func Walk(engine Engine, manifest json.RawMessage, arguments map[string]string, configMaps ConfigMaps) *Run {
	run := &Run{
		engine:     engine,
		templates:  map[string]json.RawMessage{},
		configMaps: configMaps,
		Containers: map[string]Container{},
	}
	var object struct {
		Metadata struct {
			Namespace string `json:"namespace"`
		} `json:"metadata"`
		Spec spec `json:"spec"`
	}
	if err := json.Unmarshal(manifest, &object); err != nil {
		run.problem("the manifest", err)
		return run
	}
	run.namespace = object.Metadata.Namespace
	run.globals = globals(object.Spec, run.namespace, arguments)
	for _, raw := range object.Spec.Templates {
		var named template
		if err := json.Unmarshal(raw, &named); err != nil {
			run.problem("a template", err)
		}
		run.templates[named.Name] = raw
	}
	run.metadata(manifest)
	run.enter("", object.Spec.Entrypoint, nil)
	if object.Spec.OnExit != "" {
		run.globals["workflow.status"] = "Failed"
		run.globals["workflow.failures"] = "[]"
		run.enter("", object.Spec.OnExit, nil)
	}
	return run
}

func globals(spec spec, namespace string, arguments map[string]string) map[string]string {
	all := map[string]string{
		"workflow.name":               "run-x7x2k",
		"workflow.namespace":          namespace,
		"workflow.mainEntrypoint":     spec.Entrypoint,
		"workflow.serviceAccountName": spec.ServiceAccountName,
		"workflow.uid":                "3d7f6b2e-0000-4000-8000-000000000000",
		"workflow.parameters":         "[]",
	}
	for _, parameter := range spec.Arguments.Parameters {
		if parameter.Value != nil {
			all["workflow.parameters."+parameter.Name] = parameter.text()
		}
	}
	for name, value := range arguments {
		all["workflow.parameters."+name] = value
	}
	return all
}

// metadata replaces what the controller replaces before the first task: everything but the templates.
func (run *Run) metadata(manifest json.RawMessage) {
	var object struct {
		Spec map[string]json.RawMessage `json:"spec"`
	}
	if err := json.Unmarshal(manifest, &object); err != nil {
		run.problem("the manifest", err)
		return
	}
	delete(object.Spec, "templates")
	before, err := json.Marshal(object.Spec)
	if err != nil {
		run.problem("the spec", err)
		return
	}
	if after, err := run.engine.Replace(string(before), run.globals); err != nil {
		run.problem("the spec", err)
	} else if strings.Contains(after, "{{") {
		run.problem("the spec", fmt.Errorf("a tag is left: %s", around(after)))
	}
}

// enter calls a template for the task of that name.
func (run *Run) enter(name, called string, arguments json.RawMessage) {
	raw, known := run.templates[called]
	if !known {
		run.problem(name, fmt.Errorf("no template %q", called))
		return
	}
	call := Call{
		Template:   raw,
		Arguments:  arguments,
		Globals:    run.globals,
		Locals:     map[string]string{"pod.name": "run-x7x2k-" + called, "node.name": "run-x7x2k." + name},
		Namespace:  run.namespace,
		ConfigMaps: run.configMaps,
	}
	processed, err := run.engine.ProcessArgs(call)
	if err != nil {
		run.problem(name, err)
		return
	}
	var found template
	if err := json.Unmarshal(processed, &found); err != nil {
		run.problem(name, err)
		return
	}
	switch {
	case found.DAG != nil:
		run.tasks(inside(name, found), found.DAG.Tasks, "tasks")
	case found.Steps != nil:
		run.tasks(inside(name, found), slices.Concat(found.Steps...), "steps")
	default:
		call.Template = processed
		run.leaf(name, found, call)
	}
}

// inside is what stands before the names of a graph's tasks: several tasks may call one that takes arguments.
func inside(name string, graph template) string {
	if len(graph.Inputs.Parameters) == 0 {
		return ""
	}
	return name + "/"
}

// tasks runs those of one graph, in the order in which they stand: none stands before what it waits for.
func (run *Run) tasks(prefix string, raws []json.RawMessage, scope string) {
	locals := map[string]string{}
	for _, raw := range raws {
		run.Tasks++
		replaced, err := run.engine.Replace(string(raw), merged(run.globals, locals))
		if err != nil {
			run.problem(prefix+string(raw), err)
			continue
		}
		var next task
		if err := json.Unmarshal([]byte(replaced), &next); err != nil {
			run.problem(prefix, err)
			continue
		}
		if strings.Contains(replaced, "{{") {
			run.problem(prefix+next.Name, fmt.Errorf("a tag is left: %s", around(replaced)))
		}
		run.enter(prefix+next.Name, next.Template, next.Arguments)
		var called template
		if json.Unmarshal(run.templates[next.Template], &called) != nil {
			continue
		}
		for _, output := range called.Outputs.Parameters {
			locals[scope+"."+next.Name+".outputs.parameters."+output.Name] = value(output)
		}
		locals[scope+"."+next.Name+".status"] = "Succeeded"
	}
}

func value(output parameter) string {
	if output.GlobalName == "" {
		return "approve"
	}
	return BuildOutput
}

// leaf is a template that ends in a pod or waits.
func (run *Run) leaf(name string, found template, call Call) {
	processed := call.Template
	if strings.Contains(string(processed), "{{") {
		run.problem(name, fmt.Errorf("a tag is left: %s", around(string(processed))))
	}
	again, err := run.engine.Substitute(call)
	if err != nil {
		run.problem(name, fmt.Errorf("at a retry: %w", err))
	} else if !same(again, processed) {
		run.problem(name, fmt.Errorf("a retry would run something else"))
	}
	for _, output := range found.Outputs.Parameters {
		if output.GlobalName != "" {
			run.globals["workflow.outputs.parameters."+output.GlobalName] = BuildOutput
		}
	}
	if found.Container == nil {
		return
	}
	if _, twice := run.Containers[name]; twice {
		run.problem(name, fmt.Errorf("two tasks of that name"))
	}
	run.Containers[name] = *found.Container
}

func (run *Run) problem(place string, err error) {
	run.Problems = append(run.Problems, fmt.Sprintf("%s: %v", place, err))
}

func same(one, other json.RawMessage) bool {
	var left, right any
	return json.Unmarshal(one, &left) == nil && json.Unmarshal(other, &right) == nil && fmt.Sprint(left) == fmt.Sprint(right)
}

// around is the text where a tag stands.
func around(text string) string {
	at := strings.Index(text, "{{")
	return text[max(0, at-40):min(len(text), at+60)]
}
