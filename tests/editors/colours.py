"""Holds what an editor's own patterns say of scripts against the colours of the language server.

`colours.py list` prints the scripts of the repository that aphex can read; `colours.py compare APHEX FOLDER` reads for each of
them a file in FOLDER at the same path, with a letter for every byte: `k` keyword, `t` text, `c` comment, `f` function, `y` key,
`.` anything else.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(HERE / "tree-sitter"))
from language_server import LanguageServer  # noqa: E402

LETTERS = {"keyword": "k", "string": "t", "comment": "c", "function": "f", "method": "f", "property": "y"}


def scripts(aphex):
    """Every script of the repository without a syntax error."""
    listed = subprocess.run(["git", "ls-files", "-z", "*.aphex"], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [path for path in listed.stdout.split("\0") if path]
    formatted = subprocess.run(
        [aphex, "fmt", "--check", "--message-format", "short", *paths], cwd=ROOT, capture_output=True, text=True, check=False
    )
    wrong = {line.split(":")[0] for line in formatted.stderr.splitlines()}
    return [path for path in paths if path not in wrong]


def told(data, tokens):
    """The letters of a script by the server's tokens."""
    lines = [["."] * len(line) for line in data.split(b"\n")]
    for row, column, length, kind, modifiers in tokens:
        if kind in LETTERS and (kind != "property" or "declaration" in modifiers):
            end = min(column + length, len(lines[row]))
            lines[row][column:end] = LETTERS[kind] * (end - column)
    return lines


def differences(path, data, ours, theirs):
    """The first place of each line in which the two differ, white space left out."""
    for row, line in enumerate(data.split(b"\n")):
        own = ours[row] if row < len(ours) else ""
        for at, byte in enumerate(line):
            letter = own[at] if at < len(own) else "?"
            if not bytes([byte]).isspace() and letter != theirs[row][at]:
                yield f"{path}:{row + 1}: the editor says {letter}, the server {theirs[row][at]}: {line[at:at + 40].decode(errors='replace')}"
                break


def main():
    aphex = sys.argv[2]
    paths = scripts(aphex)
    if sys.argv[1] == "list":
        print("\n".join(paths))
        return
    folder, problems, compared = Path(sys.argv[3]), [], 0
    with LanguageServer(aphex, ROOT) as server:
        for path in paths:
            data = (ROOT / path).read_bytes()
            ours = (folder / path).read_text().split("\n")
            problems += differences(path, data, ours, told(data, server.tokens(ROOT / path, data.decode())))
            compared += len(data)
    print("ok  " if not problems else "FAIL", f"the server colours {compared} bytes of {len(paths)} scripts the same")
    for problem in problems[:20]:
        print(f"     {problem}")
    sys.exit(bool(problems) or compared == 0)


main()
