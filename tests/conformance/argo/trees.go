package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	yaml3 "go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigs "sigs.k8s.io/yaml"
)

// readers of YAML: that of Kubernetes and its tools, and the one of most other programs in Go.
var readers = []struct {
	name string
	read func([]byte, any) error
}{
	{"sigs.k8s.io/yaml", func(text []byte, into any) error { return sigs.Unmarshal(text, into) }},
	{"yaml.v3", yaml3.Unmarshal},
}

// trees compares pairs of files: the same documents as JSON and as YAML.
func (r report) trees(files []string) {
	for len(files) > 1 {
		for _, reader := range readers {
			name := strings.TrimSuffix(filepath.Base(files[0]), ".json")
			r.line(name, reader.name+" reads the YAML as the JSON says", differences(files[0], files[1], reader.read))
		}
		files = files[2:]
	}
}

func differences(jsonFile, yamlFile string, read func([]byte, any) error) []string {
	want, err := jsonDocuments(jsonFile)
	if err != nil {
		return []string{err.Error()}
	}
	got, err := yamlDocuments(yamlFile, read)
	if err != nil {
		return []string{err.Error()}
	}
	if len(want) != len(got) {
		return []string{fmt.Sprintf("%d documents instead of %d", len(got), len(want))}
	}
	var problems []string
	for at := range want {
		problems = append(problems, difference("", want[at], got[at])...)
	}
	return problems
}

func jsonDocuments(path string) (all []any, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	for {
		var document any
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, document)
	}
}

func yamlDocuments(path string, read func([]byte, any) error) (all []any, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	reader := yaml.NewYAMLReader(bufioReader(text))
	for {
		one, err := reader.Read()
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		case len(bytes.TrimSpace(one)) == 0:
			continue
		}
		var document any
		if err := read(one, &document); err != nil {
			return nil, err
		}
		all = append(all, normal(document))
	}
}

// normal lets numbers be those of JSON.
func normal(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key := range value {
			value[key] = normal(value[key])
		}
	case []any:
		for at := range value {
			value[at] = normal(value[at])
		}
	case int:
		return float64(value)
	}
	return value
}

// difference is every place where two trees differ.
func difference(at string, want, got any) (all []string) {
	left, isMap := want.(map[string]any)
	right, both := got.(map[string]any)
	if isMap && both && len(left) == len(right) {
		for key, value := range left {
			other, there := right[key]
			if !there {
				return append(all, fmt.Sprintf("%s: no key %q", at, key))
			}
			all = append(all, difference(at+"/"+key, value, other)...)
		}
		return all
	}
	items, isList := want.([]any)
	others, both := got.([]any)
	if isList && both && len(items) == len(others) {
		for index := range items {
			all = append(all, difference(fmt.Sprintf("%s/%d", at, index), items[index], others[index])...)
		}
		return all
	}
	if !reflect.DeepEqual(want, got) {
		return append(all, fmt.Sprintf("%s: %q came back as %q", at, fmt.Sprint(want), fmt.Sprint(got)))
	}
	return nil
}

func bufioReader(text []byte) *bufio.Reader { return bufio.NewReader(bytes.NewReader(text)) }
