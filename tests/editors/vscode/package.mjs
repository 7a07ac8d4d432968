// The package that a user installs: what is in it, and whether its manifest says so.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";

/** What belongs into it, and nothing else does. */
const FILES = [
  "LICENSE.txt",
  "changelog.md",
  "dist/LICENSES.txt",
  "dist/extension.js",
  "dist/graph.css",
  "dist/graph.js",
  "images/icon.png",
  "language-configuration.json",
  "package.json",
  "readme.md",
  "snippets/aphex.json",
  "syntaxes/aphex.tmLanguage.json",
];
/** In bytes. */
const MOST = 400_000;

/** Checks and packages the sources, and unpacks what comes of it into `work`; the folder of the extension there. */
export function checkPackage(sources, work, report) {
  for (const old of readdirSync(sources).filter((name) => name.endsWith(".vsix"))) rmSync(path.join(sources, old));
  rmSync(path.join(sources, "dist"), { recursive: true, force: true });
  const run = (script) => attempt(() => execFileSync("npm", ["run", "--silent", script], { cwd: sources, stdio: "pipe" }));
  report("package: the types and the linter", run("check"));
  report("package: it is made", run("package"));
  const name = readdirSync(sources).find((one) => one.endsWith(".vsix"));
  const unpacked = path.join(work, "vsix");
  execFileSync("python3", ["-m", "zipfile", "-e", path.join(sources, name), unpacked]);
  const folder = path.join(unpacked, "extension");
  const size = statSync(path.join(sources, name)).size;
  report(`package: ${name} has ${Math.round(size / 1000)} kB`, size < MOST ? [] : [`more than ${MOST / 1000} kB`]);

  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => path.relative(folder, path.join(one.parentPath, one.name)));
  report("package: it holds what belongs there, and nothing else", [
    ...files.filter((file) => !FILES.includes(file)).map((file) => `${file} does not belong there`),
    ...FILES.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
  ]);
  checkManifest(JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")), folder, report);
  return folder;
}

function checkManifest(manifest, folder, report) {
  const { contributes } = manifest;
  const named = [manifest.main, manifest.icon, ...paths(contributes)];
  report(`package: the manifest's ${named.length} files are there`, named.filter((file) => !existsSync(path.join(folder, file))));
  const json = files(folder, /\.json$/);
  report(`package: ${json.length} files of JSON can be read`, json.flatMap((file) => attempt(() => JSON.parse(readFileSync(file, "utf8")))));
  const declared = contributes.commands.map(({ command }) => command);
  const used = Object.values(contributes.menus).flat().map(({ command }) => command);
  report("package: menus know the commands", used.filter((command) => !declared.includes(command)));
  const { "aphex.path": binary } = contributes.configuration.properties;
  report("package: a workspace cannot name the program that is started", [
    ...(binary.scope === "machine" ? [] : ["`aphex.path` is a setting of the workspace too"]),
    ...(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.includes("aphex.path") ? [] : ["not where it is not trusted"]),
  ]);
  const settings = new Set(readFileSync(path.join(folder, "readme.md"), "utf8").match(/`aphex\.[A-Za-z.]+`/g));
  const properties = Object.keys(contributes.configuration.properties);
  report("package: the README tells every setting", properties.filter((name) => !settings.has(`\`${name}\``)));
}

/** Whatever in the manifest is a path. */
function paths(value) {
  if (typeof value === "string") return value.startsWith("./") ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(paths) : [];
}

function files(folder, pattern) {
  return readdirSync(folder, { recursive: true }).filter((file) => pattern.test(file)).map((file) => path.join(folder, file));
}

function attempt(work) {
  try {
    work();
    return [];
  } catch (error) {
    return [[error.message, error.stdout, error.stderr].filter(Boolean).join("\n")];
  }
}
