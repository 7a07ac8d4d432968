// What the editor does by itself while one types: indentation, doc comments that go on, snippets.
import { readFileSync } from "node:fs";
import path from "node:path";

/** The language's configuration and snippets, of the extension in `folder`. */
export function checkLanguage(folder, report) {
  const read = (file) => JSON.parse(readFileSync(path.join(folder, file), "utf8"));
  const { indentationRules, onEnterRules, wordPattern } = read("language-configuration.json");
  const increases = new RegExp(indentationRules.increaseIndentPattern);
  const decreases = new RegExp(indentationRules.decreaseIndentPattern);
  const open = ["fn f(a) {", "pipeline(\"a\", #{", "  stages: [", "f(", "let t = \"(\" + g([ // why", "x.map(|e| #{"];
  const closed = ["let t = \"{\";", "f(a)", "// a {", "let t = `${x} {`;", "#{ a: 1 }", ""];
  report("language: what opens a bracket goes further in", [
    ...open.filter((line) => !increases.test(line)),
    ...closed.filter((line) => increases.test(line)),
  ]);
  report("language: what closes one comes back", ["}", "    ]);", ")"].filter((line) => !decreases.test(line)));
  const long = `${"a".repeat(5_000)}"${"b".repeat(5_000)}`;
  const start = performance.now();
  increases.test(long);
  report("language: a long line takes no time", performance.now() - start < 200 ? [] : ["it does"]);

  const after = (line) => onEnterRules.find(({ beforeText }) => new RegExp(beforeText).test(line))?.action.appendText;
  const goes = { "/// a": "/// ", "  //! a": "//! ", "/** a": " * ", " * a": "* ", "// a": undefined, "//// a": undefined, "/**/": undefined, "a * b": undefined };
  report("language: a doc comment goes on", Object.entries(goes).filter(([line, text]) => after(line) !== text).map(([line]) => `${line}: ${after(line)}`));
  const words = "let a_b = 12 + é.c".match(new RegExp(wordPattern, "g"));
  report("language: what a word is", words.join(" ") === "let a_b 12 c" ? [] : [words.join(" ")]);
}

/** Each snippet as it is put in, at its place in a script. */
export function snippetTexts(folder) {
  const snippets = JSON.parse(readFileSync(path.join(folder, "snippets/aphex.json"), "utf8"));
  return Object.entries(snippets).map(([name, { body }]) => {
    const values = new Map();
    const text = body
      .join("\n")
      // What is asked for again stands in the first place where it is asked for.
      .replace(/\$\{(\d+):((?:\$\{\d+\}|[^${}])*)\}/g, (_, number, value) => {
        values.set(number, value.replace(/\$\{(\d+)\}/g, (__, other) => values.get(other)));
        return values.get(number);
      })
      .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, "$1")
      .replace(/(?<!\\)\$\d/g, "")
      .replaceAll("\\$", "$");
    return { name, text };
  });
}
