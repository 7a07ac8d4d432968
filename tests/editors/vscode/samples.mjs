// Samples with what their words should be: `// ^^^ scope` below a line is about what the arrows stand under, `// <-- scope`
// about its start. A scope counts with whatever follows its dots; `!scope` must not be there.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { tokenize } from "./grammar.mjs";

const ANNOTATION = /^\/\/\s*(?<arrows>\^+|<--)\s+(?<scopes>\S.*)$/;

/** What is not as a sample says, and how much it says. */
export async function checkSamples(grammar, folder, report) {
  for (const file of (await readdir(folder)).filter((one) => one.endsWith(".aphex")).sort()) {
    const lines = tokenize(grammar, await readFile(path.join(folder, file), "utf8"));
    const problems = [];
    let about;
    let count = 0;
    for (const [row, { line, tokens }] of lines.entries()) {
      const annotation = ANNOTATION.exec(line);
      if (annotation === null) {
        about = { line, tokens };
        continue;
      }
      count += 1;
      const { arrows, scopes } = annotation.groups;
      const start = arrows === "<--" ? 0 : line.indexOf("^");
      const end = arrows === "<--" ? 1 : start + arrows.length;
      problems.push(...wrong(about, start, end, scopes.split(/\s+/)).map((what) => `${row + 1}: ${what}`));
    }
    report(`sample ${file}: ${count} annotations`, count === 0 ? ["it has none"] : problems);
  }
}

function wrong({ line, tokens }, start, end, scopes) {
  if (end > line.length) return [`nothing stands at column ${end}`];
  const touched = tokens.filter(({ startIndex, endIndex }) => startIndex < end && endIndex > start);
  return scopes.flatMap((wanted) => {
    const name = wanted.replace(/^!/, "");
    const has = (token) => token.scopes.some((scope) => scope === name || scope.startsWith(`${name}.`));
    const bad = touched.filter((token) => has(token) === wanted.startsWith("!"));
    return bad.map((token) => `\`${line.slice(token.startIndex, token.endIndex)}\` is ${token.scopes.join(" ")}, not ${wanted}`);
  });
}
