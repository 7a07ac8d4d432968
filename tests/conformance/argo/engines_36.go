//go:build argo36

package main

import (
	v3 "conformance/v3"
	"conformance/walk"
)

var engines = []walk.Engine{v3.New()}
