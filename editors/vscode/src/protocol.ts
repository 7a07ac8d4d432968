// What `aphex lsp` answers beyond the protocol that every language server has.
import { RequestType, type Location, type Position, type TextDocumentIdentifier } from "vscode-languageclient/node";

interface Place {
  textDocument: TextDocumentIdentifier;
  position?: Position;
}

/** A file that a pipeline becomes. */
export interface GeneratedFile {
  /** Below the pipeline's folder, with `/` on every system. */
  path: string;
  languageId: string;
  text: string;
}

/** Every file of a pipeline. */
export interface Generated {
  pipeline: string;
  files: GeneratedFile[];
}

/** The picture of a pipeline, and the stage that the asked position is at. */
export interface Graph {
  svg: string;
  stage: string | null;
}

/** The files of the pipeline at the position, or of the first one; null where the script has errors. */
export const preview = new RequestType<Place, Generated | null, void>("aphex/preview");

/** Which text of the script made a line of a file. */
export const origin = new RequestType<
  { textDocument: TextDocumentIdentifier; pipeline: string; path: string; line: number },
  Location | null,
  void
>("aphex/origin");

/** The page of a problem's code. */
export const explain = new RequestType<{ code: string }, { markdown: string } | null, void>("aphex/explain");

/** The picture of the pipeline at the position, or of the first one. */
export const graph = new RequestType<Place, Graph | null, void>("aphex/graph");
