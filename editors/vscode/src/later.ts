// Work that waits until its reasons have stopped coming.
import type { Disposable } from "vscode";

/** Does its work once, `delay` milliseconds after it was last asked to. */
export class Later implements Disposable {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly delay: number,
    private readonly work: () => Promise<void> | void,
  ) {}

  ask(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.work(), this.delay);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
