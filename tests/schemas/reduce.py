#!/usr/bin/env python3
"""Makes the fixtures of this folder from the published JSON schemas: reduce.py FOLDER

FOLDER holds argo-workflows-v3.6.19.schema.json, argo-workflows-v4.1.2.schema.json and argo-events.schema.json (the file
`api/jsonschema/schema.json` of the repositories at these versions). Kept are the definitions that aphex writes, with
the structure of every field. A field whose type is not kept is written `false`: nothing is allowed there until its
type is added to KEEP. Words are left out, and every object is closed against fields that it does not know.
"""
import json, pathlib, sys

WORKFLOW = "io.argoproj.workflow.v1alpha1."
EVENTS = "io.argoproj.events.v1alpha1."
CORE = "io.k8s.api.core.v1."
META = "io.k8s.apimachinery.pkg.apis.meta.v1."

COMMON = [CORE + "SecretKeySelector", META + "ObjectMeta"]
KEEP = {
    "workflows": COMMON
    + [CORE + name for name in (
        "Capabilities", "ConfigMapKeySelector", "Container", "EnvVar", "EnvVarSource", "PodSecurityContext",
        "ResourceRequirements", "SeccompProfile", "SecurityContext",
    )]
    + [WORKFLOW + name for name in (
        "Arguments", "Artifact", "ContinueOn", "DAGTask", "DAGTemplate", "GitArtifact", "Inputs", "Metadata", "Mutex", "Outputs",
        "ParallelSteps", "Parameter", "PodGC", "ResourceTemplate", "RetryStrategy",
        "SuppliedValueFrom", "SuspendTemplate", "Synchronization", "TTLStrategy", "Template", "ValueFrom", "Workflow",
        "WorkflowMetadata", "WorkflowSpec", "WorkflowStep", "WorkflowTemplate", "WorkflowTemplateRef",
    )],
    "events": COMMON
    + [EVENTS + name for name in (
        "ArtifactLocation", "Backoff", "DataFilter", "EventDependency", "EventDependencyFilter", "EventSource",
        "EventSourceSpec", "GithubEventSource", "Metadata", "OwnedRepositories", "RateLimit", "Sensor", "SensorSpec",
        "StandardK8STrigger", "Template", "Trigger", "TriggerParameter", "TriggerParameterSource", "TriggerTemplate",
        "WebhookContext",
    )],
}
# Types with a reader of their own in Go: what they take is not what their schema says.
SCALARS = ("IntOrString", "Quantity", "AnyString", "Amount", "Int64OrString")
FREE = ("K8SResource",)


def reduced(schema, keep):
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        kind = name.rsplit(".", 1)[1]
        if kind in SCALARS:
            return {"type": ["integer", "number", "string"]}
        if kind in FREE:
            return {}
        return {"$ref": name} if name in keep else False
    out = {key: schema[key] for key in ("type", "enum", "required") if key in schema}
    if "items" in schema:
        out["items"] = reduced(schema["items"], keep)
    if isinstance(schema.get("additionalProperties"), dict):
        out["additionalProperties"] = reduced(schema["additionalProperties"], keep)
    if "properties" in schema:
        out["properties"] = {key: reduced(value, keep) for key, value in schema["properties"].items()}
    return out


def main(folder):
    here = pathlib.Path(__file__).parent
    for source, target, keep in (
        ("argo-workflows-v3.6.19", "argo-workflows-3.6", KEEP["workflows"]),
        ("argo-workflows-v4.1.2", "argo-workflows-4.1", KEEP["workflows"]),
        ("argo-events", "argo-events", KEEP["events"]),
    ):
        definitions = json.loads((folder / f"{source}.schema.json").read_text())["definitions"]
        missing = [name for name in keep if name not in definitions]
        if missing:
            sys.exit(f"{source} has no {', '.join(missing)}")
        lines = [f"{json.dumps(name)}: {json.dumps(reduced(definitions[name], keep), sort_keys=True)}" for name in sorted(keep)]
        (here / f"{target}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
