#!/usr/bin/env python3
"""generate.py FOLDER: writes scripts that nobody would want to write by hand, and what their containers must get.

Large ones show how Argo takes what was split; the awkward ones hold texts that a reader on the way to a container might
take for something else. `NAME.json` beside `NAME.aphex` says, by pipeline and task, which words and variables arrive.
"""

import json
import pathlib
import random
import sys

COMMON = """
    cluster: "company-pipelines",
    account: "999999999999",
    region:  "us-east-1",
    source:  github("my-org/my-app"),
"""

# What YAML 1.1 or 1.2, Argo, the kubelet or a shell might take for something else.
AWKWARD = [
    "", " ", "  ", "~", "null", "Null", "true", "False", "yes", "No", "on", "OFF", "y", "N",
    "012", "0o7", "0x1f", "0b1", "1_000", "1e3", "1.", ".5", "+1", "-0", "0123456789012", "1e999", "-.INF", ".nan",
    "12:30:45", "1:1", "190:20:30.15", "2024-01-01", "2024-1-1T1:2:3Z", "=", "<<", "<<: *a", "!", "!!str x", "&a", "*a",
    "?", "? x", "-", "- a", "---", "--- a", "...", "#", "a #b", "#b", "a: b", "a:", ":a", "[", "[a, b]", "{a}", "{a: b}", "}", ",",
    "@a", "`a`", "%a", "%YAML 1.1", "'", "''", '"', "\"a\"", "it's", "\\", "a\\nb", "\\u007b{", "|", ">", ">-",
    " a", "a ", "\ta", "a\t", "\t", "a\tb", " \t ", "é", "日本語", "\u00a0", "\u00a0a", "a\u00a0", "\u2028", "a\u2029b",
    "\ufeffa", "\u200b", "\u200fא", "\ud7ff", "\uf8ff", "\ufffd", "🚀", "👩\u200d🚀",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\U000e0001", "\U0001f3f4", "𝒳", "\U0010fffd",
    "{{", "}}", "{{{", "{{{{", "{{}}", "{{ }}", "{{=", "{{=1}}", "{{=1+1}}", "{{x}}", "{{{x}}}", "}}{{", "{ {", "{", "a{", "{{{{{",
    "{{workflow.name}}", "{{workflow.parameters.commit-sha}}", "{{=workflow.name}}", "{{inputs.parameters.environment}}",
    "{{tasks.build.outputs.result}}", "{{pod.name}}", "{{item}}", "{{retries}}", "{{ .State.Status }}", "${{ matrix.os }}",
    "{$(APHEX_LBRACE)", "$(APHEX_LBRACE)", "$$(APHEX_LBRACE)", "{$$(APHEX_LBRACE)", "$({{x}})", "{${", "{$", "{{$(X)}}", "{${{{",
    "__argo__internal__placeholder-1", "__argo__absent",
    "$", "$$", "$$$", "$$$$", "a$", "$(", "$)", "$()", "$(X)", "$$(X)", "$$$(X)", "$(X", "${X}", "$X", "$(date)", "$1", "$(X)$(Y)", "$ (X)",
    "$(APHEX_PIPELINE)", "$(KUBERNETES_SERVICE_HOST)", "$(AWS_REGION)", "$é", "$🚀", "$\u00a0", "é$", "$é$", "$$é", "$\"", "$\\", "${", "$}", "$\t",
    "%d", "%s %n", "a;b", "a && b", "a || b", "a|b", "*", "/etc/*", "~/x", "$(rm -rf /)", "!history", "<a>", "&amp;", "</script>", "a" * 2000,
]  # fmt: skip

# Argo replaces tags in the folder where a container starts, so that a folder has no `{{`.
DIRECTORY = "a $(c) $é/$$ {b"
SCRIPT = "a {{b}} $(c)/$é $$.aphex"


def literal(text):
    """A text of Rhai: its escapes are JSON's, where nothing beyond ASCII is escaped."""
    return json.dumps(text, ensure_ascii=False)


def literals(texts):
    return "[" + ", ".join(map(literal, texts)) + "]"


def table(values):
    return "#{ " + ", ".join(f"{literal(key)}: {literal(value)}" for key, value in values.items()) + " }"


def numbered(texts):
    return {f"V{number}": text for number, text in enumerate(texts)}


def awkward():
    """Every awkward text in every place that takes one."""
    variables, reverse = numbered(AWKWARD), numbered(AWKWARD[::-1])
    commands = [f"echo {text}" for text in AWKWARD if "#" not in text]
    # Rhai puts the keys of a map in order, and headers are numbered in theirs.
    headers = {f"X-{number:03}": text for number, text in enumerate(AWKWARD)}
    script = f"""
let app = stack("AppStack");
let list = step("list", #{{ image: "alpine:3", command: ["printf"], args: {literals(AWKWARD)}, variables: {table(variables)} }});
let lines = step("lines", #{{ image: "alpine:3", commands: {literals(commands)} }});
let place = |name, values| environment(name, #{{
    account: "111111111111", region: "us-east-1", stacks: [app],
    before: list, tests: #{{ commands: {literals(commands)}, variables: values, retries: 1 }},
    rollback: {literals(commands)}, variables: values,
}});
let one = place.call("one", {table(variables)});
let two = place.call("two", {table(reverse)});
let redeployed = environment("three", #{{ account: "111111111111", region: "eu-west-1", stacks: [app], variables: {table(variables)}, rollback: true }});
pipeline("awkward", #{{{COMMON}
    build:  #{{ commands: {literals(commands)}, variables: {table(variables)}, retries: 2 }},
    stages: [lines, one, two, redeployed],
    directory: {literal(DIRECTORY)},
    validate: {literal(SCRIPT)},
    annotations: {table({f"example.com/v{number}": text for number, text in enumerate(AWKWARD)})},
    labels: {table({"example.com/on": "on", "example.com/octal": "012", "example.com/null": "null", "example.com/empty": ""})},
    notifications: [webhook(#{{ url: "https://example.com/in", headers: {table(headers)} }})],
}});
"""
    line = " && ".join(commands)
    expected = {
        "validate": {"words": [SCRIPT], "env": {"APHEX_DIRECTORY": DIRECTORY}},
        "build": {"words": [line], "env": variables},
        "step-lines": {"words": [line]},
        "deploy-one": {"env": variables},
        "deploy-two": {"env": reverse},
        "deploy-three": {"env": variables},
        "rollback-three/redeploy": {"env": variables},
        "test-one": {"words": [line], "env": variables},
        "test-two": {"words": [line], "env": reverse},
        "step-list-one": {"words": AWKWARD, "env": variables},
        "step-list-two": {"words": AWKWARD, "env": variables},
        "rollback-one": {"words": [line], "env": variables},
        "rollback-two": {"words": [line], "env": reverse},
        "notify-1": {"env": {f"APHEX_HEADER_{number + 2}_VALUE": text for number, text in enumerate(AWKWARD)}},
    }
    return script, {"awkward": expected}


def messages():
    """Every awkward text as the question of an approval."""
    texts = [text for text in AWKWARD if text.strip()]
    stages = ", ".join(f'approval({literal(text)}, #{{ name: "gate-{number}" }})' for number, text in enumerate(texts))
    dev = 'environment("dev", #{ account: "111111111111", region: "us-east-1", stacks: [stack("AppStack")] })'
    return f'pipeline("messages", #{{{COMMON} stages: [{stages}, {dev}] }});', {}


def fuzzed(seed):
    """Texts put together from the pieces that matter."""
    dice = random.Random(seed)
    pieces = list("{{}}$$()=:#-!&*?|>%@`'\"\\ \t,[]0159aXé\u00a0\u2028🚀") + ["{{", "}}", "$(", "${", "APHEX_LBRACE", "\U000e0067", "X)", ": ", " #"]
    return ["".join(dice.choices(pieces, k=dice.randint(1, 9))) for _ in range(1000)]


def fuzz(seed):
    texts = fuzzed(seed)
    variables, others = numbered(texts), numbered(texts[::-1])
    script = f"""
let app = stack("AppStack");
let list = step("list", #{{ image: "alpine:3", command: ["printf"], args: {literals(texts)} }});
let of = |name, values| environment(name, #{{ account: "111111111111", region: "us-east-1", stacks: [app], variables: values }});
let one = of.call("one", {table(variables)});
let two = of.call("two", {table(others)});
pipeline("fuzz", #{{{COMMON} stages: [list, one, two] }});
"""
    expected = {"step-list": {"words": texts}, "deploy-one": {"env": variables}, "deploy-two": {"env": others}}
    return script, {"fuzz": expected}


def wide():
    """300 environments side by side, in rows, with gates, tests, steps and rollbacks: graphs in graphs."""
    return f"""
let app = stack("AppStack");
let step_of = |name| step(name, #{{ image: "alpine:3", commands: ["true"] }});
let check = step_of.call("check");
let soak = step_of.call("soak");
let undo = step_of.call("undo");
let of = |number| environment(`env-${{number}}`, #{{
    account: "111111111111", region: "us-east-1", stacks: [app],
    approval: if number % 7 == 0 {{ approval("Go on?", #{{ timeout: "1h" }}) }},
    before: if number % 3 == 0 {{ check }} else {{ [] }},
    tests: ["make test"],
    verify: if number % 5 == 0 {{ soak }} else {{ [] }},
    rollback: if number % 4 == 0 {{ true }} else if number % 4 == 1 {{ ["make undo"] }} else if number % 4 == 2 {{ undo }},
}});
let all = [];
for number in 0..300 {{ all.push(of.call(number)); }}
let rows = [];
for row in 0..10 {{ rows.push(sequence(all.extract(10 * row, 10))); }}
pipeline("wide", #{{{COMMON}
    stages: [parallel(rows)] + all.extract(100, 100) + [parallel(all.extract(200))],
    timeout: "30d",
}});
""", {}


def tall():
    """1000 environments with 20 stacks each."""
    return f"""
let stacks = [];
for number in 0..20 {{ stacks.push(stack(`Stack${{number}}`, #{{ depends_on: if number == 0 {{ [] }} else {{ [stacks[number - 1]] }} }})); }}
let all = [];
for number in 0..1000 {{
    all.push(environment(`env-${{number}}`, #{{ account: "111111111111", region: "us-east-1", stacks: stacks }}));
}}
pipeline("tall", #{{{COMMON} stages: [parallel(all)] }});
""", {"tall": {"deploy-env-999": {"words": [" ".join(f"Stack{number}" for number in range(20))]}}}


def apart():
    """A task for each of 20 stacks in each of 40 environments."""
    return f"""
let stacks = [];
for number in 0..20 {{ stacks.push(stack(`Stack${{number}}`, #{{ depends_on: if number < 5 {{ [] }} else {{ [stacks[number - 5]] }} }})); }}
let all = [];
for number in 0..40 {{
    all.push(environment(`env-${{number}}`, #{{
        account: "111111111111", region: "us-east-1", stacks: stacks, deploy: "per_stack", tests: ["make"], rollback: true,
    }}));
}}
pipeline("apart", #{{{COMMON} stages: [parallel(all.extract(0, 20)), parallel(all.extract(20))] }});
""", {"apart": {"deploy-env-39-stack19": {"words": ["Stack19"]}}}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    made = {"awkward": awkward(), "messages": messages(), "wide": wide(), "tall": tall(), "apart": apart()}
    made |= {f"fuzz-{seed}": fuzz(seed) for seed in (1, 2, 3)}
    for name, (script, expected) in made.items():
        (folder / f"{name}.aphex").write_text(script)
        (folder / f"{name}.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main()
