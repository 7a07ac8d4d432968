// The TextMate grammar, with the engine that VS Code uses.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

/** The grammar in `file`. */
export async function load(file) {
  const wasm = await readFile(createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm);
  const text = await readFile(file, "utf8");
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (line) => new oniguruma.OnigString(line),
    }),
    loadGrammar: async (scope) => (scope === "source.aphex" ? textmate.parseRawGrammar(text, file) : null),
  });
  return registry.loadGrammar("source.aphex");
}

/** The lines of a text, each with its tokens and how long it took. */
export function tokenize(grammar, text) {
  let stack = textmate.INITIAL;
  return text.split(/\r\n|\n|\r/).map((line) => {
    const start = performance.now();
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return { line, tokens, time: performance.now() - start };
  });
}

const CLASSES = [
  ["comment", /^comment\./],
  ["text", /^string\./],
  ["keyword", /^(?:keyword\.control|storage\.type|constant\.language)\./],
  ["function", /^(?:entity\.name\.function|support\.function)\./],
  ["key", /^support\.type\.property-name\./],
];

/** The class of a token on which every grammar and the server agree; none for what has none. */
export function classOf(scopes) {
  // What is inside of `${…}` is code, whatever it stands in.
  const code = scopes.findLastIndex((scope) => scope.startsWith("meta.embedded."));
  const inner = scopes.slice(code + 1);
  return CLASSES.find(([, pattern]) => inner.some((scope) => pattern.test(scope)))?.[0];
}
