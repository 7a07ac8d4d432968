// The script that a command is about.
import { Uri, window, type TextDocument, type TextEditor } from "vscode";

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

/** Shows a text: where it is shown already, or beside what the user is in. */
export function columnOf(uri: Uri): number | undefined {
  return window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString())?.viewColumn;
}
