/** Knows how many verdicts become one: of a target from its objects, of an app from its targets. */
import { type Health, worstHealth } from "../domain/health.ts";

/** A verdict and what it is about, as a person calls it: `Deployment shop/myweb`, or the cluster `eu`. */
export interface Verdict {
  readonly about: string;
  readonly health: Health;
}

/**
 * Takes the worst verdict and says what it is about; the first of equals speaks, the others are counted by what they are:
 * `object` or `cluster`.
 */
export function rollUp(verdicts: readonly Verdict[], what: "object" | "cluster"): Health {
  const worst = worstHealth(verdicts.map(({ health }) => health));
  const [first, ...alike] = verdicts.filter(({ health }) => health.status === worst.status);
  if (first === undefined) return worst;
  if (worst.status === "Healthy") return { status: "Healthy", reason: "AllHealthy", message: "" };
  const { reason, message } = worst;
  const more =
    alike.length === 0 ? "" : ` (and ${alike.length} more ${what}${alike.length === 1 ? "" : "s"})`;
  return { status: worst.status, reason, message: `${first.about}: ${message || reason}${more}` };
}
