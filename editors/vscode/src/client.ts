// The language server: started, asked, stopped.
import { homedir } from "node:os";
import { commands, Uri, window, workspace, type Diagnostic, type Disposable } from "vscode";
import {
  DidChangeConfigurationNotification,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  type RequestType,
} from "vscode-languageclient/node";
import { findBinary } from "./binary";
import { explanation } from "./explain";
import { configuredPath, serverSettings } from "./settings";

/** `aphex lsp`, or nothing where the interpreter is not there. */
export class Server implements Disposable {
  #client: LanguageClient | undefined;
  /** What was asked last: starts and stops go one after the other. */
  #turn: Promise<void> = Promise.resolve();

  start(): Promise<void> {
    return this.#next(() => this.#start());
  }

  stop(): Promise<void> {
    return this.#next(() => this.#stop());
  }

  restart(): Promise<void> {
    return this.#next(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  /** Tells the server the settings. */
  async configure(): Promise<void> {
    await this.#client?.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { aphex: serverSettings() },
    });
  }

  /** An answer about `document`; null also where the server is not there, or gives none. */
  async ask<P, R>(request: RequestType<P, R | null, void>, params: P, document?: Uri): Promise<R | null> {
    await this.#turn;
    // The server answers about open texts alone.
    if (document !== undefined) await workspace.openTextDocument(document);
    const client = this.#client;
    if (!client?.isRunning()) return null;
    try {
      return await client.sendRequest<R | null>(request.method, params);
    } catch (error) {
      client.outputChannel.appendLine(`${request.method}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  dispose(): void {
    void this.stop();
  }

  #next(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    // A failed start does not keep the next one from its turn.
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #start(): Promise<void> {
    const configured = configuredPath();
    const binary = await findBinary(configured);
    if (binary === undefined) {
      // Nobody waits for the answer: the turn ends here.
      void sayNotFound(configured);
      return;
    }
    // The home folder, since nothing of the server depends on a folder, and none of a workspace should.
    const server = { command: binary, args: ["lsp"], options: { cwd: homedir() } };
    this.#client = new LanguageClient("aphex", "aphex", server, options());
    // The client itself says why it could not start.
    await this.#client.start().catch(() => {});
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.dispose();
  }
}

/** Says that the interpreter is not there, and what to do. */
export async function sayNotFound(configured: string): Promise<void> {
  const where = configured === "aphex" ? "`aphex` is not on the PATH" : `there is no program at \`${configured}\``;
  const message = `aphex: ${where}. Install aphex, or set \`aphex.path\` to the absolute path of its binary.`;
  const chosen = await window.showErrorMessage(message, "Open Settings", "Try Again");
  if (chosen === "Open Settings") await commands.executeCommand("workbench.action.openSettings", "aphex.path");
  if (chosen === "Try Again") await commands.executeCommand("aphex.restartServer");
}

function options(): LanguageClientOptions {
  return {
    documentSelector: [
      { scheme: "file", language: "aphex" },
      { scheme: "untitled", language: "aphex" },
    ],
    initializationOptions: serverSettings(),
    middleware: middleware(),
  };
}

function middleware(): Middleware {
  return {
    // A problem's code leads to its page.
    handleDiagnostics: (uri, diagnostics, next) => next(uri, diagnostics.map(linked)),
  };
}

function linked(diagnostic: Diagnostic): Diagnostic {
  if (typeof diagnostic.code === "string") {
    diagnostic.code = { value: diagnostic.code, target: explanation(diagnostic.code) };
  }
  return diagnostic;
}
