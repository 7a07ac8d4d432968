// The language server, over its standard input and output.
import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";

/** Talks to `aphex lsp`: requests with answers, and what the server says by itself. */
export class Server {
  #process;
  #rest = Buffer.alloc(0);
  #next = 0;
  #waiting = new Map();
  #heard = [];
  #listeners = [];

  constructor(aphex) {
    this.#process = spawn(aphex, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
    this.#process.stdout.on("data", (data) => this.#read(data));
    this.closed = new Promise((done) => this.#process.on("close", done));
    this.closed.then((status) => {
      for (const { refuse } of this.#waiting.values()) refuse(new Error(`the server ended with ${status}`));
    });
  }

  async start(options = {}, capabilities = {}) {
    const answer = await this.ask("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities,
      initializationOptions: options,
    });
    this.tell("initialized", {});
    return answer;
  }

  ask(method, params) {
    const id = ++this.#next;
    return new Promise((take, refuse) => {
      this.#waiting.set(id, { take, refuse });
      this.#send({ id, method, params });
    });
  }

  tell(method, params) {
    this.#send({ method, params });
  }

  open(file, text, version = 1) {
    const uri = pathToFileURL(file).href;
    this.tell("textDocument/didOpen", { textDocument: { uri, languageId: "aphex", version, text } });
    return uri;
  }

  close(uri) {
    this.tell("textDocument/didClose", { textDocument: { uri } });
  }

  /** The first notification of the method that `fits`, whether it has come already or is still to come. */
  heard(method, fits = () => true) {
    const known = this.#heard.findIndex((one) => one.method === method && fits(one.params));
    if (known >= 0) return Promise.resolve(this.#heard.splice(known, 1)[0].params);
    return new Promise((take) => this.#listeners.push({ method, fits, take }));
  }

  async stop() {
    await this.ask("shutdown", undefined);
    this.tell("exit", undefined);
    return this.closed;
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.#process.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#process.stdin.write(body);
  }

  #read(data) {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (;;) {
      const end = this.#rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(this.#rest.subarray(0, end).toString())[1]);
      if (this.#rest.length < end + 4 + length) return;
      const body = this.#rest.subarray(end + 4, end + 4 + length).toString();
      this.#rest = this.#rest.subarray(end + 4 + length);
      this.#take(JSON.parse(body));
    }
  }

  #take(message) {
    if (message.method !== undefined && message.id !== undefined) {
      this.#send({ id: message.id, result: null });
    } else if (message.method !== undefined) {
      const waiting = this.#listeners.findIndex((one) => one.method === message.method && one.fits(message.params));
      if (waiting >= 0) this.#listeners.splice(waiting, 1)[0].take(message.params);
      else this.#heard.push(message);
    } else {
      const { take, refuse } = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) refuse(new Error(message.error.message));
      else take(message.result);
    }
  }
}
