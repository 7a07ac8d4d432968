"""Holds `editors/tree-sitter-aphex` against aphex: `check.py APHEX`, with `tree-sitter` on the path."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from language_server import LanguageServer

ROOT = Path(__file__).resolve().parents[3]
GRAMMAR = ROOT / "editors" / "tree-sitter-aphex"
GENERATED = [
    "parser.c", "grammar.json", "node-types.json", "tree_sitter/alloc.h", "tree_sitter/array.h", "tree_sitter/parser.h",
]

# What `aphex check` says of a text that it cannot read.
SYNTAX_CODES = {
    "not-utf8", "too-long", "unknown-character", "bad-number", "bad-escape", "unclosed-text", "unclosed-interpolation",
    "unclosed-comment", "single-quotes", "unclosed-bracket", "unexpected-bracket", "missing-semicolon", "missing-colon",
    "missing-comma", "equals-in-map", "brace-for-map", "missing-expression", "missing-name", "missing-block",
    "trailing-operator", "unexpected-token", "foreign-spelling", "reserved-word", "null-value", "misplaced-statement",
    "bad-case", "too-deep",
}

# The classes on which the server's tokens and the grammar's captures agree; of a capture, the longest part that is here.
TOKENS = {
    "keyword": "keyword", "string": "text", "comment": "comment", "function": "function", "method": "function",
    "property": "key",
}
CAPTURES = {
    "keyword": "keyword", "boolean": "keyword", "string": "text", "character": "text", "character.special": None,
    "comment": "comment", "function": "function", "property": "key",
}

failed = False


def report(name, problems):
    """Prints a line for a check, and what is wrong."""
    global failed
    print(f"{'ok  ' if not problems else 'FAIL'} {name}", flush=True)
    for problem in problems[:20]:
        print(f"     {problem}")
    failed = failed or bool(problems)


def tree_sitter(*arguments, **more):
    command = ["tree-sitter", *map(str, arguments)]
    return subprocess.run(command, cwd=GRAMMAR, capture_output=True, text=True, check=False, **more)


def scripts():
    """Every script of the repository."""
    listed = subprocess.run(["git", "ls-files", "-z", "*.aphex"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in listed.stdout.split("\0") if path]


def unreadable(aphex, paths):
    """Those that aphex cannot read for their syntax."""
    command = [aphex, "check", "--message-format", "json", *paths]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = set()
    for line in checked.stderr.splitlines():
        if not line.startswith("{"):
            continue
        try:
            problem = json.loads(line)
        except ValueError:
            continue
        if problem.get("code") in SYNTAX_CODES:
            found.update(label["file"] for label in problem["labels"] if label["primary"])
    return found


def is_generated():
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "grammar"
        shutil.copytree(GRAMMAR, copy)
        for path in GENERATED:
            (copy / "src" / path).unlink(missing_ok=True)
        made = subprocess.run(
            ["tree-sitter", "generate", "--abi", "14"], cwd=copy, capture_output=True, text=True, check=False
        )
        if made.returncode:
            return [made.stderr]
        return [
            f"src/{path} is not what `tree-sitter generate --abi 14` makes"
            for path in GENERATED
            if (copy / "src" / path).read_bytes() != (GRAMMAR / "src" / path).read_bytes()
        ]


def own_tests():
    tested = tree_sitter("test")
    return [] if tested.returncode == 0 else (tested.stdout + tested.stderr).splitlines()[-20:]


def unparsed(paths):
    """What the parser says of scripts: those that have an error or something missing, and a crash."""
    parsed = tree_sitter("parse", "--quiet", *(ROOT / path for path in paths))
    if parsed.returncode not in (0, 1):
        return None, [f"tree-sitter parse ended with {parsed.returncode}: {parsed.stderr[-500:]}"]
    wrong = re.findall(r"^(\S+?)\s+Parse:.*\((?:ERROR|MISSING) .*$", parsed.stdout, re.MULTILINE)
    lines = [line for line in parsed.stdout.splitlines() if "(ERROR" in line or "(MISSING" in line]
    return {os.path.relpath(path, ROOT) for path in wrong}, lines


CAPTURE = re.compile(
    r"^\s+(?:pattern: *\d+, )?capture: \d+ - (\S+), start: \((\d+), (\d+)\), end: \((\d+), (\d+)\)", re.MULTILINE
)


def captures(query, paths):
    """The captures of a query in scripts: `{path: [(name, start, end)]}`, places as row and byte."""
    asked = tree_sitter("query", "--captures", f"queries/{query}.scm", *(ROOT / path for path in paths))
    if asked.returncode:
        return None, [asked.stderr[-1000:]]
    found, current = {}, None
    for line in asked.stdout.splitlines():
        match = CAPTURE.match(line)
        if match:
            name, *place = match.groups()
            row, column, end_row, end_column = map(int, place)
            found[current].append((name, (row, column), (end_row, end_column)))
        elif line.startswith(str(ROOT)):
            current = os.path.relpath(line.strip(), ROOT)
            found[current] = []
    return found, []


class Classes:
    """The class of every byte of a text."""

    def __init__(self, data):
        self.data = data
        self.starts = [0]
        for line in data.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.of = [None] * len(data)

    def put(self, name, start, end):
        first, last = (self.starts[row] + column for row, column in (start, end))
        for at in range(first, min(last, len(self.of))):
            self.of[at] = name

    def differences(self, other):
        """Where the two differ, white space left out: each stretch with what they say."""
        spans = []
        for at, byte in enumerate(self.data):
            pair = (self.of[at], other.of[at])
            if bytes([byte]).isspace() or pair[0] == pair[1]:
                continue
            if spans and spans[-1][1] == at and spans[-1][2] == pair:
                spans[-1] = (spans[-1][0], at + 1, pair)
            else:
                spans.append((at, at + 1, pair))
        return spans


def captured(data, found):
    classes = Classes(data)
    for name, start, end in found:
        parts = name.split(".")
        known = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
        told = next((CAPTURES[part] for part in known if part in CAPTURES), None)
        if told:
            classes.put(told, start, end)
    return classes


def told(data, tokens):
    classes = Classes(data)
    for row, column, length, kind, modifiers in tokens:
        if kind in TOKENS and (kind != "property" or "declaration" in modifiers):
            classes.put(TOKENS[kind], (row, column), (row, column + length))
    return classes


def disagreements(aphex, paths, found):
    """Where the server and the grammar colour a script differently."""
    problems, compared = [], 0
    with LanguageServer(aphex, ROOT) as server:
        for path in paths:
            data = (ROOT / path).read_bytes()
            server_says = told(data, server.tokens(ROOT / path, data.decode()))
            for start, end, (ours, theirs) in captured(data, found.get(path, [])).differences(server_says):
                line = data.count(b"\n", 0, start) + 1
                problems.append(f"{path}:{line}: {data[start:end]!r}: the grammar says {ours}, the server {theirs}")
            compared += len(data)
    return problems, compared


def main():
    aphex = sys.argv[1]
    with tempfile.TemporaryDirectory() as libraries:
        os.environ["TREE_SITTER_LIBDIR"] = libraries
        paths = scripts()
        refused = unreadable(aphex, paths)
        accepted = [path for path in paths if path not in refused]
        report("the parser is what its grammar generates", is_generated())
        report("the grammar's own tests", own_tests())
        wrong, lines = unparsed(accepted)
        report(f"{len(accepted)} scripts are read without an error", lines if wrong is None or wrong else [])
        if refused:
            crashed, lines = unparsed(sorted(refused))
            report(f"{len(refused)} scripts with syntax errors are read to their end", lines if crashed is None else [])
        found = {}
        for query in sorted(path.stem for path in (GRAMMAR / "queries").glob("*.scm")):
            found[query], problems = captures(query, paths)
            count = sum(map(len, (found[query] or {}).values()))
            report(f"queries/{query}.scm has {count} captures", problems or ([] if count else ["it captures nothing"]))
        if found["highlights"]:
            problems, compared = disagreements(aphex, accepted, found["highlights"])
            report(f"the server colours {compared} bytes of {len(accepted)} scripts the same", problems)
    sys.exit(failed)


if __name__ == "__main__":
    main()
