/** Knows how a template becomes the short suffix of its ReplicaSet; refuses to imitate the real server's hash. */

const letters = "bcdfghjklmnpqrstvwxz2456789";

/** Hashes a text into ten letters, the same on every machine. */
export function templateHash(text: string): string {
  let [low, high] = [0x811c9dc5, 0x1000193];
  for (let i = 0; i < text.length; i++) {
    low = Math.imul(low ^ text.charCodeAt(i), 16777619) >>> 0;
    high = Math.imul(high ^ low, 2654435761) >>> 0;
  }
  let out = "";
  for (let i = 0; i < 10; i++) {
    const from = i < 5 ? low : high;
    out += letters.charAt(Math.floor(from / letters.length ** (i % 5)) % letters.length);
  }
  return out;
}
