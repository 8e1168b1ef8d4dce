/** Knows how to take what opens a cluster out of the text that the cluster itself, or a proxy in front, sends back. */
import type { ClusterAccess } from "../domain/cluster.ts";

/** Shorter values, such as `id`, would black out words that mean something else. */
const MIN_LENGTH = 8;
const HIDDEN = "(hidden)";

/** Makes the function that blacks out the token and the values of the access headers in a text. */
export function redactor({ token, headers }: ClusterAccess): (text: string) => string {
  const secrets = [token, ...Object.values(headers)]
    .filter((secret) => secret.length >= MIN_LENGTH)
    // The longest first: one may begin like another.
    .toSorted((left, right) => right.length - left.length);
  return (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
}
