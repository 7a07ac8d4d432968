// Bundles the extension and the page of the graph; `--package` also brings the licences that a package needs.
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const shared = { bundle: true, minify: true, legalComments: "none", metafile: true, logLevel: "warning" };

const extension = await build({
  ...shared,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  platform: "node",
  target: "node22",
  format: "cjs",
  external: ["vscode"],
});
await build({
  ...shared,
  entryPoints: ["src/webview/graph.ts", "src/webview/graph.css"],
  outdir: "dist",
  platform: "browser",
  target: "chrome138",
  format: "iife",
});

if (process.argv.includes("--package")) {
  const own = await Promise.all(["MIT", "APACHE"].map((name) => readFile(`../../LICENSE-${name}`, "utf8")));
  await writeFile("LICENSE.txt", `MIT or Apache-2.0, at your option.\n\n${own.join(`\n${"-".repeat(80)}\n\n`)}`);
  await writeFile("dist/LICENSES.txt", await licences(Object.keys(extension.metafile.inputs)));
}

/** What the licences of the bundled packages want to go along with them. */
async function licences(inputs) {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []));
  const texts = [...folders].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((one) => /^licen[cs]e(\.|$)/i.test(one));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name} ${version} (${license})\n\n${(await readFile(path.join(folder, file), "utf8")).trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`);
}
