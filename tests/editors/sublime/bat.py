"""Writes for each script in a list what the syntax of editors/sublime says of every byte: `bat.py LIST FOLDER`, with `bat` on the
path as $BAT, which reads such syntaxes."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
COLOURS = {
    "k": ("#010101", "keyword.control, storage.type, constant.language"),
    "t": ("#020202", "string"),
    "c": ("#030303", "comment"),
    "f": ("#040404", "entity.name.function, support.function"),
    "y": ("#050505", "support.type.property-name"),
    ".": ("#060606", "meta.embedded, keyword.operator, punctuation.section.embedded"),
}
THEME = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>name</key><string>classes</string><key>settings</key><array>
<dict><key>settings</key><dict><key>foreground</key><string>#060606</string></dict></dict>
%s
</array></dict></plist>
"""
ITEM = (
    "<dict><key>scope</key><string>%s</string><key>settings</key><dict><key>foreground</key><string>%s</string></dict></dict>"
)
ESCAPE = re.compile(rb"\x1b\[([0-9;]*)[mK]")


def letters(coloured):
    """A letter for each byte of a text whose colours are escape sequences."""
    by_number = {int(colour[1:3], 16): letter for letter, (colour, _) in COLOURS.items()}
    out, letter, at = [], ".", 0
    for match in ESCAPE.finditer(coloured):
        out.append((letter, coloured[at:match.start()]))
        at = match.end()
        numbers = match.group(1).split(b";")
        letter = by_number[int(numbers[2])] if numbers[:2] == [b"38", b"2"] else "."
    out.append((letter, coloured[at:]))
    return "".join("\n" if byte == 10 else letter for letter, text in out for byte in text)


def main():
    scripts, folder = Path(sys.argv[1]).read_text().split(), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as work:
        source, cache = Path(work) / "source", Path(work) / "cache"
        (source / "syntaxes").mkdir(parents=True)
        (source / "themes").mkdir()
        syntax = (ROOT / "editors/sublime/aphex.sublime-syntax").read_bytes()
        (source / "syntaxes/aphex.sublime-syntax").write_bytes(syntax)
        items = "\n".join(ITEM % (scope, colour) for colour, scope in COLOURS.values())
        (source / "themes/classes.tmTheme").write_text(THEME % items)
        os.environ.update(BAT_CACHE_PATH=str(cache), BAT_CONFIG_PATH=os.devnull, COLORTERM="truecolor")
        bat = os.environ["BAT"]
        subprocess.run([bat, "cache", "--build", "--source", source, "--target", cache], check=True, stdout=subprocess.DEVNULL)
        options = ["--theme", "classes", "--color", "always", "--style", "plain", "--paging", "never", "--tabs", "0"]
        for path in scripts:
            shown = subprocess.run([bat, *options, "-l", "aphex", ROOT / path], check=True, capture_output=True)
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(letters(shown.stdout))


main()
