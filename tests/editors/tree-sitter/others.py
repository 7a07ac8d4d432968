"""Holds the queries of Helix and Zed against the grammar and the language server: `others.py APHEX`, with `tree-sitter` on the
path. Helix has no folder of captures that it knows but a list in its book, Zed one in its; here they are in short."""

import os
import sys
import tempfile
import tomllib

import check

ROOT = check.ROOT
HELIX = {
    "highlights": {
        "variable", "constant", "namespace", "type", "function", "string", "keyword", "operator", "punctuation", "comment",
    },
    "indents": {"indent", "outdent"},
    "injections": {"injection.content", "_key"},
    "locals": {"local.scope", "local.definition.variable.parameter", "local.reference"},
    "textobjects": {
        f"{what}.{how}" for what in ("function", "parameter", "comment", "entry") for how in ("around", "inside")
    },
}
ZED = {
    "highlights": {
        "variable", "constant", "namespace", "type", "function", "string", "keyword", "operator", "punctuation", "comment",
        "property", "number", "boolean",
    },
    "brackets": {"open", "close"},
    "indents": {"indent", "end"},
    "injections": {"injection.content", "_key"},
    "outline": {"item", "name", "context"},
    "overrides": {"string", "comment"},
}
# As in `check.CAPTURES`. In both, a key has the name that a property has, so properties count as nothing where they are read.
COLOURS = {
    "keyword": "keyword", "constant.builtin.boolean": "keyword", "boolean": "keyword", "keyword.operator": "keyword",
    "string": "text", "constant.character": "text", "comment": "comment", "function": "function",
}
KEYS = {"keyword", "text", "comment", "function"}


def unknown(name, known):
    parts = name.split(".")
    return not any(".".join(parts[:length]) in known for length in range(1, len(parts) + 1))


def colours(aphex, paths, found):
    """Where the server says something else; keys are left to the grammar's own check."""
    check.CAPTURES, problems, compared = COLOURS, [], 0
    check.TOKENS = {kind: name for kind, name in check.TOKENS.items() if name in KEYS}
    with check.LanguageServer(aphex, ROOT) as server:
        for path in paths:
            data = (ROOT / path).read_bytes()
            theirs = check.told(data, server.tokens(ROOT / path, data.decode()))
            for start, end, pair in check.captured(data, found.get(path, [])).differences(theirs):
                problems.append(f"{path}: {data[start:end]!r}: the query says {pair[0]}, the server {pair[1]}")
            compared += len(data)
    return problems, compared


def main():
    aphex = sys.argv[1]
    paths = check.scripts()
    refused = check.unreadable(aphex, paths)
    accepted = [path for path in paths if path not in refused]
    for editor, folder, kinds in (
        ("Helix", "helix/queries/aphex", HELIX),
        ("Zed", "zed/languages/aphex", ZED),
    ):
        queries = {path.stem for path in (ROOT / "editors" / folder).glob("*.scm")}
        check.report(f"{editor} has its queries", sorted(queries ^ set(kinds)))
        for name in sorted(queries):
            found, problems = check.captures(f"../../{folder}/{name}", paths)
            names = {one for captures in (found or {}).values() for one, *_ in captures}
            problems += [f"@{one} is none of {editor}'s" for one in names if unknown(one, kinds[name])]
            check.report(f"{editor}: {name}.scm has {len(names)} kinds of captures", problems or ([] if names else ["none"]))
            if name == "highlights" and found:
                problems, compared = colours(aphex, accepted, found)
                check.report(f"{editor}: the server colours {compared} bytes of {len(accepted)} scripts the same", problems)
    helix = tomllib.loads((ROOT / "editors/helix/languages.toml").read_text())
    zed = tomllib.loads((ROOT / "editors/zed/extension.toml").read_text())
    config = tomllib.loads((ROOT / "editors/zed/languages/aphex/config.toml").read_text())
    check.report("Helix starts the language server", [] if helix["language-server"]["aphex"]["args"] == ["lsp"] else [helix])
    named = {config["name"], *zed["grammars"], *zed["language_servers"], *zed["language_servers"]["aphex"]["languages"]}
    check.report("Zed's files name one language", [] if named == {"aphex"} == {config["grammar"]} else [named])


with tempfile.TemporaryDirectory() as libraries:
    os.environ["TREE_SITTER_LIBDIR"] = libraries
    main()
sys.exit(check.failed)
