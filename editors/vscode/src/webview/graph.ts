// Shows the picture that the extension sends, in the colours of the editor, and marks the stage of the cursor.

interface Graph {
  svg: string;
  stage: string | null;
}

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const nonce = (document.currentScript as HTMLScriptElement).nonce;
const holder = document.getElementById("graph") as HTMLElement;
const note = document.getElementById("note") as HTMLElement;
const style = document.createElement("style");
// The policy of the page lets styles with its nonce in; the picture's own has none.
style.nonce = nonce;
document.head.append(style);

let shown = "";

function show(graph: Graph | null): void {
  note.textContent = shown === "" ? "Nothing to draw: the script declares no pipeline that could be read." : "From before the script's errors.";
  note.hidden = graph !== null;
  document.body.classList.toggle("stale", graph === null);
  if (graph === null) return;
  if (graph.svg !== shown) draw(graph.svg);
  mark(graph.stage);
}

function draw(svg: string): void {
  const styles: string[] = [];
  // Taken out of the text: the policy refuses a style without the nonce as soon as it is parsed.
  const drawing = svg.replace(/<style>([^]*?)<\/style>/g, (_, text: string) => {
    styles.push(text);
    return "";
  });
  const picture = new DOMParser().parseFromString(drawing, "image/svg+xml").documentElement;
  style.textContent = styles.join("\n");
  holder.replaceChildren(document.importNode(picture, true));
  shown = svg;
  follow();
}

function mark(stage: string | null): void {
  for (const group of holder.querySelectorAll<SVGGElement>("[data-stage]")) {
    const isHere = group.dataset["stage"] === stage;
    if (isHere && !group.classList.contains("here")) group.scrollIntoView({ block: "nearest", inline: "nearest" });
    group.classList.toggle("here", isHere);
  }
}

/** The picture has dark colours for a dark system; the editor's theme says whether they count. */
function follow(): void {
  const { classList } = document.body;
  const isDark = classList.contains("vscode-dark") || (classList.contains("vscode-high-contrast") && !classList.contains("vscode-high-contrast-light"));
  for (const rule of style.sheet?.cssRules ?? []) {
    if (rule instanceof CSSMediaRule) rule.media.mediaText = isDark ? "all" : "not all";
  }
}

new MutationObserver(follow).observe(document.body, { attributes: true, attributeFilter: ["class"] });
window.addEventListener("message", ({ data }: MessageEvent<Graph | null>) => show(data));
// A panel that was hidden is a new page: it asks for its picture.
acquireVsCodeApi().postMessage("ready");
