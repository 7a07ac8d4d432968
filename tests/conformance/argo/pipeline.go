package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigs "sigs.k8s.io/yaml"

	"conformance/events"
	"conformance/walk"
)

// pipeline is what aphex wrote for one.
type pipeline struct {
	name       string
	documents  map[string][][]byte
	source     events.Source
	expected   map[string]expectation
	configMaps walk.ConfigMaps
}

// expectation is what the container of a task must get, as it was written in the script.
type expectation struct {
	// Words are arguments.
	Words []string `json:"words"`
	// Env are variables.
	Env map[string]string `json:"env"`
}

func (r report) pipeline(folder string) {
	p, err := read(folder)
	if err != nil {
		r.line(folder, "read", []string{err.Error()})
		return
	}
	runs, problems := p.events()
	r.line(p.name, fmt.Sprintf("%s takes its sources, and its sensors start the right runs", version(events.Module)), problems)
	r.line(p.name, "Kubernetes knows the fields of the other objects", p.others())
	for _, engine := range engines {
		r.engine(p, engine, runs)
	}
}

func (r report) engine(p *pipeline, engine walk.Engine, runs []json.RawMessage) {
	of := version(engine.Module())
	templates := len(p.documents["WorkflowTemplate"])
	r.line(p.name, fmt.Sprintf("%s accepts the templates (%d) and the runs of them (%d)", of, templates, len(runs)), p.accepted(engine, runs))
	tasks, problems := p.filled(engine)
	r.line(p.name, fmt.Sprintf("%s fills in the tasks (%d), and what was written arrives", of, tasks), problems)
}

// accepted is what a version of Argo has against the templates and the runs.
func (p *pipeline) accepted(engine walk.Engine, runs []json.RawMessage) (problems []string) {
	templates := p.documents["WorkflowTemplate"]
	for _, document := range templates {
		problems = appendError(problems, engine.Decode(document))
		problems = appendError(problems, engine.ValidateTemplate(document))
	}
	for _, run := range runs {
		problems = appendError(problems, engine.Decode(run))
		problems = appendError(problems, engine.ValidateWorkflow(run, templates))
	}
	return problems
}

// filled is how many tasks there are, and what is wrong with their containers when they start.
func (p *pipeline) filled(engine walk.Engine) (tasks int, problems []string) {
	seen := map[string]bool{}
	for _, document := range p.documents["WorkflowTemplate"] {
		manifest, err := sigs.YAMLToJSON(document)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		run := walk.Walk(engine, manifest, map[string]string{"commit-sha": strings.Repeat("1", 40)}, p.configMaps)
		tasks += run.Tasks
		problems = append(problems, run.Problems...)
		for name, container := range run.Containers {
			seen[name] = true
			problems = append(problems, compare(name, container, p.expected[name])...)
		}
	}
	for name := range p.expected {
		if !seen[name] {
			problems = append(problems, "no task "+name)
		}
	}
	slices.Sort(problems)
	return tasks, problems
}

// compare is how a container differs from what was written.
func compare(name string, container walk.Container, expected expectation) (problems []string) {
	words, env := walk.Kubelet(container)
	for _, word := range expected.Words {
		if !slices.Contains(words, word) {
			problems = append(problems, fmt.Sprintf("%s: %q did not arrive among %q", name, word, words))
		}
	}
	for variable, value := range expected.Env {
		if got, there := env[variable]; !there || got != value {
			problems = append(problems, fmt.Sprintf("%s: the variable %s was %q and arrives as %q", name, variable, value, got))
		}
	}
	return problems
}

func read(folder string) (*pipeline, error) {
	p := &pipeline{documents: map[string][][]byte{}, configMaps: walk.ConfigMaps{}}
	manifest, err := os.ReadFile(filepath.Join(folder, "pipeline.json"))
	if err != nil {
		return nil, err
	}
	var described struct {
		Pipeline struct {
			Source events.Source `json:"source"`
		} `json:"pipeline"`
	}
	if err := json.Unmarshal(manifest, &described); err != nil {
		return nil, err
	}
	p.source = described.Pipeline.Source
	// The script's name and the pipeline's.
	p.name = filepath.Join(filepath.Base(filepath.Dir(folder)), filepath.Base(folder))
	files, err := filepath.Glob(filepath.Join(folder, "kubernetes", "*.yaml"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if err := p.file(file); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	p.record()
	return p, p.expect(folder)
}

func (p *pipeline) file(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	reader := yaml.NewYAMLReader(bufioReader(text))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var object struct {
			Kind string `json:"kind"`
		}
		if err := sigs.Unmarshal(document, &object); err != nil {
			return err
		}
		p.documents[object.Kind] = append(p.documents[object.Kind], bytes.Clone(document))
	}
}

// record lets every ConfigMap hold a commit for every key, as after a run that succeeded.
func (p *pipeline) record() {
	for _, document := range p.documents["ConfigMap"] {
		var object corev1.ConfigMap
		if sigs.Unmarshal(document, &object) != nil {
			continue
		}
		object.Data = map[string]string{}
		for _, manifest := range p.documents["WorkflowTemplate"] {
			for _, key := range keys(manifest) {
				object.Data[key] = strings.Repeat("5", 40)
			}
		}
		p.configMaps[object.Namespace+"/"+object.Name] = &object
	}
}

// keys are those of ConfigMaps that a manifest reads.
func keys(manifest []byte) (found []string) {
	lines := strings.Split(string(manifest), "\n")
	for at, line := range lines {
		if strings.HasSuffix(line, "configMapKeyRef:") && at+2 < len(lines) {
			_, key, _ := strings.Cut(lines[at+2], "key: ")
			found = append(found, strings.Trim(key, `"'`))
		}
	}
	return found
}

// expect reads what is expected of the pipeline, where the script that it comes from says so.
func (p *pipeline) expect(folder string) error {
	text, err := os.ReadFile(filepath.Join(filepath.Dir(folder), "expected.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	all := map[string]map[string]expectation{}
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	p.expected = all[filepath.Base(folder)]
	return nil
}

// events are the runs that the deliveries start, and what is wrong with them.
func (p *pipeline) events() (runs []json.RawMessage, problems []string) {
	sources := events.Sources{}
	for _, document := range p.documents["EventSource"] {
		problems = appendError(problems, sources.Add(document))
	}
	var sensors []*events.Sensor
	for _, document := range p.documents["Sensor"] {
		sensor, err := events.Read(document, sources)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		sensors = append(sensors, sensor)
	}
	for _, delivery := range events.Deliveries(p.source) {
		started, wrong := deliver(delivery, sensors)
		runs = append(runs, started...)
		problems = append(problems, wrong...)
	}
	if len(runs) == 0 {
		problems = append(problems, "no delivery starts a run")
	}
	return runs, problems
}

func deliver(delivery events.Delivery, sensors []*events.Sensor) (runs []json.RawMessage, problems []string) {
	var names []string
	for _, sensor := range sensors {
		fired, err := sensor.Fire(delivery)
		problems = appendError(problems, err)
		for name, run := range fired {
			names = append(names, name)
			runs = append(runs, run)
			if commit := commit(run); commit != delivery.Commit {
				problems = append(problems, fmt.Sprintf("%s: the run is about %q", delivery.Name, commit))
			}
		}
	}
	if got := strings.Join(names, " "); got != delivery.Starts {
		problems = append(problems, fmt.Sprintf("%s: starts %q, expected %q", delivery.Name, got, delivery.Starts))
	}
	return runs, problems
}

func commit(run json.RawMessage) string {
	var object struct {
		Spec struct {
			Arguments struct {
				Parameters []struct{ Name, Value string }
			}
		}
	}
	if json.Unmarshal(run, &object) == nil {
		for _, parameter := range object.Spec.Arguments.Parameters {
			if parameter.Name == "commit-sha" {
				return parameter.Value
			}
		}
	}
	return ""
}

// others reads what neither of the two Argos reads.
func (p *pipeline) others() (problems []string) {
	types := map[string]func() any{
		"ConfigMap":      func() any { return &corev1.ConfigMap{} },
		"Service":        func() any { return &corev1.Service{} },
		"ServiceAccount": func() any { return &corev1.ServiceAccount{} },
		"Role":           func() any { return &rbacv1.Role{} },
		"RoleBinding":    func() any { return &rbacv1.RoleBinding{} },
	}
	// A kustomization is no object, and no module has the types of External Secrets alone.
	elsewhere := []string{"WorkflowTemplate", "EventSource", "Sensor", "Kustomization", "ExternalSecret"}
	for kind, documents := range p.documents {
		if slices.Contains(elsewhere, kind) {
			continue
		}
		object, known := types[kind]
		if !known {
			problems = append(problems, "an object of the kind "+kind)
			continue
		}
		for _, document := range documents {
			problems = appendError(problems, sigs.UnmarshalStrict(document, object()))
		}
	}
	return problems
}

func appendError(problems []string, err error) []string {
	if err == nil {
		return problems
	}
	return append(problems, err.Error())
}
