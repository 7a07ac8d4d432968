// The page: a script beside what it becomes. `engine.js` says what answers it.

import { Engine, follow } from './engine.js';

const $ = (id) => document.getElementById(id);
const script = $('script');
const engine = new Engine();

const state = {
  // Of the text `shown`: what is wrong, its words, what it becomes.
  shown: '', problems: [], words: [], files: [], picture: null, pipelines: [],
  pipeline: null, tab: 'graph',
  // Whether the files and the picture are of an earlier text, which had no errors.
  old: { files: false, picture: false },
  choices: [], chosen: 0, leaves: false,
  // The file that is followed, as it was told last.
  file: null,
};

// As the book has it: its theme, where one was chosen.
const DARK = new Set(['navy', 'coal', 'ayu']);
function isDark() {
  let theme = null;
  try { theme = localStorage.getItem('mdbook-theme'); } catch { /* a page without a store */ }
  return theme && !follow ? DARK.has(theme) : matchMedia('(prefers-color-scheme: dark)').matches;
}
let dark = false;
function dress() {
  dark = isDark();
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
}
dress();
for (const [source, event] of [[window, 'storage'], [matchMedia('(prefers-color-scheme: dark)'), 'change']]) {
  source.addEventListener(event, () => {
    dress();
    become();
  });
}

// What is shown of the script. -----------------------------------------------------------------------------------------

function draw() {
  // A word and a problem may overlap: the text is cut at every end of both.
  const text = script.value;
  const move = moved(state.shown, text);
  const words = state.words.map(([start, end, kind]) => [move(start), move(end), kind]);
  const problems = state.problems.map((one) => ({ ...one, start: move(one.start), end: move(one.end) }));
  const cuts = new Set([0, text.length]);
  for (const [start, end] of words) cuts.add(start).add(end);
  for (const { start, end } of problems) cuts.add(start).add(end);
  const ends = [...cuts].filter((at) => at <= text.length).sort((a, b) => a - b);
  const all = document.createDocumentFragment();
  let word = 0;
  for (let i = 0; i + 1 < ends.length; i++) {
    const [start, end] = [ends[i], ends[i + 1]];
    while (word < words.length && words[word][1] <= start) word++;
    const kind = words[word]?.[0] <= start ? words[word][2] : '';
    const problem = problems.find((one) => one.start <= start && one.end >= end);
    const name = `${kind} ${problem?.severity ?? ''}`.trim();
    if (name) all.append(make('span', text.slice(start, end), name));
    else all.append(text.slice(start, end));
  }
  all.append('\n');
  $('drawn').replaceChildren(all);
  scroll();
}

function make(kind, text, name = '') {
  const element = document.createElement(kind);
  element.textContent = text;
  element.className = name;
  return element;
}

// Where a place of the text that was looked at last is now: what stands before and after a change stays what it is.
function moved(old, text) {
  if (old === text) return (at) => at;
  const most = Math.min(old.length, text.length);
  let head = 0;
  while (head < most && old[head] === text[head]) head++;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
  const rest = old.length - tail;
  return (at) => (at <= head ? at : at >= rest ? at + text.length - old.length : head);
}

function scroll() {
  $('drawn').scrollTop = script.scrollTop;
  $('drawn').scrollLeft = script.scrollLeft;
}

function lineOf(at) {
  return script.value.slice(0, at).split('\n').length;
}

let listed = '';
function list(elsewhere) {
  // What is said already is not said again by a screen reader.
  const now = JSON.stringify([state.problems.map((problem) => [problem, lineOf(problem.start)]), elsewhere]);
  if (now === listed) return;
  listed = now;
  const items = state.problems.map((problem) => {
    const item = make('li', '', problem.severity);
    const go = make('button', `Line ${lineOf(problem.start)}: ${problem.message}`);
    go.type = 'button';
    go.onclick = () => goTo(problem);
    item.append(go, ...problem.help.map((help) => make('small', help)));
    return item;
  });
  items.push(...elsewhere.map((problem) => make('li', problem)));
  $('problems').replaceChildren(...(items.length ? items : [make('li', 'None.')]));
}

function goTo({ start, end }) {
  script.focus();
  script.setSelectionRange(start, end);
  script.scrollTop = (lineOf(start) - 5) * parseFloat(getComputedStyle(script).lineHeight);
}

// What it becomes. -----------------------------------------------------------------------------------------------------

function tabs() {
  const names = ['graph', ...state.files.map(([path]) => path)];
  if (!names.includes(state.tab)) state.tab = 'graph';
  const buttons = names.map((name) => {
    const tab = make('button', name === 'graph' ? 'Graph' : name.slice(name.lastIndexOf('/') + 1));
    tab.type = 'button';
    tab.role = 'tab';
    tab.title = name === 'graph' ? '' : name;
    tab.ariaSelected = String(name === state.tab);
    tab.setAttribute('aria-controls', 'panel');
    tab.tabIndex = name === state.tab ? 0 : -1;
    tab.onclick = () => { state.tab = name; become(); };
    return tab;
  });
  $('tabs').replaceChildren(...buttons);
}

function become() {
  const had = document.activeElement?.role === 'tab';
  tabs();
  if (had) $('tabs').querySelector('[aria-selected="true"]').focus();
  $('which').hidden = state.pipelines.length < 2;
  $('pipelines').replaceChildren(...state.pipelines.map((name) => new Option(name)));
  $('pipelines').value = state.pipelines.includes(state.pipeline) ? state.pipeline : state.pipelines[0];
  $('stale').hidden = !(state.tab === 'graph' ? state.old.picture : state.old.files);
  const panel = $('panel');
  panel.ariaLabel = state.tab;
  panel.className = state.tab === 'graph' ? 'graph' : '';
  const at = [panel.scrollTop, panel.scrollLeft];
  if (state.tab === 'graph') panel.replaceChildren(picture());
  else panel.replaceChildren(make('pre', state.files.find(([path]) => path === state.tab)?.[1] ?? ''));
  [panel.scrollTop, panel.scrollLeft] = at;
}

function picture() {
  if (!state.picture) return make('p', 'A script with a pipeline has a graph.');
  const drawn = make('div', '');
  // The picture asks the system for its theme, the page may have another.
  drawn.innerHTML = state.picture.replace(/\(prefers-color-scheme: ?dark\)/g, dark ? 'all' : 'not all');
  return drawn;
}

$('pipelines').onchange = () => {
  state.pipeline = $('pipelines').value;
  show();
};

$('tabs').addEventListener('keydown', (event) => {
  const all = [...$('tabs').children];
  const now = all.indexOf(document.activeElement);
  const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all[(to + all.length) % all.length].click();
});

// One question at a time: what was written in the meantime is asked next.
let asking = null;
function show() {
  document.body.ariaBusy = 'true';
  asking ??= (async () => {
    let asked;
    do {
      asked = [script.value, state.pipeline].join('\0');
      take(script.value, await engine.answer({ ask: 'show', text: script.value, pipeline: state.pipeline }));
    } while (asked !== [script.value, state.pipeline].join('\0'));
    asking = null;
    document.body.ariaBusy = 'false';
  })();
  return asking;
}

function take(text, answer) {
  state.old = { files: state.files.length > 0 && !answer.files?.length, picture: state.picture !== null && !answer.picture };
  if (answer.error) {
    state.problems = [{ start: 0, end: 0, severity: 'error', message: answer.error, help: [] }];
  } else {
    state.problems = answer.problems;
    state.words = answer.words;
    if (answer.pipelines.length) state.pipelines = answer.pipelines;
    if (answer.files.length) state.files = answer.files;
    state.picture = answer.picture ?? state.picture;
  }
  state.shown = text;
  draw();
  list(answer.elsewhere ?? []);
  const printed = answer.printed ?? [];
  $('printed').hidden = !printed.length;
  $('printed').querySelector('pre').textContent = printed.join('\n');
  become();
}

// Writing. -------------------------------------------------------------------------------------------------------------

let later = 0;
function changed() {
  document.body.ariaBusy = 'true';
  draw();
  tellFile();
  clearTimeout(later);
  later = setTimeout(show, 120);
}

let own = false;
function replace(start, end, text, select = [text.length, text.length]) {
  const had = document.activeElement;
  own = true;
  script.focus();
  script.setSelectionRange(start, end);
  // What is put in so can be undone.
  if (!document.execCommand(text ? 'insertText' : 'delete', false, text)) script.setRangeText(text, start, end, 'end');
  script.setSelectionRange(start + select[0], start + select[1]);
  own = false;
  if (had !== document.body && had !== script) had.focus();
  changed();
}

// The protocol's snippets: `$1` and `${1:words}` are places to fill in.
function plain(snippet) {
  let text = '';
  let select = null;
  const places = /\\([$}\\])|\$\{(\d+):([^}]*)\}|\$\{?(\d+)\}?/g;
  let from = 0;
  for (const found of snippet.matchAll(places)) {
    text += snippet.slice(from, found.index);
    from = found.index + found[0].length;
    if (found[1]) {
      text += found[1];
      continue;
    }
    const words = found[3] ?? '';
    if (!select && (found[2] ?? found[4]) !== '0') select = [text.length, text.length + words.length];
    text += words;
  }
  text += snippet.slice(from);
  return [text, select ?? [text.length, text.length]];
}

async function complete() {
  const [at, text] = [script.selectionStart, script.value];
  const { completions = [] } = await engine.answer({ ask: 'complete', text, at });
  if (at !== script.selectionStart || text !== script.value) return;
  const typed = (one) => text.slice(one.start, at).toLowerCase();
  state.choices = completions.filter((one) => one.label.toLowerCase().startsWith(typed(one))).slice(0, 60);
  state.chosen = 0;
  offer(at);
}

function offer(at) {
  const box = $('choices');
  box.hidden = !state.choices.length;
  if (box.hidden) return close();
  box.replaceChildren(...state.choices.map((one, index) => {
    const item = make('li', one.label);
    item.id = `choice-${index}`;
    item.role = 'option';
    item.ariaSelected = String(index === state.chosen);
    item.append(make('small', one.detail ?? ''));
    item.onmousedown = (event) => {
      event.preventDefault();
      state.chosen = index;
      choose();
    };
    return item;
  }));
  script.setAttribute('aria-activedescendant', `choice-${state.chosen}`);
  box.children[state.chosen].scrollIntoView({ block: 'nearest' });
  if (at === undefined) return;
  const style = getComputedStyle(script);
  const before = script.value.slice(0, at);
  const column = before.length - before.lastIndexOf('\n') - 1;
  const height = parseFloat(style.lineHeight);
  const left = parseFloat(style.paddingLeft) + column * width() - script.scrollLeft;
  const below = parseFloat(style.paddingTop) + lineOf(at) * height - script.scrollTop;
  const above = below - height - box.offsetHeight;
  box.style.left = `${Math.max(0, Math.min(left, script.clientWidth - box.offsetWidth))}px`;
  box.style.top = `${below + box.offsetHeight > innerHeight - script.getBoundingClientRect().top && above > 0 ? above : below}px`;
}

let letter = 0;
function width() {
  if (!letter) {
    const context = document.createElement('canvas').getContext('2d');
    context.font = getComputedStyle(script).font;
    letter = context.measureText('0').width;
  }
  return letter;
}

function close() {
  state.choices = [];
  $('choices').hidden = true;
  script.removeAttribute('aria-activedescendant');
}

function choose() {
  const one = state.choices[state.chosen];
  const end = script.selectionStart;
  close();
  const [text, select] = plain(one.snippet);
  replace(one.start, end, text, select);
}

// What the language server says in Markdown: blocks of code between fences, the rest as it is, without the signs around words.
async function explain() {
  const { explanation } = await engine.answer({ ask: 'explain', text: script.value, at: script.selectionStart });
  const box = $('explained');
  box.hidden = !explanation;
  const parts = (explanation ?? '').split(/^```.*\n?/m);
  box.replaceChildren(...parts.map((part, index) => {
    if (index % 2) return make('pre', part.trimEnd());
    return make('p', part.trim().replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]|^---$/gm, ''));
  }).filter((part) => part.textContent));
}

async function format() {
  const text = script.value;
  const answer = await engine.answer({ ask: 'format', text });
  if (text !== script.value) return;
  if (typeof answer.text !== 'string') return say('A script with a mistake in its form has no style.');
  if (answer.text !== text) replace(0, text.length, answer.text, [0, 0]);
  say('Formatted.');
}

function nextProblem() {
  const after = state.problems.find((one) => one.start > script.selectionStart) ?? state.problems[0];
  if (after) goTo(after);
}

script.addEventListener('input', (event) => {
  if (own) return;
  changed();
  const line = script.value.slice(0, script.selectionStart).split('\n').at(-1);
  const opens = event.data === '"' && line.split('"').length % 2 === 0;
  if (event.inputType === 'insertText' && (opens || /^\w$/.test(event.data))) complete();
  else close();
});
script.addEventListener('scroll', () => {
  scroll();
  close();
});
script.addEventListener('blur', close);
script.addEventListener('keydown', (event) => {
  const open = state.choices.length > 0;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const leaves = state.leaves;
  state.leaves = false;
  if (event.key === ' ' && event.ctrlKey) complete();
  else if (open && step) {
    state.chosen = (state.chosen + step + state.choices.length) % state.choices.length;
    offer();
  } else if (open && (event.key === 'Enter' || event.key === 'Tab')) choose();
  else if (event.key === 'Escape') {
    close();
    state.leaves = true;
    $('explained').hidden = true;
  } else if (event.key === 'Tab' && !event.shiftKey && !leaves) replace(script.selectionStart, script.selectionEnd, '    ');
  else if (event.key === 'F1') explain();
  else if (event.key === 'F8') nextProblem();
  else if (event.key.toLowerCase() === 'f' && event.altKey && event.shiftKey) format();
  else return;
  event.preventDefault();
});
$('format').onclick = format;

let quiet = 0;
function say(words) {
  $('said').textContent = words;
  clearTimeout(quiet);
  quiet = setTimeout(() => tellFile(true), 4000);
}

// A link that carries the script. --------------------------------------------------------------------------------------

async function through(stream, bytes) {
  const out = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(out).arrayBuffer());
}

async function pack(text) {
  const bytes = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text));
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return letters.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

async function unpack(letters) {
  const packed = atob(letters.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(packed, (byte) => byte.charCodeAt(0));
  return new TextDecoder().decode(await through(new DecompressionStream('deflate-raw'), bytes));
}

$('share').onclick = async () => {
  history.replaceState(null, '', `#script=${await pack(script.value)}`);
  try {
    await navigator.clipboard.writeText(location.href);
    say('The link is copied.');
  } catch {
    say('The link is in the address bar.');
  }
};

async function linked() {
  const letters = /^#script=(.+)$/.exec(location.hash)?.[1];
  if (!letters) return null;
  try {
    return await unpack(letters);
  } catch {
    say('The link holds no script.');
    return null;
  }
}

// A file that is followed. ---------------------------------------------------------------------------------------------

function tellFile(again = false) {
  if (!state.file) {
    if (again) $('said').textContent = '';
    return;
  }
  const { text, said } = state.file;
  const differs = text !== null && script.value !== text;
  $('take').hidden = !differs;
  $('said').textContent = said ?? (differs ? 'Tried here, not saved.' : '');
}

async function seen(file) {
  if (!file) {
    state.file = { ...state.file, said: 'aphex preview has ended.' };
    return tellFile();
  }
  const was = state.file?.text;
  const isOwn = was !== undefined && was !== null && script.value !== was;
  state.file = file;
  document.title = `${file.name} · aphex`;
  $('home').textContent = file.name;
  script.ariaLabel = file.name;
  // What was written here stays; the button shows what is in the file.
  if (file.text !== null && !isOwn) takeFile();
  tellFile();
  await show();
}

function takeFile() {
  const { text } = state.file;
  if (text === script.value) return;
  const move = moved(script.value, text);
  const at = [move(script.selectionStart), move(script.selectionEnd)];
  const top = script.scrollTop;
  replace(0, script.value.length, text, at);
  script.scrollTop = top;
}

$('take').onclick = () => {
  script.focus();
  takeFile();
};

// The start. -----------------------------------------------------------------------------------------------------------

async function start() {
  const home = make('a', 'aphex');
  home.href = '../index.html';
  $('home').replaceChildren(home);
  const examples = await fetch('examples.json').then((found) => found.json()).catch(() => []);
  $('examples').replaceChildren(...examples.map(({ name }) => new Option(name)));
  $('examples').onchange = () => {
    history.replaceState(null, '', location.pathname);
    replace(0, script.value.length, examples[$('examples').selectedIndex].text, [0, 0]);
  };
  script.value = (await linked()) ?? examples[0]?.text ?? '';
  script.setSelectionRange(0, 0);
  draw();
  await show();
}

if (follow) {
  $('choose').hidden = true;
  $('share').hidden = true;
  follow(seen);
} else {
  window.addEventListener('hashchange', async () => {
    const text = await linked();
    if (text !== null && text !== script.value) replace(0, script.value.length, text, [0, 0]);
  });
  start();
}
