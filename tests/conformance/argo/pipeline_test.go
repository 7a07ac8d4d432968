package main

import (
	"bytes"
	"path/filepath"
	"testing"
)

// load reads the expected output of an example.
func load(t *testing.T) *pipeline {
	t.Helper()
	p, err := read(filepath.Join("..", "..", "..", "examples", "steps", "aphex.out", "steps"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// problems is everything that is found in it.
func problems(p *pipeline) []string {
	runs, all := p.events()
	all = append(all, p.others()...)
	for _, engine := range engines {
		_, filled := p.filled(engine)
		all = append(append(all, p.accepted(engine, runs)...), filled...)
	}
	return all
}

func TestTheExampleIsAccepted(t *testing.T) {
	for _, problem := range problems(load(t)) {
		t.Error(problem)
	}
}

// A check that lets everything through would pass, too.
func TestWhatIsWrongIsFound(t *testing.T) {
	for _, broken := range []struct{ kind, text, by string }{
		{"WorkflowTemplate", "failFast: false", "failsFast: false"},
		{"WorkflowTemplate", "failFast: false", "failFast: maybe"},
		{"WorkflowTemplate", "template: build\n", "template: built\n"},
		{"WorkflowTemplate", "depends: validate.Succeeded", "depends: validate.Succeed"},
		{"WorkflowTemplate", "depends: validate.Succeeded", "depends: validated.Succeeded"},
		{"WorkflowTemplate", "value: dev\n", "value: \"{{=1\"\n"},
		{"WorkflowTemplate", "value: dev\n", "value: \"{{nobody.knows}}\"\n"},
		{"WorkflowTemplate", "{{workflow.parameters.commit-sha}}", "{{workflow.parameters.commit}}"},
		{"WorkflowTemplate", "      - name: account\n", "      - name: accounts\n"},
		{"WorkflowTemplate", "path: /tmp/output.json", "path: /tmp/output.json\n          jqFilter: .data"},
		{"WorkflowTemplate", "$.data.artifact_path", "$.data.artifacts"},
		{"WorkflowTemplate", "name: steps-template", "name: another"},
		{"Sensor", "operation: create", "operation: creates"},
		{"Sensor", "dataKey: body.after", "dataKey: body.before"},
		{"Sensor", "^refs/heads/main$", "refs/heads/main"},
		{"Sensor", "path: body.deleted", "path: body.forced"},
		{"Sensor", "^(opened|synchronize|reopened)$", "e"},
		{"Sensor", "path: body.pull_request.head.repo.full_name", "path: body.pull_request.base.repo.full_name"},
		{"Sensor", "eventName: steps", "eventName: other"},
		{"Sensor", "dest: spec.arguments.parameters.0.value", "dest: spec.arguments.parameters.1.value"},
		{"EventSource", "contentType: json", "contentType: yaml"},
		{"EventSource", "endpoint: /steps/push", "endpoints: /steps/push"},
		{"EventSource", `port: "12000"`, "port: webhook"},
		{"Role", "verbs:", "verb:"},
	} {
		p := load(t)
		found := false
		for at, document := range p.documents[broken.kind] {
			p.documents[broken.kind][at] = bytes.ReplaceAll(document, []byte(broken.text), []byte(broken.by))
			found = found || !bytes.Equal(document, p.documents[broken.kind][at])
		}
		if !found {
			t.Errorf("no %s has %q", broken.kind, broken.text)
		} else if len(problems(p)) == 0 {
			t.Errorf("nothing is wrong with a %s that has %q in place of %q", broken.kind, broken.by, broken.text)
		}
	}
}

func TestTextsThatDoNotArriveAreFound(t *testing.T) {
	p := load(t)
	for _, expected := range []expectation{
		{Words: []string{"npm ci && npm run built"}},
		{Env: map[string]string{"APHEX_PIPELINE": "step"}},
		{Env: map[string]string{"NOT_THERE": ""}},
	} {
		p.expected = map[string]expectation{"build": expected}
		if _, problems := p.filled(engines[0]); len(problems) == 0 {
			t.Errorf("%v was not missed", expected)
		}
	}
	p.expected = map[string]expectation{"no-such-task": {}}
	if _, problems := p.filled(engines[0]); len(problems) == 0 {
		t.Error("a task that is not there was not missed")
	}
}
