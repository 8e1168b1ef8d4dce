/** Knows when a change may go ahead, given which version the caller has seen. */
import { Fault } from "./fault.ts";
import type { Precondition } from "./view.ts";

/** Throws a `stale` fault unless the stored generation (undefined: absent) is one that the caller meant. */
export function requireFresh(what: string, stored: number | undefined, precondition: Precondition): void {
  const { ifMatch, ifNoneMatch } = precondition;
  if (ifNoneMatch && stored !== undefined) {
    throw new Fault(
      "stale",
      `${what} exists already (generation ${stored}); If-None-Match: * asks that it does not`,
    );
  }
  if (ifMatch === null) return;
  if (stored === undefined) throw new Fault("stale", `${what} does not exist; If-Match asks that it does`);
  if (ifMatch !== "*" && !ifMatch.includes(stored)) {
    throw new Fault(
      "stale",
      `${what} is at generation ${stored} now: read it again and repeat the change on that`,
    );
  }
}

/** The fault for a change that lost a race after its precondition held. */
export function overtaken(what: string): Fault {
  return new Fault(
    "stale",
    `${what} was changed by somebody else at the same moment: read it again and repeat`,
  );
}
