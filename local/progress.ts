/** Tells a person at a terminal what is going on: a line per step, and a sign of life for what takes longer. */

const BEAT_MS = 1000;

/** A step that was to be seen and was not. */
export class NotSeen extends Error {}

/** Runs one step: says what it is, beats every second while it runs, says how long it took. */
export async function step<Out>(
  what: string,
  work: (note: (line: string) => void) => Promise<Out>,
): Promise<Out> {
  const started = Date.now();
  console.log(`▸ ${what}`);
  let last = started;
  const note = (line: string) => {
    last = Date.now();
    console.log(`    ${line}`);
  };
  const beat = setInterval(() => {
    if (Date.now() - last >= BEAT_MS) note(`… ${Math.round((Date.now() - started) / 1000)} s`);
  }, BEAT_MS);
  try {
    const out = await work(note);
    console.log(`  ✓ ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return out;
  } finally {
    clearInterval(beat);
  }
}

/** Asks again and again until an answer satisfies; a NotSeen with the last answer when time is over. */
export async function until<Out>(
  what: string,
  withinMs: number,
  ask: () => Promise<Out>,
  satisfies: (out: Out) => boolean,
): Promise<Out> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const out = await ask();
    if (satisfies(out)) return out;
    if (Date.now() > deadline) {
      throw new NotSeen(
        `${what} was not seen within ${withinMs / 1000} s; last: ${JSON.stringify(out).slice(0, 2000)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
