// Package events holds Sensors and EventSources against Argo Events' own code: its types, its validation, its filters,
// and what it makes of a trigger when a delivery arrives.
package events

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/argoproj/argo-events/pkg/apis/events/v1alpha1"
	"github.com/argoproj/argo-events/pkg/eventsources/sources/github"
	"github.com/argoproj/argo-events/pkg/reconciler/sensor"
	"github.com/argoproj/argo-events/pkg/sensors/dependencies"
	"github.com/argoproj/argo-events/pkg/sensors/triggers"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// Module is the path of the Go module.
const Module = "github.com/argoproj/argo-events"

// Sources are the events that EventSources give, as `source/event`.
type Sources map[string]bool

// Add reads an EventSource, refuses unknown fields, and asks what its controller asks.
//
// The controller's own function would bring every kind of event source there is into the program; it asks each one's
// validation and demands unique names, which are the keys of one map here.
func (all Sources) Add(manifest []byte) error {
	var source v1alpha1.EventSource
	if err := yaml.UnmarshalStrict(manifest, &source); err != nil {
		return err
	}
	if len(source.Spec.Github) == 0 {
		return fmt.Errorf("the EventSource %s has no event", source.Name)
	}
	for name, event := range source.Spec.Github {
		listener := github.EventListener{EventSourceName: source.Name, EventName: name, GithubEventSource: event}
		if err := listener.ValidateEventSource(context.Background()); err != nil {
			return err
		}
		all[source.Name+"/"+name] = true
	}
	return nil
}

// Sensor is one that passed.
type Sensor struct{ v1alpha1.Sensor }

// Read reads a Sensor, refuses unknown fields, and asks what its controller asks.
func Read(manifest []byte, sources Sources) (*Sensor, error) {
	var read Sensor
	if err := yaml.UnmarshalStrict(manifest, &read.Sensor); err != nil {
		return nil, err
	}
	bus := v1alpha1.EventBus{Spec: v1alpha1.EventBusSpec{JetStream: &v1alpha1.JetStreamBus{}}}
	if err := sensor.ValidateSensor(&read.Sensor, &bus); err != nil {
		return nil, err
	}
	for _, dependency := range read.Spec.Dependencies {
		if event := dependency.EventSourceName + "/" + dependency.EventName; !sources[event] {
			return nil, fmt.Errorf("no EventSource gives %s", event)
		}
	}
	return &read, nil
}

// Fire is the objects that a delivery makes the Sensor create, by the name of what it waited for.
func (s *Sensor) Fire(delivery Delivery) (map[string]json.RawMessage, error) {
	fired := map[string]json.RawMessage{}
	event := delivery.event()
	for _, dependency := range s.Spec.Dependencies {
		passed, err := dependencies.Filter(event, dependency.Filters, dependency.FiltersLogicalOperator)
		// A path that is not there is an error to the filter, and a delivery that it drops.
		if err != nil || !passed {
			continue
		}
		for _, trigger := range s.Spec.Triggers {
			if trigger.Template.Conditions != dependency.Name {
				continue
			}
			object, err := create(trigger, map[string]*v1alpha1.Event{dependency.Name: event})
			if err != nil {
				return nil, err
			}
			fired[dependency.Name] = object
		}
	}
	return fired, nil
}

// create is the object of a trigger with what it takes from the event.
func create(trigger v1alpha1.Trigger, events map[string]*v1alpha1.Event) (json.RawMessage, error) {
	if err := triggers.ApplyTemplateParameters(events, &trigger); err != nil {
		return nil, err
	}
	k8s := trigger.Template.K8s
	object, err := triggers.FetchKubernetesResource(k8s.Source)
	if err != nil {
		return nil, err
	}
	if err := triggers.ApplyResourceParameters(events, k8s.Parameters, object); err != nil {
		return nil, err
	}
	return asJSON(object)
}

func asJSON(object *unstructured.Unstructured) (json.RawMessage, error) { return object.MarshalJSON() }
