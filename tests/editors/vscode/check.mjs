// check.mjs APHEX: every check, a line each; 1 where one failed.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { byGrammar, byServer, differences } from "./classes.mjs";
import { checkExtension } from "./extension.mjs";
import { load, tokenize } from "./grammar.mjs";
import { checkLanguage, snippetTexts } from "./language.mjs";
import { checkPackage } from "./package.mjs";
import { checkPage } from "./page.mjs";
import { checkSamples } from "./samples.mjs";
import { Server } from "./server.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, "../../..");
const SOURCES = path.join(ROOT, "editors/vscode");
const WORK = path.join(ROOT, "target/vscode");
/** How long a line may take, in milliseconds: colours come while one types. */
const LONGEST = 100;

const start = performance.now();
const aphex = path.resolve(process.argv[2]);
let [passed, failed] = [0, 0];

function report(subject, problems) {
  if (problems.length > 0) failed += 1;
  else passed += 1;
  console.log(problems.length > 0 ? "FAIL" : "ok  ", subject);
  for (const problem of problems.slice(0, 8)) console.log("      ", problem);
}

/** Those of `files` that the parser has something to say about. */
function withSyntaxErrors(files) {
  const done = spawnSync(aphex, ["fmt", "--check", "--message-format", "json", ...files], { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28 });
  return new Set(done.stderr.split("\n").filter(Boolean).map((line) => JSON.parse(line).file));
}

function checkWords(grammar) {
  const words = JSON.parse(readFileSync(path.join(ROOT, "editors/words.json"), "utf8"));
  const scopeOf = (text, word) => {
    const [{ tokens }] = tokenize(grammar, text);
    const at = text.indexOf(word);
    return tokens.find(({ startIndex, endIndex }) => startIndex <= at && at < endIndex).scopes.at(-1);
  };
  const all = [
    ...words.keywords.map((word) => [word, word, /^(?:keyword\.control|storage\.type|constant\.language)\.aphex$/]),
    ...words.functions.map((word) => [`${word}(1)`, word, /^support\.function\.aphex$/]),
    ...words.keys.map((word) => [`#{ ${word}: 1 }`, word, /^support\.type\.property-name\.known\.aphex$/]),
    ...words.callable.map((word) => [`${word}(1)`, word, /^support\.function\.aphex$/]),
    ...[...words.reserved, ...words.callable]
      .filter((word) => word !== "this")
      .map((word) => [`let ${word} = 1`, word, /^invalid\.illegal\.reserved\.aphex$/]),
  ];
  const problems = all.filter(([text, word, scope]) => !scope.test(scopeOf(text, word))).map(([text, word]) => `${text}: ${scopeOf(text, word)}`);
  report(`grammar: ${all.length} words of words.json are what they are there`, problems);
}

async function checkScripts(grammar) {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.aphex"], { cwd: ROOT, encoding: "utf8" });
  const files = listed.split("\n").filter(Boolean);
  const wrong = withSyntaxErrors(files);
  const server = new Server(aphex);
  const { capabilities } = await server.start();
  const { legend } = capabilities.semanticTokensProvider;
  const [invalid, different, slow] = [[], [], []];
  for (const file of files) {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    const lines = tokenize(grammar, text);
    // A first look at a pattern compiles it: the second one is what an editor's user waits for.
    const again = tokenize(grammar, text);
    slow.push(...lines.filter(({ time }, row) => Math.min(time, again[row].time) > LONGEST).map(({ line }) => `${file}: ${line.slice(0, 40)}`));
    if (wrong.has(file)) continue;
    const bad = lines.flatMap(({ tokens }, row) => (tokens.some(({ scopes }) => scopes.some((scope) => scope.startsWith("invalid."))) ? [row + 1] : []));
    invalid.push(...bad.map((row) => `${file}:${row}`));
    const uri = server.open(path.join(ROOT, file), text);
    const answer = await server.ask("textDocument/semanticTokens/full", { textDocument: { uri } });
    server.close(uri);
    different.push(...differences(text, byGrammar(grammar, text), byServer(text, answer, legend)).map((what) => `${file}:${what}`));
  }
  await server.stop();
  const good = files.length - wrong.size;
  report(`grammar: ${files.length} scripts, no line takes longer than ${LONGEST} ms`, slow);
  report(`grammar: nothing is marked as invalid in the ${good} without syntax errors`, invalid);
  report(`grammar: the server sees the same in them, letter for letter`, different);
}

function checkSnippets(folder) {
  for (const { name, text } of snippetTexts(folder)) {
    // A piece of a list or a value is a statement where nothing else stands.
    const done = spawnSync(aphex, ["fmt", "--check", "--message-format", "short", "-"], { input: `${text.trimEnd()}\n`, encoding: "utf8" });
    report(`snippet: ${name} is the language's, and in its style`, done.status === 0 ? [] : [done.stdout + done.stderr]);
  }
}

/** What the extension asks for, without it: where this holds and the extension fails, the fault is the extension's. */
async function checkServer() {
  const server = new Server(aphex);
  await server.start({ parameters: {}, inlayHints: { order: true, defaults: true }, codeLens: true });
  const file = path.join(ROOT, "examples/quickstart/pipeline.aphex");
  const text = readFileSync(file, "utf8");
  const uri = server.open(file, text);
  const { diagnostics } = await server.heard("textDocument/publishDiagnostics", (params) => params.uri === uri);
  report("server: problems are published", diagnostics.length === 0 ? [] : [JSON.stringify(diagnostics)]);
  const textDocument = { uri };
  const preview = await server.ask("aphex/preview", { textDocument });
  report("server: aphex/preview", preview?.files.some(({ languageId, text: one }) => languageId === "yaml" && one.length > 0) ? [] : [JSON.stringify(preview)]);
  const { pipeline, files } = preview;
  const origin = await server.ask("aphex/origin", { textDocument, pipeline, path: files[0].path, line: 0 });
  report("server: aphex/origin", origin?.uri === uri ? [] : [JSON.stringify(origin)]);
  const graph = await server.ask("aphex/graph", { textDocument, position: { line: text.split("\n").findIndex((line) => line.includes('environment("dev"')) + 1, character: 4 } });
  report("server: aphex/graph", graph?.stage === "dev" && graph.svg.includes('data-stage="dev"') ? [] : [JSON.stringify(graph?.stage)]);
  const page = await server.ask("aphex/explain", { code: "unknown-key" });
  report("server: aphex/explain", page?.markdown.startsWith("# ") ? [] : [JSON.stringify(page)]);
  report("server: aphex/explain knows what it does not know", (await server.ask("aphex/explain", { code: "no-such-code" })) === null ? [] : ["it has a page"]);
  const status = await server.stop();
  report("server: it ends in order", status === 0 ? [] : [`with ${status}`]);
}

rmSync(WORK, { recursive: true, force: true });
mkdirSync(WORK, { recursive: true });
const folder = checkPackage(SOURCES, WORK, report);
checkLanguage(folder, report);
checkSnippets(folder);
const grammar = await load(path.join(folder, "syntaxes/aphex.tmLanguage.json"));
checkWords(grammar);
await checkSamples(grammar, path.join(HERE, "samples"), report);
await checkScripts(grammar);
await checkServer();
const page = await checkExtension(folder, aphex, ROOT, WORK, report);
checkPage(page, WORK, report);
console.log(`\n${Math.round((performance.now() - start) / 1000)} s\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
