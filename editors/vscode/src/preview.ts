// The files that a pipeline becomes, as texts that follow the script, and the way back into it.
import {
  commands,
  Disposable,
  EventEmitter,
  languages,
  LanguageStatusSeverity,
  Location,
  Position,
  Range,
  Uri,
  ViewColumn,
  window,
  workspace,
  type DefinitionProvider,
  type TextDocument,
  type TextDocumentContentProvider,
} from "vscode";
import type { Location as ProtocolLocation, Position as ProtocolPosition } from "vscode-languageclient/node";
import type { Server } from "./client";
import { Later } from "./later";
import * as protocol from "./protocol";
import { columnOf, isScript, scriptEditor } from "./scripts";

const SCHEME = "aphex-preview";
/** Long enough not to ask at every letter. */
const DELAY = 200;
/** A file that every pipeline has, and whose first line comes of the call that declares it. */
const ANCHOR = "cloudformation.yaml";

/** A file of a pipeline of a script. */
interface Source {
  script: Uri;
  pipeline: string;
  path: string;
}

/** Registers the commands and the texts. */
export function preview(server: Server): Disposable {
  const previews = new Previews(server);
  return Disposable.from(
    previews,
    workspace.registerTextDocumentContentProvider(SCHEME, previews),
    languages.registerDefinitionProvider({ scheme: SCHEME }, previews),
    commands.registerCommand("aphex.preview", (script?: unknown, position?: unknown) => {
      const editor = scriptEditor();
      // The code lens says where; a menu gives the file alone, and the palette nothing.
      const uri = typeof script === "string" ? Uri.parse(script) : script instanceof Uri ? script : editor?.document.uri;
      const isEditor = uri !== undefined && uri.toString() === editor?.document.uri.toString();
      const place = isPosition(position) ? position : isEditor ? editor?.selection.active : undefined;
      return uri === undefined ? window.showInformationMessage("aphex: open a script to preview it.") : previews.show(uri, place);
    }),
    commands.registerCommand("aphex.preview.origin", async () => {
      const editor = window.activeTextEditor;
      if (editor?.document.uri.scheme === SCHEME) await previews.back(editor.document, editor.selection.active);
    }),
  );
}

class Previews implements TextDocumentContentProvider, DefinitionProvider, Disposable {
  readonly #server: Server;
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  /** What each open file says, by its URI. */
  readonly #texts = new Map<string, string>();
  readonly #status = languages.createLanguageStatusItem("aphex.preview", { scheme: SCHEME });
  readonly #refresh = new Later(DELAY, () => this.#renew());
  readonly #parts: Disposable;

  constructor(server: Server) {
    this.#server = server;
    this.#say(true);
    this.#parts = Disposable.from(
      this.#changed,
      this.#status,
      this.#refresh,
      workspace.onDidChangeTextDocument(({ document }) => {
        // Any script: one may import another.
        if (isScript(document)) this.#refresh.ask();
      }),
      workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  dispose(): void {
    this.#parts.dispose();
  }

  /** Lets the user choose one of the files of the pipeline at `position`, and shows it. */
  async show(script: Uri, position?: ProtocolPosition): Promise<void> {
    const generated = await this.#ask(script, position);
    if (generated === null) {
      const message = "aphex: there is nothing to preview, since the script has errors or declares no pipeline.";
      const chosen = await window.showWarningMessage(message, "Show Problems");
      if (chosen !== undefined) await commands.executeCommand("workbench.actions.view.problems");
      return;
    }
    const file = await choose(generated);
    if (file === undefined) return;
    const uri = toUri({ script, pipeline: generated.pipeline, path: file.path });
    this.#put(uri, file.text);
    const document = await workspace.openTextDocument(uri);
    if (document.languageId !== file.languageId) await languages.setTextDocumentLanguage(document, file.languageId);
    const shown = window.visibleTextEditors.find((editor) => editor.document.uri.scheme === SCHEME);
    await window.showTextDocument(document, { viewColumn: shown?.viewColumn ?? ViewColumn.Beside, preview: true });
  }

  /** Shows what of the script made a line of a file. */
  async back(document: TextDocument, position: Position): Promise<void> {
    const origin = await this.provideDefinition(document, position);
    if (origin === undefined) {
      await window.showInformationMessage("aphex: no single place of the script made this line.");
      return;
    }
    const viewColumn = columnOf(origin.uri) ?? scriptEditor()?.viewColumn ?? ViewColumn.Beside;
    await window.showTextDocument(origin.uri, { viewColumn, selection: origin.range });
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const known = this.#texts.get(uri.toString());
    if (known !== undefined) return known;
    // A window that was opened again asks for what it showed before.
    const source = fromUri(uri);
    const text = (await this.#generate(source))?.files.find(({ path }) => path === source.path)?.text;
    return text ?? "";
  }

  async provideDefinition(document: TextDocument, position: Position): Promise<Location | undefined> {
    const origin = await this.#origin(fromUri(document.uri), position.line);
    if (origin === null) return undefined;
    const { start, end } = origin.range;
    return new Location(Uri.parse(origin.uri), new Range(start.line, start.character, end.line, end.character));
  }

  /** Asks for every pipeline that is shown again. */
  async #renew(): Promise<void> {
    const shown = workspace.textDocuments.filter(({ uri }) => uri.scheme === SCHEME);
    const pipelines = new Map<string, protocol.Generated | null>();
    let isCurrent = true;
    for (const { uri } of shown) {
      const source = fromUri(uri);
      const key = JSON.stringify([source.script.toString(), source.pipeline]);
      if (!pipelines.has(key)) pipelines.set(key, await this.#generate(source));
      const file = pipelines.get(key)?.files.find(({ path }) => path === source.path);
      // What it said before the mistake is worth more than nothing.
      if (file === undefined) isCurrent = false;
      else this.#put(uri, file.text);
    }
    this.#say(isCurrent);
  }

  #put(uri: Uri, text: string): void {
    const key = uri.toString();
    if (this.#texts.get(key) === text) return;
    this.#texts.set(key, text);
    this.#changed.fire(uri);
  }

  #say(isCurrent: boolean): void {
    this.#status.name = "aphex preview";
    this.#status.text = isCurrent ? "Follows the script" : "Older than the script";
    this.#status.detail = isCurrent ? "" : "it has errors, or makes no such file any more";
    this.#status.severity = isCurrent ? LanguageStatusSeverity.Information : LanguageStatusSeverity.Warning;
  }

  /** The files of the pipeline that a shown file belongs to, wherever the script declares it now. */
  async #generate(source: Source): Promise<protocol.Generated | null> {
    const origin = await this.#origin({ ...source, path: ANCHOR }, 0);
    // A module may declare it for the script.
    const where = origin === null ? source.script : Uri.parse(origin.uri);
    const generated = await this.#ask(where, origin?.range.start);
    return generated?.pipeline === source.pipeline ? generated : null;
  }

  #ask(script: Uri, position?: ProtocolPosition): Promise<protocol.Generated | null> {
    const where = position === undefined ? {} : { position: { line: position.line, character: position.character } };
    return this.#server.ask(protocol.preview, { textDocument: { uri: script.toString() }, ...where }, script);
  }

  #origin({ script, pipeline, path }: Source, line: number): Promise<ProtocolLocation | null> {
    return this.#server.ask(protocol.origin, { textDocument: { uri: script.toString() }, pipeline, path, line }, script);
  }
}

async function choose({ pipeline, files }: protocol.Generated): Promise<protocol.GeneratedFile | undefined> {
  if (files.length < 2) return files[0];
  const items = files.map((file) => ({ label: file.path, file }));
  return (await window.showQuickPick(items, { placeHolder: `Files of ${pipeline}` }))?.file;
}

function toUri({ script, pipeline, path }: Source): Uri {
  return Uri.from({ scheme: SCHEME, path: `/${pipeline}/${path}`, query: script.toString() });
}

function fromUri(uri: Uri): Source {
  const [, pipeline = "", ...path] = uri.path.split("/");
  return { script: Uri.parse(uri.query), pipeline, path: path.join("/") };
}

function isPosition(value: unknown): value is ProtocolPosition {
  return typeof value === "object" && value !== null && "line" in value && "character" in value;
}
