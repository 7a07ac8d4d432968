// The page of a problem's code, as a preview of Markdown.
import {
  CodeAction,
  CodeActionKind,
  commands,
  Disposable,
  languages,
  Uri,
  window,
  workspace,
  type CodeActionContext,
  type CodeActionProvider,
  type Diagnostic,
  type Range,
  type TextDocument,
  type TextDocumentContentProvider,
} from "vscode";
import type { Server } from "./client";
import * as protocol from "./protocol";
import { LANGUAGE, scriptEditor } from "./scripts";

const SCHEME = "aphex-explain";
const KIND = CodeActionKind.QuickFix.append("explain");

/** What shows the page of a code where it is followed as a link. */
export function explanation(code: string): Uri {
  return Uri.from({ scheme: "command", path: "aphex.explain", query: JSON.stringify([code]) });
}

/** Registers the command, the pages and the code action. */
export function explain(server: Server): Disposable {
  return Disposable.from(
    workspace.registerTextDocumentContentProvider(SCHEME, new Pages(server)),
    languages.registerCodeActionsProvider(LANGUAGE, new Actions(), { providedCodeActionKinds: [KIND] }),
    commands.registerCommand("aphex.explain", async (code?: unknown) => {
      const chosen = typeof code === "string" ? code : await choose();
      if (chosen !== undefined) await show(server, chosen);
    }),
  );
}

/** Texts of pages, each at `aphex-explain:/CODE.md`. */
class Pages implements TextDocumentContentProvider {
  constructor(private readonly server: Server) {}

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const code = uri.path.slice(1).replace(/\.md$/, "");
    return (await this.server.ask(protocol.explain, { code }))?.markdown ?? `No page was found for \`${code}\`.\n`;
  }
}

/** "Explain `unknown-key`" at each problem. */
class Actions implements CodeActionProvider {
  provideCodeActions(_document: TextDocument, _range: Range, context: CodeActionContext): CodeAction[] {
    return [...new Set(context.diagnostics.flatMap(codeOf))].map((code) => {
      const title = `Explain \`${code}\``;
      const action = new CodeAction(title, KIND);
      action.diagnostics = context.diagnostics.filter((diagnostic) => codeOf(diagnostic).includes(code));
      action.command = { title, command: "aphex.explain", arguments: [code] };
      return action;
    });
  }
}

async function show(server: Server, code: string): Promise<void> {
  if ((await server.ask(protocol.explain, { code })) === null) {
    await window.showWarningMessage(`aphex: there is no page about \`${code}\`.`);
    return;
  }
  const uri = Uri.from({ scheme: SCHEME, path: `/${code}.md` });
  await commands.executeCommand("markdown.showPreviewToSide", uri);
}

/** The code under the cursor, or one of the script's that the user chooses, or one that is typed. */
async function choose(): Promise<string | undefined> {
  const editor = scriptEditor();
  const problems = editor === undefined ? [] : languages.getDiagnostics(editor.document.uri);
  const here = problems.filter((problem) => editor?.selections.some((selection) => problem.range.intersection(selection)));
  const codes = [...new Set((here.length > 0 ? here : problems).flatMap(codeOf))];
  if (codes.length === 0) return window.showInputBox({ prompt: "The code of a problem, such as `unknown-key`" });
  if (codes.length === 1) return codes[0];
  return window.showQuickPick(codes, { placeHolder: "Which problem?" });
}

function codeOf({ source, code }: Diagnostic): string[] {
  const value = typeof code === "object" ? code.value : code;
  return source === "aphex" && typeof value === "string" ? [value] : [];
}
