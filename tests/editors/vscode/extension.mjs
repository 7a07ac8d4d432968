// The packaged extension with the real server, outside of an editor.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const vscode = require("./editor.cjs");
const { editor, next } = vscode;

/** Does in the unpacked extension what a user does, and looks at what the editor is told; the page of the graph, and a graph. */
export async function checkExtension(folder, aphex, root, work, report) {
  const load = Module._load;
  Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const extension = require(path.join(folder, manifest.main));
  const context = {
    subscriptions: [],
    extensionUri: vscode.Uri.file(folder),
    globalStorageUri: vscode.Uri.file(path.join(work, "storage")),
  };
  editor.settings = { "aphex.path": aphex };

  const project = path.join(work, "project");
  cpSync(path.join(root, "examples/multi-pipeline"), project, { recursive: true });
  // The root of a project: a module belongs to the scripts below it that import it.
  mkdirSync(path.join(project, ".git"));
  cpSync(path.join(root, "examples/quickstart/pipeline.aphex"), path.join(project, "quick.aphex"));
  writeFileSync(path.join(project, "wrong.aphex"), 'let app = stack("App");\nlet dev = environment("dev", #{ acount: "1" });\n');
  const file = (name) => vscode.Uri.file(path.join(project, name));

  const tests = new Tests(report);
  await tests.run("it starts, and registers exactly the commands of the manifest", async () => {
    extension.activate(context);
    const declared = manifest.contributes.commands.map(({ command }) => command).sort();
    equal([...editor.commands.keys()].sort(), declared);
  });

  const said = next("diagnostics", (uri) => uri.path.endsWith("wrong.aphex"));
  const wrong = await vscode.workspace.openTextDocument(file("wrong.aphex"));
  editor.show(wrong, 1, 35);
  await tests.run("problems arrive, and their codes lead to their pages", async () => {
    await said;
    const problems = editor.diagnostics.get(wrong.uri.toString());
    equal(problems.some(({ code }) => code.value === "unknown-key"), true);
    for (const { code } of problems) {
      equal(code.target.scheme, "command");
      equal(code.target.path, "aphex.explain");
      equal(JSON.parse(code.target.query), [code.value]);
    }
  });
  await tests.run("the palette explains the code under the cursor", async () => {
    await vscode.commands.executeCommand("aphex.explain");
    const [name, uri] = editor.executed.at(-1);
    equal([name, uri.toString()], ["markdown.showPreviewToSide", "aphex-explain:/unknown-key.md"]);
    const page = await editor.contents.get("aphex-explain").provideTextDocumentContent(uri);
    equal(page.startsWith("# "), true);
  });
  await tests.run("a code action explains, beside the server's fixes", async () => {
    const problems = editor.diagnostics.get(wrong.uri.toString());
    const [, ours] = editor.providers.registerCodeActionsProvider.find(([selector]) => selector === "aphex");
    const titles = ours.provideCodeActions(wrong, undefined, { diagnostics: problems }).map(({ title }) => title);
    equal(titles.includes("Explain `unknown-key`"), true);
    equal(editor.providers.registerCodeActionsProvider.length, 2);
  });
  await tests.run("an unknown code has no page, and says so", async () => {
    await vscode.commands.executeCommand("aphex.explain", "no-such-code");
    equal(editor.messages.at(-1).kind, "warning");
  });

  const quick = await vscode.workspace.openTextDocument(file("quick.aphex"));
  const text = quick.getText();
  editor.show(quick, 0, 0);
  const preview = () => [...editor.documents.values()].find(({ uri }) => uri.scheme === "aphex-preview" && uri.path.startsWith("/quickstart/"));
  editor.choose = (items) => items.find(({ path: name, label }) => (name ?? label) === "cloudformation.yaml");
  await tests.run("a code lens previews a chosen file", async () => {
    const [, lenses] = editor.providers.registerCodeLensProvider[0];
    const found = await lenses.provideCodeLenses(quick, cancellation());
    const { command } = found.find(({ command: one }) => one.title.includes("Kubernetes object"));
    await vscode.commands.executeCommand(command.command, ...command.arguments);
    equal(preview().uri.path, "/quickstart/cloudformation.yaml");
    equal(preview().getText().includes("AWSTemplateFormatVersion"), true);
  });
  await tests.run("it follows the script", async () => {
    const changed = next("onDidChangeTextDocument", ({ document }) => document === preview());
    editor.type(quick, text.replace('"company-pipelines"', '"another-cluster"'));
    await changed;
    equal(preview().getText().includes("another-cluster"), true);
    equal(editor.statuses[0].severity, vscode.LanguageStatusSeverity.Information);
  });
  await tests.run("it keeps what it said while the script has errors, and says so", async () => {
    editor.type(quick, text.replace("pipeline(", "pipelin("));
    await until(() => editor.statuses[0].severity === vscode.LanguageStatusSeverity.Warning);
    equal(preview().getText().includes("another-cluster"), true);
    editor.type(quick, text);
    await until(() => preview().getText().includes("company-pipelines"));
    equal(editor.statuses[0].severity, vscode.LanguageStatusSeverity.Information);
  });
  await tests.run("a definition and the command lead back into the script", async () => {
    const [, definitions] = editor.providers.registerDefinitionProvider.find(([selector]) => selector.scheme === "aphex-preview");
    const line = preview().getText().split("\n").findIndex((one) => one.includes("my-org/my-app") || one.includes("quickstart"));
    const location = await definitions.provideDefinition(preview(), new vscode.Position(line, 0));
    equal(location.uri.toString(), quick.uri.toString());
    editor.show(preview(), line, 0);
    await vscode.commands.executeCommand("aphex.preview.origin");
    equal(vscode.window.activeTextEditor.document, quick);
    equal(vscode.window.activeTextEditor.selection.active.line, location.range.start.line);
  });
  await tests.run("a second pipeline, of a module, is previewed and followed", async () => {
    const module_ = await vscode.workspace.openTextDocument(file("teams/search.aphex"));
    const own = module_.getText();
    const shown = () => editor.documents.get([...editor.documents.keys()].find((uri) => uri.startsWith("aphex-preview:/search/")));
    await vscode.workspace.openTextDocument(file("pipeline.aphex"));
    const line = own.split("\n").findIndex((one) => one.includes("pipeline("));
    editor.show(module_, line, own.split("\n")[line].indexOf("pipeline("));
    await vscode.commands.executeCommand("aphex.preview");
    equal(shown().uri.path, "/search/cloudformation.yaml");
    editor.type(module_, own.replace("666666666666", "777777777777"));
    await until(() => shown().getText().includes("777777777777"));
    equal(editor.statuses[0].severity, vscode.LanguageStatusSeverity.Information);
    editor.type(module_, own);
  });
  await tests.run("a script with errors has nothing to preview, and says so", async () => {
    editor.choose = () => undefined;
    editor.show(wrong);
    await vscode.commands.executeCommand("aphex.preview");
    equal(editor.messages.at(-1).buttons, ["Show Problems"]);
  });

  await tests.run("the graph follows the cursor", async () => {
    editor.show(quick, 0, 0);
    await vscode.commands.executeCommand("aphex.graph");
    const { sent, webview } = editor.panels[0];
    equal(sent.at(-1).svg.startsWith("<svg"), true);
    equal(/script-src 'nonce-[^']{20,}';/.test(webview.html), true);
    equal(webview.html.includes("unsafe"), false);
    for (const name of ["dev", "prod"]) {
      const lines = text.split("\n");
      const line = lines.findIndex((one) => one.includes(`environment("${name}"`)) + 1;
      const posted = next("posted");
      editor.show(quick, line, 4);
      equal((await posted).stage, name);
      equal(sent.at(-1).svg.includes(`data-stage="${name}"`), true);
    }
  });

  await tests.run("running it saves it, and starts the interpreter without a shell", async () => {
    editor.settings["aphex.parameters"] = { replicas: 3, regions: ["a", "b"] };
    await vscode.commands.executeCommand("aphex.run");
    const { process: program, args } = editor.tasks.at(-1).execution;
    const storage = path.join(work, "storage", "parameters.json");
    equal([program, ...args], [aphex, "run", "--param-file", storage, quick.uri.fsPath]);
    equal(JSON.parse(readFileSync(storage, "utf8")), { replicas: 3, regions: ["a", "b"] });
    equal(editor.saved.at(-1), quick.uri.toString());
  });
  await tests.run("nothing runs in a workspace that is not trusted", async () => {
    const before = editor.tasks.length;
    vscode.workspace.isTrusted = false;
    await vscode.commands.executeCommand("aphex.run");
    vscode.workspace.isTrusted = true;
    equal([editor.tasks.length, editor.messages.at(-1).kind], [before, "warning"]);
  });

  await tests.run("settings reach the server", async () => {
    const [, lenses] = editor.providers.registerCodeLensProvider[0];
    editor.settings["aphex.codeLens"] = false;
    editor.fire("onDidChangeConfiguration", { affectsConfiguration: (name) => name === "aphex" });
    await until(async () => ((await lenses.provideCodeLenses(quick, cancellation())) ?? []).length === 0);
    delete editor.settings["aphex.codeLens"];
  });
  await tests.run("a restarted server answers", async () => {
    await vscode.commands.executeCommand("aphex.restartServer");
    const [, lenses] = editor.providers.registerCodeLensProvider.at(-1);
    await until(async () => ((await lenses.provideCodeLenses(quick, cancellation())) ?? []).length > 0);
  });
  await tests.run("a missing interpreter is told, with what to do", async () => {
    editor.choose = ([button]) => button === "Open Settings";
    for (const missing of ["no-such-program", "./aphex", path.join(work, "nowhere", "aphex")]) {
      editor.settings["aphex.path"] = missing;
      await vscode.commands.executeCommand("aphex.restartServer");
      await until(() => editor.executed.at(-1)[0] === "workbench.action.openSettings");
      equal(editor.messages.at(-1).message.includes(missing), true);
      equal(editor.messages.at(-1).buttons, ["Open Settings", "Try Again"]);
      editor.executed.push(["next"]);
    }
    await vscode.commands.executeCommand("aphex.preview");
  });
  await tests.run("it ends without a rest", async () => {
    await extension.deactivate();
    context.subscriptions.forEach((one) => one.dispose());
    equal([...editor.commands.keys()], []);
  });
  Module._load = load;
  const { webview, sent } = editor.panels[0];
  return { html: webview.html, graph: sent.findLast((one) => one?.stage) };
}

class Tests {
  constructor(report) {
    this.report = report;
  }

  async run(what, work) {
    let timer;
    const late = new Promise((_, refuse) => (timer = setTimeout(() => refuse(new Error("nothing came for 20 s")), 20_000)));
    const problems = await Promise.race([work(), late]).then(
      () => [],
      (error) => [error.stack ?? String(error)],
    );
    clearTimeout(timer);
    this.report(`extension: ${what}`, problems);
  }
}

function equal(actual, expected) {
  if (actual === expected) return;
  const [a, b] = [actual, expected].map((one) => JSON.stringify(one));
  if (a === undefined || a !== b) throw new Error(`${a} is not ${b}`);
}

async function until(holds) {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("it never came to be");
}

const cancellation = () => ({ isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) });
