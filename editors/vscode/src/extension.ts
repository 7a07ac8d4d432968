// What the editor starts and ends.
import { commands, workspace, type ExtensionContext } from "vscode";
import { Server } from "./client";
import { explain } from "./explain";
import { GraphPanel } from "./graph";
import { preview } from "./preview";
import { run } from "./run";

let server: Server | undefined;

export function activate(context: ExtensionContext): void {
  const started = new Server();
  server = started;
  context.subscriptions.push(
    commands.registerCommand("aphex.restartServer", () => started.restart()),
    run(context),
    preview(started),
    explain(started),
    new GraphPanel(started, context.extensionUri),
    workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("aphex.path")) await started.restart();
      else if (event.affectsConfiguration("aphex")) await started.configure();
    }),
  );
  // The editor does not wait for the server.
  void started.start();
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
