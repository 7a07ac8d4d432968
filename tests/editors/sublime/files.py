"""Reads the files of editors that are not run here, and starts the language server with the options in them: `files.py APHEX`."""

import json
import plistlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

EDITORS = Path(__file__).resolve().parents[3] / "editors"
failed = False


def report(name, problems):
    global failed
    print("ok  " if not problems else "FAIL", name)
    for problem in problems:
        print(f"     {problem}")
    failed = failed or bool(problems)


def read(path):
    return json.loads((EDITORS / path).read_text())


def starts(aphex, arguments, options):
    """What the server says to these options, if it is something else than what it can do."""
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize"}
    message["params"] = {"processId": None, "rootUri": None, "capabilities": {}, "initializationOptions": options}
    body = json.dumps(message).encode()
    request = b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    server = subprocess.run([aphex, *arguments], input=request, capture_output=True, timeout=20, check=False)
    return [] if b'"capabilities"' in server.stdout else [(server.stdout + server.stderr).decode()]


def matches(pattern, text, groups):
    found = re.search(pattern, text)
    return [] if found and found.groups()[: len(groups)] == groups else [f"{pattern} on {text}"]


def main():
    aphex = sys.argv[1]
    helix = tomllib.loads((EDITORS / "helix/languages.toml").read_text())["language-server"]["aphex"]
    sublime = read("sublime/lsp/LSP.sublime-settings")["clients"]["aphex"]
    template = read("jetbrains/lsp4ij/template.json")
    zed = re.search(r"```json\n(.*?)```", (EDITORS / "zed/README.md").read_text(), re.DOTALL).group(1)
    zed = json.loads(zed)["lsp"]["aphex"]
    for name, command, options in (
        ("Helix", [helix["command"], *helix["args"]], helix["config"]),
        ("Sublime Text", sublime["command"], sublime["initializationOptions"]),
        ("JetBrains", template["programArgs"]["default"].split(), read("jetbrains/lsp4ij/initializationOptions.json")),
        ("Zed", ["aphex", *zed["binary"]["arguments"]], zed["initialization_options"]),
    ):
        wrong = [] if command[0] == "aphex" else [command]
        report(f"{name}: the server starts with its options", wrong + starts(aphex, command[1:], options))

    build = read("sublime/aphex.sublime-build")
    said = "with space/a.aphex:3:7: error[unknown-key]: `environment` has no key `acount`"
    found = matches(build["file_regex"], said, ("with space/a.aphex", "3", "7"))
    report("Sublime Text: a problem is read", found)
    for name in ("Comments", "Indentation"):
        settings = plistlib.loads((EDITORS / f"sublime/{name}.tmPreferences").read_bytes())
        report(f"Sublime Text: {name}.tmPreferences", [] if settings["scope"] == "source.aphex" else [settings])
    rules = read("vscode/language-configuration.json")["indentationRules"]
    own = settings["settings"]
    report("Sublime Text: it indents as VS Code does", [one for one in own if own[one] != rules[one]])
    package = read("vscode/package.json")["contributes"]
    bundle = [package["grammars"][0]["path"], package["languages"][0]["configuration"]]
    missing = [path for path in bundle if not (EDITORS / "vscode" / path).is_file()]
    report("JetBrains: the folder of VS Code's extension is a bundle", missing)


main()
sys.exit(failed)
