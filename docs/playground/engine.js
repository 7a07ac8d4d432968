// What answers: the interpreter, compiled to WebAssembly, in a worker of its own. A script that takes too long, or more stack than a
// browser has, ends with its worker, and the next one is begun.
const PATIENCE = 8000;

export class Engine {
  #worker = null;
  #ready = null;
  #waiting = new Map();
  #number = 0;

  /** The answer to a request; `{ error }` where there is none. */
  async answer(request) {
    if (!this.#worker) this.#start();
    const failed = await this.#ready;
    return failed ?? this.#post(request);
  }

  #start() {
    const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
    this.#worker = worker;
    this.#ready = new Promise((done) => {
      worker.onmessage = ({ data }) => {
        if (data.ready) done();
        else this.#settle(data.number, data.answer);
      };
      worker.onerror = (event) => {
        const error = event.message ? `the interpreter stopped: ${event.message}`
          : 'the interpreter is not there: this copy of the book was built without editors/playground/build';
        this.#end(worker, error);
        done({ error });
      };
    });
  }

  #post(request) {
    const worker = this.#worker;
    if (!worker) return this.answer(request);
    return new Promise((done) => {
      const number = ++this.#number;
      const late = setTimeout(() => this.#end(worker, 'the script takes too long'), PATIENCE);
      this.#waiting.set(number, { done, late });
      worker.postMessage({ number, request });
    });
  }

  #settle(number, answer) {
    const one = this.#waiting.get(number);
    if (!one) return;
    clearTimeout(one.late);
    this.#waiting.delete(number);
    one.done(answer);
  }

  #end(worker, error) {
    worker.terminate();
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const number of [...this.#waiting.keys()]) this.#settle(number, { error });
  }
}

/** There is no file that the page follows. */
export const follow = null;
