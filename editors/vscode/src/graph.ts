// The delivery graph beside the script: it follows the cursor.
import { randomBytes } from "node:crypto";
import { commands, Disposable, Uri, ViewColumn, window, workspace, type TextDocument, type WebviewPanel } from "vscode";
import type { Server } from "./client";
import { Later } from "./later";
import { page } from "./page";
import * as protocol from "./protocol";
import { isScript, scriptEditor } from "./scripts";

const DELAY = 120;

/** The command, and the panel that it opens. */
export class GraphPanel implements Disposable {
  readonly #server: Server;
  readonly #extension: Uri;
  #panel: WebviewPanel | undefined;
  /** Of which script and place the picture is. */
  #place: { document: TextDocument; position: { line: number; character: number } } | undefined;
  /** Counts the requests: an answer that a later one overtook is not shown. */
  #asked = 0;
  readonly #update = new Later(DELAY, () => this.#draw());
  readonly #parts: Disposable;

  constructor(server: Server, extension: Uri) {
    this.#server = server;
    this.#extension = extension;
    this.#parts = Disposable.from(
      this.#update,
      commands.registerCommand("aphex.graph", () => this.#show()),
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.#follow(textEditor.document)),
      window.onDidChangeActiveTextEditor((editor) => this.#follow(editor?.document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#follow(document)),
    );
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#parts.dispose();
  }

  async #show(): Promise<void> {
    if (scriptEditor() === undefined) {
      await window.showInformationMessage("aphex: open a script to see its graph.");
      return;
    }
    this.#panel ??= this.#open();
    this.#panel.reveal(undefined, true);
    await this.#draw();
  }

  #open(): WebviewPanel {
    const built = Uri.joinPath(this.#extension, "dist");
    const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    const options = { enableScripts: true, localResourceRoots: [built] };
    const panel = window.createWebviewPanel("aphex.graph", "aphex graph", column, options);
    panel.iconPath = Uri.joinPath(this.#extension, "images", "icon.png");
    const local = (file: string) => panel.webview.asWebviewUri(Uri.joinPath(built, file)).toString();
    panel.webview.onDidReceiveMessage(() => this.#draw());
    panel.onDidDispose(() => (this.#panel = undefined));
    panel.webview.html = page({
      nonce: randomBytes(18).toString("base64"),
      origin: panel.webview.cspSource,
      script: local("graph.js"),
      style: local("graph.css"),
    });
    return panel;
  }

  #follow(document: TextDocument | undefined): void {
    if (this.#panel !== undefined && document !== undefined && isScript(document)) this.#update.ask();
  }

  async #draw(): Promise<void> {
    const editor = scriptEditor();
    if (editor !== undefined) this.#place = { document: editor.document, position: editor.selection.active };
    if (this.#panel === undefined || this.#place === undefined) return;
    const { document, position } = this.#place;
    const asked = ++this.#asked;
    const where = { line: position.line, character: position.character };
    const params = { textDocument: { uri: document.uri.toString() }, position: where };
    const graph = await this.#server.ask(protocol.graph, params, document.uri);
    if (asked === this.#asked) await this.#panel?.webview.postMessage(graph);
  }
}
