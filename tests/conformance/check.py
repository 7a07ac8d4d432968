#!/usr/bin/env python3
"""check.py OUTPUT TREES…: what hera, cfn-lint, moto and PyYAML make of what aphex wrote. A line a check, as in `run`."""

import json
import logging
import os
import pathlib
import re
import sys
import warnings

import yaml


def report(subject, check, problems):
    problems = list(problems)
    print(f"{'FAIL' if problems else 'ok  '} {subject}: {check}", flush=True)
    for problem in problems[:8]:
        print(f"       {str(problem)[:500]}")


def differences(want, got, at=""):
    """Every place where two trees differ; a number and a text are not the same."""
    if isinstance(want, dict) and isinstance(got, dict):
        for key in want.keys() | got.keys():
            yield from differences(want.get(key), got.get(key), f"{at}/{key}")
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for index, (one, other) in enumerate(zip(want, got)):
            yield from differences(one, other, f"{at}/{index}")
    elif type(want) is not type(got) or want != got:
        yield f"{at}: {want!r} came back as {got!r}"


def documents(path):
    # The loader in C is ten times as fast and has the same rules.
    return [document for document in yaml.load_all(path.read_text(), yaml.CSafeLoader) if document is not None]


def json_documents(path):
    text, decoder, at = path.read_text(), json.JSONDecoder(), 0
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        yield document
        at = re.compile(r"\s*").match(text, at).end()


def check_trees(paths):
    for json_path, yaml_path in zip(paths[::2], paths[1::2]):
        check = "PyYAML reads the YAML as the JSON says"
        try:
            report(json_path.stem, check, differences(list(json_documents(json_path)), documents(yaml_path)))
        except yaml.YAMLError as problem:
            report(json_path.stem, check, [problem])


def check_kustomization(name, pipeline):
    folder = pipeline / "kubernetes"
    listed = documents(folder / "kustomization.yaml")[0]["resources"]
    there = {path.name for path in folder.iterdir()} - {"kustomization.yaml"}
    report(name, "the kustomization lists every file", there.symmetric_difference(listed))


def check_hera(name, pipeline):
    from hera.workflows import WorkflowTemplate

    problems = []
    for document in documents(pipeline / "kubernetes" / "workflow-template.yaml"):
        try:
            problems += differences(document, WorkflowTemplate.from_dict(document).to_dict())
        except Exception as problem:  # hera raises what its libraries raise
            problems.append(f"{type(problem).__name__}: {problem}")
    report(name, "hera gives back the WorkflowTemplates that it reads", problems)


def check_lint(pipelines):
    from cfnlint import api
    from cfnlint.config import ManualArgs

    for name, pipeline in pipelines.items():
        text = (pipeline / "cloudformation.yaml").read_text()
        found = api.lint(text, config=ManualArgs(regions=[region(pipeline)]))
        report(name, "cfn-lint has nothing to say", [f"{one.rule.id} {one.message}" for one in found])


def region(pipeline):
    return json.loads((pipeline / "pipeline.json").read_text())["pipeline"]["region"]


def exports(template, region):
    """A stack that exports what the template imports, as the stack of a cluster would."""
    names = set()

    def collect(node):
        if isinstance(node, dict):
            names.update(value for key, value in node.items() if key == "Fn::ImportValue")
            node = list(node.values())
        if isinstance(node, list):
            for child in node:
                collect(child)

    collect(template)
    provider = f"arn:aws:iam::999999999999:oidc-provider/oidc.eks.{region}.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
    outputs = {
        f"Output{number}": {"Value": provider if name.endswith("OIDCProviderArn") else "cluster", "Export": {"Name": name}}
        for number, name in enumerate(sorted(names))
    }
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "of-the-cluster", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}}
    return {"Resources": {"Role": role}, "Outputs": outputs}


def check_deploy(name, pipeline):
    import boto3
    from moto import mock_aws

    template = documents(pipeline / "cloudformation.yaml")[0]
    where = region(pipeline)
    check = "moto deploys the stack, and its roles can be assumed by their accounts alone"
    with mock_aws():
        cloudformation = boto3.client("cloudformation", region_name=where)
        try:
            cloudformation.create_stack(StackName="cluster", TemplateBody=json.dumps(exports(template, where)))
            cloudformation.create_stack(
                StackName="pipeline",
                TemplateBody=(pipeline / "cloudformation.yaml").read_text(),
                Capabilities=["CAPABILITY_NAMED_IAM"],
            )
        except Exception as problem:  # moto raises what its code raises
            report(name, check, [f"{type(problem).__name__}: {problem}"])
            return
        status = cloudformation.describe_stacks(StackName="pipeline")["Stacks"][0]["StackStatus"]
        problems = [] if status == "CREATE_COMPLETE" else [status]
        iam = boto3.client("iam", region_name=where)
        pages = iam.get_paginator("list_roles").paginate()
        roles = [role for page in pages for role in page["Roles"] if role["RoleName"] != "of-the-cluster"]
        wanted = [one for one in template["Resources"].values() if one["Type"] == "AWS::IAM::Role"]
        if len(roles) != len(wanted):
            problems.append(f"{len(roles)} roles instead of {len(wanted)}")
        for role in roles:
            problems += [f"{role['RoleName']}: {problem}" for problem in trust(role["AssumeRolePolicyDocument"])]
    report(name, check, problems)


def trust(document):
    """What is wrong with who may assume a role."""
    document = json.loads(document) if isinstance(document, str) else document
    if "${" in json.dumps(document):
        yield f"a variable is left in {document}"
    for statement in document["Statement"]:
        principal = statement["Principal"]
        if principal == {"Service": "pods.eks.amazonaws.com"}:
            if set(statement["Action"]) != {"sts:AssumeRole", "sts:TagSession"}:
                yield f"Pod Identity needs both of its actions: {statement['Action']}"
            continue
        keys = statement["Condition"]["StringEquals"]
        host = principal["Federated"].split(":oidc-provider/")[1]
        if set(keys) != {f"{host}:aud", f"{host}:sub"}:
            yield f"the conditions are on {sorted(keys)}"
        elif not re.fullmatch(r"system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+", keys[f"{host}:sub"]):
            yield f"the subject is {keys[f'{host}:sub']!r}"


def broken(document):
    """What is no pipeline.json: a key that is not known in every map of the model, and one thing wrong at a time."""

    def change(work):
        other = json.loads(json.dumps(document))
        work(other, other["pipeline"])
        return other

    yield "no version", change(lambda whole, _: whole.pop("version"))
    yield "another version", change(lambda whole, _: whole.update(version=2))
    yield "a digest that is none", change(lambda whole, _: whole["files"].update({"a.yaml": "12"}))
    yield "an account of two digits", change(lambda _, model: model.update(account="12"))
    yield "a name in capitals", change(lambda _, model: model.update(name="My App"))
    yield "a shorthand", change(lambda _, model: model.update(identity="irsa"))
    yield "a choice that there is not", change(lambda _, model: model.update(concurrency="serial"))
    yield "a port in quotes", change(lambda _, model: model["event_source"].update(port="12000"))
    yield "no stages", change(lambda _, model: model.update(stages=[]))
    yield "a stage that is none", change(lambda _, model: model["stages"].append(model["source"]))
    yield "a stack that is no name", change(lambda _, model: model["stacks"][0].update(depends_on=[model["stacks"][0]]))
    for key in document["pipeline"]:
        # What has no default is not in every pipeline.json.
        if key not in ("build", "permissions_boundary", "timeout", "retention"):
            yield f"no `{key}`", change(lambda _, model, key=key: model.pop(key))
    for key in ("source", "cluster", "names", "artifacts", "argo", "event_source", "identity", "images", "resources"):
        yield f"an unknown key in `{key}`", change(lambda _, model, key=key: model[key].update(unknown=1))
    yield "an unknown key in a stage", change(lambda _, model: model["stages"][0].update(unknown=1))


def check_schema(pipelines):
    from jsonschema import Draft202012Validator

    root = pathlib.Path(__file__).resolve().parents[2]
    schema = json.loads((root / "docs" / "reference" / "pipeline.schema.json").read_text())
    try:
        Draft202012Validator.check_schema(schema)
    except Exception as problem:  # jsonschema raises what its dependencies raise
        report("pipeline.schema.json", "is a schema", [problem])
        return
    report("pipeline.schema.json", "is a schema", [])
    validator = Draft202012Validator(schema)
    for name, pipeline in pipelines.items():
        document = json.loads((pipeline / "pipeline.json").read_text())
        problems = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(document)]
        report(name, "pipeline.json is what its schema says", problems)
        taken = [what for what, other in broken(document) if validator.is_valid(other)]
        report(name, "the schema refuses what is no pipeline.json", taken)


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x")
    output, *trees = map(pathlib.Path, sys.argv[1:])
    pipelines = {str(path.parent.relative_to(output)): path.parent for path in sorted(output.glob("*/*/pipeline.json"))}
    check_trees(trees)
    for name, pipeline in pipelines.items():
        check_kustomization(name, pipeline)
        check_hera(name, pipeline)
        check_deploy(name, pipeline)
    check_lint(pipelines)
    check_schema(pipelines)


if __name__ == "__main__":
    main()
