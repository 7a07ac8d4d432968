//go:build !argo36

package main

import (
	v3 "conformance/v3"
	v4 "conformance/v4"
	"conformance/walk"
)

var engines = []walk.Engine{v3.New(), v4.New()}
