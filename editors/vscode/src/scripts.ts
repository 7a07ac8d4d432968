// The script that a command is about.
import { window, type TextDocument, type TextEditor, type Uri, type ViewColumn } from "vscode";

export const LANGUAGE = "aphex";

export function isScript(document: TextDocument): boolean {
  return document.languageId === LANGUAGE;
}

/** The editor of a script that the user is in, or the first one in sight. */
export function scriptEditor(): TextEditor | undefined {
  const active = window.activeTextEditor;
  if (active !== undefined && isScript(active.document)) return active;
  return window.visibleTextEditors.find((editor) => isScript(editor.document));
}

/** Where a text is shown. */
export function columnOf(uri: Uri): ViewColumn | undefined {
  return window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString())?.viewColumn;
}
