// Command conformance holds what aphex wrote against the Go code of those that read it: Argo Workflows, Argo Events,
// Kubernetes. One line a check; a problem's words stand below it.
//
//	conformance output FOLDER…           pipelines: every folder below that has a pipeline.json
//	conformance trees JSON YAML…         pairs of files that must hold the same documents
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: conformance output FOLDER… | conformance trees JSON YAML…")
		os.Exit(2)
	}
	switch report := (report{}); os.Args[1] {
	case "output":
		report.folders(os.Args[2:])
	case "trees":
		report.trees(os.Args[2:])
	default:
		fmt.Fprintln(os.Stderr, "no such command:", os.Args[1])
		os.Exit(2)
	}
}

// report prints what was found.
type report struct{}

// maxProblems is how many problems of one check are told.
const maxProblems = 8

func (report) line(subject, check string, problems []string) {
	verdict := "ok  "
	if len(problems) > 0 {
		verdict = "FAIL"
	}
	fmt.Printf("%s %s: %s\n", verdict, subject, check)
	for at, problem := range problems {
		if at == maxProblems {
			fmt.Printf("       … and %d more\n", len(problems)-at)
			break
		}
		fmt.Printf("       %.600s\n", strings.ReplaceAll(problem, "\n", "\n       "))
	}
}

func (r report) folders(roots []string) {
	found := 0
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.Name() != "pipeline.json" {
				return err
			}
			found++
			r.pipeline(filepath.Dir(path))
			return nil
		})
		if err != nil {
			r.line(root, "read", []string{err.Error()})
		}
	}
	if found == 0 {
		r.line(strings.Join(roots, " "), "pipelines", []string{"there is no pipeline.json"})
	}
}

// version is the version of a module that is in this program.
func version(module string) string {
	name := filepath.Base(module)
	if strings.HasPrefix(name, "v") {
		name = filepath.Base(filepath.Dir(module))
	}
	if info, there := debug.ReadBuildInfo(); there {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				return name + " " + dependency.Version
			}
		}
	}
	return name
}
