// The settings, as the user and as the server see them.
import { workspace } from "vscode";

/** What the server wants to know, when it starts and when it changes. */
export interface ServerSettings {
  parameters: Record<string, unknown>;
  inlayHints: { order: boolean; defaults: boolean };
  codeLens: boolean;
}

export function serverSettings(): ServerSettings {
  const settings = workspace.getConfiguration("aphex");
  return {
    parameters: parameters(),
    inlayHints: {
      order: settings.get("inlayHints.order", true),
      defaults: settings.get("inlayHints.defaults", false),
    },
    codeLens: settings.get("codeLens", true),
  };
}

/** Values for `param(name)`. */
export function parameters(): Record<string, unknown> {
  return workspace.getConfiguration("aphex").get("parameters", {});
}

/** The interpreter, as the user wrote it. */
export function configuredPath(): string {
  return workspace.getConfiguration("aphex").get("path", "").trim() || "aphex";
}
