/** Runs the named benches, or all: figures as JSON lines on standard output, everything else on standard error. */
import type { Figure, Tools } from "./figure.ts";

interface Bench {
  run(tools: Tools): Promise<readonly Figure[]>;
}

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  "no-change": async () => await import("./no-change.ts"),
};

const startedAt = Date.now();
function say(line: string): void {
  console.error(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

async function main(wanted: readonly string[]): Promise<number> {
  const names = wanted.length === 0 ? Object.keys(BENCHES) : wanted;
  const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    console.error(
      `there is no bench named ${unknown.join(", ")}; there are: ${Object.keys(BENCHES).join(", ")}`,
    );
    return 2;
  }
  const ends: (() => Promise<unknown>)[] = [];
  const interrupted = new Promise<"interrupted">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve("interrupted"));
  });
  try {
    return (await Promise.race([runAll(names, ends), interrupted])) === "interrupted" ? 130 : 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

async function runAll(names: readonly string[], ends: (() => Promise<unknown>)[]): Promise<void> {
  for (const name of names) {
    const bench = await BENCHES[name]?.();
    const figures = (await bench?.run({ say, atEnd: (end) => ends.push(end) })) ?? [];
    for (const each of figures) console.log(JSON.stringify(each));
  }
}

// A run that was interrupted still waits for answers: nothing of it shall keep the process.
process.exit(await main(process.argv.slice(2)));
