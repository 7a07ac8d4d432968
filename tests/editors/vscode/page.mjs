// The page of the graph in Chromium, in a light and a dark theme.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const THEMES = {
  "vscode-light": { foreground: "#3b3b3b", background: "#ffffff", border: "#005fb8" },
  "vscode-dark": { foreground: "#cccccc", background: "#1f1f1f", border: "#0078d4" },
};

const ELSEWHERE = ["https://elsewhere.test/a.css", "https://elsewhere.test/a.png"];

/** A picture that tries to do what a picture should not. */
const EVIL = `<svg xmlns="http://www.w3.org/2000/svg" class="aphex-graph" width="9" height="9" onload="window.broken=1">
<script>window.broken=1</script><foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="x:" onerror="window.broken=1"/></foreignObject>
<style>@import "${ELSEWHERE[0]}";</style><image href="${ELSEWHERE[1]}"/></svg>`;

/** Shows `graph` in the page, and looks at what a reader sees; the pictures are left in `work`. */
export function checkPage({ html, graph }, work, report) {
  const fills = {};
  for (const [theme, colours] of Object.entries(THEMES)) {
    const file = path.join(work, `${theme}.html`);
    writeFileSync(file, driven(html, graph, theme, colours));
    const picture = path.join(work, `${theme}.png`);
    chromium(`--screenshot=${picture}`, "--window-size=760,900", pathToFileURL(file).href);
    const dom = chromium("--dump-dom", pathToFileURL(file).href);
    const found = /<pre id="seen"[^>]*>(.*?)<\/pre>/s.exec(dom)?.[1];
    const seen = found === undefined ? undefined : JSON.parse(found.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
    fills[theme] = seen?.fill;
    report(`page: ${theme}: the stage of the cursor alone is marked`, seen === undefined ? ["nothing was seen"] : differ(seen.marked, [graph.stage]));
    report(`page: ${theme}: a picture is kept as it was while there is none`, differ(seen?.stale, { note: true, dim: true }));
    report(`page: ${theme}: nothing runs in a picture, and nothing is loaded`, differ(seen?.broken, { ran: false, refused: ELSEWHERE }));
  }
  report("page: each theme has its own colours", fills["vscode-light"] !== fills["vscode-dark"] ? [] : [JSON.stringify(fills)]);
}

function differ(actual, expected) {
  const [a, b] = [actual, expected].map((one) => JSON.stringify(one));
  return a === b ? [] : [`${a} is not ${b}`];
}

/** The page, with an editor that sends a graph around it. */
function driven(html, graph, theme, { foreground, background, border }) {
  const nonce = /script-src 'nonce-([^']+)'/.exec(html)[1];
  const text = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");
  const before = `<script nonce="${nonce}">
document.documentElement.style.setProperty("--vscode-editor-foreground", "${foreground}");
document.documentElement.style.setProperty("--vscode-editor-background", "${background}");
document.documentElement.style.setProperty("--vscode-focusBorder", "${border}");
globalThis.acquireVsCodeApi = () => ({ postMessage() {} });
</script>`;
  const after = `<script nonce="${nonce}">
document.body.classList.add("${theme}");
const refused = [];
document.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
  if (blockedURI.startsWith("https:")) refused.push(blockedURI);
});
const post = (data) => window.dispatchEvent(new MessageEvent("message", { data }));
const later = () => new Promise((done) => setTimeout(done, 50));
(async () => {
  const graph = ${text(graph)};
  post(graph);
  await later();
  const fill = getComputedStyle(document.querySelector(".stage .box")).fill;
  const marked = [...document.querySelectorAll(".here")].map((one) => one.dataset.stage);
  post(null);
  await later();
  const stale = { note: !document.getElementById("note").hidden, dim: getComputedStyle(document.getElementById("graph")).opacity === "0.5" };
  post({ svg: ${text(EVIL)}, stage: null });
  await later();
  const broken = { ran: window.broken === 1, refused };
  post(graph);
  await later();
  const seen = document.createElement("pre");
  seen.id = "seen";
  seen.hidden = true;
  seen.textContent = JSON.stringify({ fill, marked, stale, broken });
  document.body.append(seen);
})();
</script>`;
  return html.replace("<body>", () => `<body>${before}`).replace("</body>", () => `${after}</body>`);
}

function chromium(...options) {
  const shared = ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--virtual-time-budget=5000"];
  return execFileSync("chromium", [...shared, ...options], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 60_000 });
}
