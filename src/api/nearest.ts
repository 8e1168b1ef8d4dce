/** Knows which known name somebody most likely meant, and when a guess would rather mislead. */

/** Finds the known name that differs only in case or in a slip or two; undefined when none is that near. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  if (given.length > 64) return undefined;
  const sameLetters = known.find((name) => name.toLowerCase() === given.toLowerCase());
  if (sameLetters !== undefined) return sameLetters;
  const allowed = given.length < 5 ? 1 : 2;
  let best: string | undefined;
  let bestDistance = allowed + 1;
  for (const name of known) {
    const distance = slips(given, name);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Counts letters to insert, drop, replace or swap with their neighbour (optimal string alignment distance). */
function slips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity;
      row[j] = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replace, swap);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? Infinity;
}
