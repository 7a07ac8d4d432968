// As much of the `vscode` module as the extension and its language client use. What a test looks at or plays with is on
// `editor`; anything else that is asked for is a function that registers nothing.
"use strict";

const { readFileSync } = require("node:fs");
const { URI } = require("vscode-uri");

class Disposable {
  static from(...all) {
    return new Disposable(() => all.forEach((one) => one.dispose()));
  }
  constructor(work = () => {}) {
    this.dispose = work;
  }
}

class EventEmitter {
  #listeners = new Set();
  event = (listener, self) => {
    const bound = self === undefined ? listener : listener.bind(self);
    this.#listeners.add(bound);
    return new Disposable(() => this.#listeners.delete(bound));
  };
  fire = (value) => [...this.#listeners].forEach((listener) => listener(value));
  dispose = () => this.#listeners.clear();
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
  isBefore(other) {
    return this.line < other.line || (this.line === other.line && this.character < other.character);
  }
}

class Range {
  constructor(...all) {
    const [start, end] = all.length === 4 ? [new Position(all[0], all[1]), new Position(all[2], all[3])] : all;
    Object.assign(this, { start, end });
  }
  intersection(other) {
    return this.end.isBefore(other.start) || other.end.isBefore(this.start) ? undefined : this;
  }
}

class Selection extends Range {
  constructor(line, character) {
    super(line, character, line, character);
    this.active = this.start;
  }
}

class Kind {
  constructor(value) {
    this.value = value;
  }
  append(part) {
    return new Kind(this.value === "" ? part : `${this.value}.${part}`);
  }
}

/** A class that keeps what it is made with. */
const record = (...names) =>
  class {
    constructor(...values) {
      names.forEach((name, at) => (this[name] = values[at]));
    }
  };

class Document {
  version = 1;
  isUntitled = false;
  isClosed = false;
  #text;
  constructor(uri, languageId, text) {
    Object.assign(this, { uri, languageId, fileName: uri.fsPath });
    this.#text = text;
  }
  getText() {
    return this.#text;
  }
  set(text) {
    this.#text = text;
    this.version += 1;
  }
  get lineCount() {
    return this.#text.split("\n").length;
  }
  async save() {
    editor.saved.push(this.uri.toString());
    return true;
  }
}

const events = {};
const event = (name) => (events[name] ??= new EventEmitter());

/** What a test sees and sets. */
const editor = {
  settings: {},
  documents: new Map(),
  commands: new Map(),
  executed: [],
  contents: new Map(),
  providers: {},
  diagnostics: new Map(),
  statuses: [],
  panels: [],
  tasks: [],
  messages: [],
  saved: [],
  output: [],
  /** Chooses among the items of a quick pick, or the buttons of a message. */
  choose: () => undefined,
  fire: (name, value) => event(name).fire(value),

  /** Opens an editor with the cursor at a place. */
  show(document, line = 0, character = 0) {
    const selection = new Selection(line, character);
    const shown = { document, selection, selections: [selection], viewColumn: 1 };
    module_.window.activeTextEditor = shown;
    module_.window.visibleTextEditors = [shown];
    event("onDidChangeActiveTextEditor").fire(shown);
    event("onDidChangeTextEditorSelection").fire({ textEditor: shown, selections: shown.selections });
    return shown;
  },

  /** Changes all of a text. */
  type(document, text) {
    const end = document.getText().split("\n");
    const range = new Range(0, 0, end.length - 1, end.at(-1).length);
    document.set(text);
    const change = { range, rangeOffset: 0, rangeLength: 0, text };
    event("onDidChangeTextDocument").fire({ document, contentChanges: [change] });
  },
};

function say(kind) {
  return async (message, ...items) => {
    const buttons = items.filter((item) => typeof item === "string");
    editor.messages.push({ kind, message, buttons });
    return buttons.find((button) => editor.choose([button], message));
  };
}

function provider(name) {
  return (...all) => {
    (editor.providers[name] ??= []).push(all);
    return new Disposable(() => editor.providers[name].splice(editor.providers[name].indexOf(all), 1));
  };
}

function collection() {
  const own = new Map();
  return {
    set: (uri, all) => (own.set(uri.toString(), all), editor.diagnostics.set(uri.toString(), all), event("diagnostics").fire(uri)),
    delete: (uri) => (own.delete(uri.toString()), editor.diagnostics.delete(uri.toString())),
    clear: () => own.clear(),
    dispose: () => own.forEach((_, key) => editor.diagnostics.delete(key)),
    get: (uri) => own.get(uri.toString()),
    has: (uri) => own.has(uri.toString()),
    forEach: () => {},
  };
}

/** What is known by name; events and functions beyond it do nothing. */
const lenient = (known) =>
  new Proxy(known, {
    get(target, name) {
      if (name in target || typeof name !== "string") return target[name];
      if (name.startsWith("on")) return event(name).event;
      if (name.startsWith("register")) return provider(name);
      return () => new Disposable();
    },
  });

const log = (text) => editor.output.push(String(text));

const module_ = {
  version: "1.106.0",
  Uri: Object.assign(URI, {
    joinPath: (uri, ...parts) => uri.with({ path: [uri.path.replace(/\/$/, ""), ...parts].join("/") }),
  }),
  Disposable,
  EventEmitter,
  Position,
  Range,
  Selection,
  Location: record("uri", "range"),
  Diagnostic: record("range", "message", "severity"),
  CodeAction: record("title", "kind"),
  CodeActionKind: new Proxy({}, { get: (_, name) => new Kind({ Empty: "", QuickFix: "quickfix" }[name] ?? name) }),
  CodeLens: record("range", "command"),
  ProcessExecution: record("process", "args", "options"),
  Task: record("definition", "scope", "name", "source", "execution"),
  RelativePattern: record("base", "pattern"),
  ViewColumn: { Active: -1, Beside: -2, One: 1 },
  TaskScope: { Global: 1, Workspace: 2 },
  TaskRevealKind: { Always: 1 },
  LanguageStatusSeverity: { Information: 0, Warning: 1, Error: 2 },
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  CancellationTokenSource: class {
    token = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() };
    cancel() {}
    dispose() {}
  },
  CancellationError: class extends Error {},
  env: { language: "en", appName: "a test", openExternal: async () => true },
  workspace: lenient({
    isTrusted: true,
    workspaceFolders: undefined,
    notebookDocuments: [],
    get textDocuments() {
      return [...editor.documents.values()];
    },
    getConfiguration: (section = "") => ({
      get: (name, unset) => editor.settings[[section, name].filter(Boolean).join(".")] ?? unset,
      inspect: () => undefined,
    }),
    getWorkspaceFolder: () => undefined,
    registerTextDocumentContentProvider(scheme, content) {
      editor.contents.set(scheme, content);
      content.onDidChange?.(async (uri) => {
        const document = editor.documents.get(uri.toString());
        if (document === undefined) return;
        document.set(await content.provideTextDocumentContent(uri));
        event("onDidChangeTextDocument").fire({ document, contentChanges: [] });
      });
      return new Disposable();
    },
    async openTextDocument(uri) {
      const known = editor.documents.get(uri.toString());
      if (known !== undefined) return known;
      const content = editor.contents.get(uri.scheme);
      const text = content === undefined ? readFileSync(uri.fsPath, "utf8") : await content.provideTextDocumentContent(uri);
      const languageId = { aphex: "aphex", yaml: "yaml", json: "json", md: "markdown" }[uri.path.split(".").at(-1)] ?? "plaintext";
      const document = new Document(uri, languageId, text);
      editor.documents.set(uri.toString(), document);
      event("onDidOpenTextDocument").fire(document);
      return document;
    },
    createFileSystemWatcher: () => lenient({ dispose() {} }),
  }),
  window: lenient({
    activeTextEditor: undefined,
    visibleTextEditors: [],
    tabGroups: lenient({ all: [] }),
    showInformationMessage: say("information"),
    showWarningMessage: say("warning"),
    showErrorMessage: say("error"),
    async showQuickPick(items) {
      return editor.choose(items);
    },
    async showInputBox() {
      return editor.choose([]);
    },
    async showTextDocument(target, options) {
      const document = target instanceof Document ? target : await module_.workspace.openTextDocument(target);
      const shown = editor.show(document, options?.selection?.start.line ?? 0, options?.selection?.start.character ?? 0);
      return shown;
    },
    createOutputChannel: () =>
      lenient({ append: log, appendLine: log, info: log, warn: log, error: log, debug() {}, trace() {}, dispose() {}, logLevel: 3 }),
    createWebviewPanel(type, title, column, options) {
      const panel = {
        ...{ type, title, column, options, sent: [], reveal() {}, dispose() {} },
        onDidDispose: () => new Disposable(),
        webview: {
          cspSource: "file:",
          html: "",
          asWebviewUri: (uri) => uri,
          onDidReceiveMessage: (listener) => ((panel.receive = listener), new Disposable()),
          postMessage: async (message) => (panel.sent.push(message), event("posted").fire(message), true),
        },
      };
      editor.panels.push(panel);
      return panel;
    },
  }),
  languages: lenient({
    match: (selector, { uri, languageId }) =>
      [selector].flat().some((one) => (one.scheme ?? uri.scheme) === uri.scheme && (one.language ?? languageId) === languageId) ? 10 : 0,
    createDiagnosticCollection: collection,
    getDiagnostics: (uri) => editor.diagnostics.get(uri.toString()) ?? [],
    createLanguageStatusItem(id, selector) {
      const item = { id, selector, dispose() {} };
      editor.statuses.push(item);
      return item;
    },
  }),
  commands: lenient({
    registerCommand(name, work) {
      editor.commands.set(name, work);
      return new Disposable(() => editor.commands.delete(name));
    },
    async executeCommand(name, ...all) {
      editor.executed.push([name, ...all]);
      return editor.commands.get(name)?.(...all);
    },
  }),
  tasks: lenient({ executeTask: async (task) => void editor.tasks.push(task) }),
  extensions: lenient({ getExtension: () => undefined }),
};

module.exports = new Proxy(module_, {
  get(target, name) {
    if (name in target || typeof name !== "string") return target[name];
    // A class that nothing is known of, or an enumeration whose values do not matter.
    return (target[name] = Object.assign(class {}, { from: undefined }));
  },
});
module.exports.editor = editor;
module.exports.next = (name, fits = () => true) =>
  new Promise((take) => {
    const listening = event(name).event((value) => {
      if (!fits(value)) return;
      listening.dispose();
      take(value);
    });
  });
