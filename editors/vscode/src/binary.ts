// Where the interpreter is.
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";

/**
 * The absolute path of the interpreter that the setting names: a path, one below `~`, or a name on the PATH.
 *
 * It is never looked for below the current folder, which may be a workspace that the user does not trust: relative paths
 * and relative entries of the PATH are passed over, and so is the folder itself, where Windows would look first.
 */
export async function findBinary(
  configured: string,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const expanded = configured.replace(/^~(?=[/\\])/, homedir());
  const candidates = /[/\\]/.test(expanded) ? [expanded] : onPath(expanded, environment, platform);
  const endings = platform === "win32" ? ["", ".exe"] : [""];
  for (const candidate of candidates.filter((one) => path.isAbsolute(one))) {
    for (const ending of endings) {
      if (await isExecutable(candidate + ending)) return candidate + ending;
    }
  }
  return undefined;
}

function onPath(name: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const folders = environment["PATH"] ?? environment["Path"] ?? "";
  return folders.split(platform === "win32" ? ";" : ":").map((folder) => path.join(folder, name));
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
