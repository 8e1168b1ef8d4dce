/** Knows how to repeat what a cluster said: one line, not too long, and without the parts of names that change by chance. */

const MAX_LENGTH = 400;

/** ReplicaSet hash and pod suffix, in the alphabet of `k8s.io/apimachinery/pkg/util/rand`. */
const POD_SUFFIX = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g;

/** Repeats a cluster's message so that it stays the same while its meaning does. */
export function quote(message: string): string {
  const line = message.replaceAll(/\s+/g, " ").trim().replaceAll(POD_SUFFIX, "-…");
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
