package events

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/argoproj/argo-events/pkg/apis/events/v1alpha1"
)

// The commits of the deliveries.
const (
	pushed      = "1111111111111111111111111111111111111111"
	tagObject   = "2222222222222222222222222222222222222222"
	taggedAt    = "3333333333333333333333333333333333333333"
	pullRequest = "4444444444444444444444444444444444444444"
	nothing     = "0000000000000000000000000000000000000000"
)

// Source is what a pipeline is delivered from, as in pipeline.json.
type Source struct {
	Name         string   `json:"name"`
	Branch       []string `json:"branch"`
	Tags         []string `json:"tags"`
	PullRequests bool     `json:"pull_requests"`
	Paths        []string `json:"paths"`
}

// Delivery is what GitHub sends, and what is expected of it.
type Delivery struct {
	Name string
	// Starts is the dependency that lets it through; empty where it starts nothing.
	Starts string
	// Commit is what the run is about.
	Commit string
	kind   string
	body   fields
}

type fields map[string]any

// event is the delivery as the EventSource puts it onto the bus: its event's name and id stand in the body, too.
func (d Delivery) event() *v1alpha1.Event {
	body := maps.Clone(d.body)
	body["X-GitHub-Event"] = d.kind
	body["X-GitHub-Delivery"] = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
	data, err := json.Marshal(fields{"headers": fields{"X-Github-Event": []string{d.kind}}, "body": body, "metadata": nil})
	if err != nil {
		panic(err)
	}
	return &v1alpha1.Event{Context: &v1alpha1.EventContext{DataContentType: "application/json"}, Data: data}
}

// Deliveries are some that start a run and some that look like it.
func Deliveries(source Source) []Delivery {
	all := []Delivery{{Name: "a ping", kind: "ping", body: fields{"zen": "Keep it logically awesome.", "repository": repository(source.Name)}}}
	touched := "README.md"
	for _, glob := range source.Paths {
		touched = like(glob)
	}
	for _, glob := range source.Branch {
		all = append(all, pushes(source, like(glob), touched)...)
		all = append(all, pullRequests(source, like(glob))...)
	}
	for _, glob := range source.Tags {
		all = append(all, tag(source, like(glob), "tag"))
	}
	if len(source.Tags) == 0 {
		all = append(all, tag(source, "v1.2.3", ""))
	}
	return all
}

func pushes(source Source, branch, touched string) []Delivery {
	of := func(name, starts, repository, branch, file string) Delivery {
		return Delivery{name + " " + branch, starts, pushed, "push", push(repository, "refs/heads/"+branch, pushed, file)}
	}
	all := []Delivery{
		of("a push to", "push", source.Name, branch, touched),
		of("another repository's push to", "", source.Name+"-fork", branch, touched),
	}
	if !strings.ContainsAny(strings.Join(source.Branch, ""), "*?") {
		all = append(all, of("a push to", "", source.Name, branch+"-hotfix", touched), of("a push to", "", source.Name, "x/"+branch, touched))
	}
	if len(source.Paths) > 0 && !strings.HasPrefix(source.Paths[0], "*") {
		all = append(all, of("a push of something else to", "", source.Name, branch, "zz/elsewhere.md"))
	}
	deletion := of("the deletion of", "", source.Name, branch, touched)
	maps.Copy(deletion.body, fields{"deleted": true, "after": nothing, "head_commit": nil, "commits": []any{}})
	return append(all, deletion)
}

func pullRequests(source Source, branch string) []Delivery {
	of := func(action, starts, from string) Delivery {
		body := fields{"action": action, "number": 7, "repository": repository(source.Name), "pull_request": fields{
			"title": "{{workflow.name}} $(id)",
			"base":  fields{"ref": branch, "repo": repository(source.Name)},
			"head":  fields{"ref": "feature", "sha": pullRequest, "repo": repository(from)},
		}}
		return Delivery{"a pull request from " + from + ", " + action, starts, pullRequest, "pull_request", body}
	}
	starts := ""
	if source.PullRequests {
		starts = "pull-request"
	}
	review := of("submitted", "", source.Name)
	review.kind = "pull_request_review"
	return []Delivery{
		of("opened", starts, source.Name),
		of("synchronize", starts, source.Name),
		of("closed", "", source.Name),
		of("opened", "", "somebody/fork"),
		review,
	}
}

func tag(source Source, name, starts string) Delivery {
	body := push(source.Name, "refs/tags/"+name, tagObject, "README.md")
	body["head_commit"] = fields{"id": taggedAt}
	return Delivery{"the tag " + name, starts, taggedAt, "push", body}
}

func push(name, ref, after, file string) fields {
	commit := fields{"id": after, "message": "{{workflow.name}} $(id)", "added": []string{}, "removed": []string{}, "modified": []string{file}}
	return fields{
		"ref": ref, "before": pullRequest, "after": after, "created": false, "deleted": false, "forced": false,
		"head_commit": commit, "commits": []any{commit}, "repository": repository(name), "pusher": fields{"name": "someone"},
	}
}

func repository(name string) fields { return fields{"full_name": name, "default_branch": "main"} }

// like is a text that a pattern matches.
func like(glob string) string {
	return strings.NewReplacer("**/", "a/", "**", "a/b", "*", "a", "?", "a").Replace(glob)
}
