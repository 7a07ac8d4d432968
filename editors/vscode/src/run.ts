// `aphex run` in a terminal.
import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import {
  commands,
  Disposable,
  ProcessExecution,
  Task,
  TaskRevealKind,
  tasks,
  TaskScope,
  window,
  workspace,
  type ExtensionContext,
  type TextDocument,
} from "vscode";
import { findBinary } from "./binary";
import { sayNotFound } from "./client";
import { scriptEditor } from "./scripts";
import { configuredPath, parameters } from "./settings";

/** Registers the command. */
export function run(context: ExtensionContext): Disposable {
  return commands.registerCommand("aphex.run", async () => {
    const document = scriptEditor()?.document;
    if (document === undefined) {
      await window.showInformationMessage("aphex: open a script to run it.");
    } else if (!workspace.isTrusted) {
      await window.showWarningMessage("aphex: a script runs only in a workspace that you trust, since it writes files there.");
    } else if (document.isUntitled || !(await document.save())) {
      await window.showWarningMessage("aphex: save the script to run it.");
    } else {
      await start(context, document);
    }
  });
}

async function start(context: ExtensionContext, document: TextDocument): Promise<void> {
  const configured = configuredPath();
  const binary = await findBinary(configured);
  if (binary === undefined) return sayNotFound(configured);
  const folder = workspace.getWorkspaceFolder(document.uri);
  const script = document.uri.fsPath;
  const options = await parameterOptions(context);
  // A process of its own: no shell reads the name of the file.
  const execution = new ProcessExecution(binary, ["run", ...options, script], {
    cwd: folder?.uri.fsPath ?? path.dirname(script),
  });
  const task = new Task({ type: "process" }, folder ?? TaskScope.Workspace, `run ${path.basename(script)}`, "aphex", execution);
  task.presentationOptions = { reveal: TaskRevealKind.Always, clear: true };
  await tasks.executeTask(task);
}

/** The parameters as a file: there a value keeps its type, and may be one that another script asks for. */
async function parameterOptions(context: ExtensionContext): Promise<string[]> {
  const values = parameters();
  if (Object.keys(values).length === 0) return [];
  const folder = context.globalStorageUri.fsPath;
  const file = path.join(folder, "parameters.json");
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(values));
  return ["--param-file", file];
}
