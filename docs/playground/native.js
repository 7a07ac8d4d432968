// What answers in `aphex preview`, in the place of engine.js: the command itself.
export class Engine {
  /** The answer to a request; `{ error }` where there is none. */
  async answer(request) {
    try {
      const answer = await fetch('ask', { method: 'POST', body: JSON.stringify(request) });
      return answer.ok ? await answer.json() : { error: `aphex preview answered ${answer.status}` };
    } catch {
      return { error: 'aphex preview has ended' };
    }
  }
}

/** Tells what was seen of the file, again and again: `{ number, name, text, said }`, and nothing where the command is gone. */
export async function follow(tell) {
  let number = 0;
  for (;;) {
    try {
      const answer = await fetch(`follow/${number}`);
      if (answer.status === 204) continue;
      if (!answer.ok) throw new Error(answer.statusText);
      const seen = await answer.json();
      number = seen.number;
      await tell(seen);
    } catch {
      await tell(null);
      await new Promise((done) => { setTimeout(done, 1000); });
    }
  }
}
