/** Compares the sandbox with the real API server over made-up lives of objects, step by step. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startControlPlanes, type ControlPlane } from "../cluster/control-plane.ts";
import { normalise } from "./normalise.ts";
import { randomLife } from "./random-life.ts";
import { realTarget } from "./real-target.ts";
import { sandboxTarget } from "./sandbox-target.ts";
import { Tester, type Loose, type Seen } from "./tester.ts";

const lives = 60;
const steps = 12;

let plane: ControlPlane | undefined;

beforeAll(async () => {
  [plane] = await startControlPlanes(["random"]);
});

afterAll(async () => {
  await plane?.stop();
});

/** Go walks maps in no order, so of several causes only the set is compared. */
function comparable({ status, body }: Seen, namespace: string): Loose {
  if (status < 400) return { status, body: normalise(body, namespace) };
  const causes = (body.details?.causes ?? []).map((cause: Loose) => `${cause.reason} ${cause.field}`);
  return { status, reason: body.reason, causes: causes.toSorted() };
}

describe("made-up lives", () => {
  for (let seed = 1; seed <= lives; seed++) {
    test(`are the same in the sandbox and on the real server: seed ${seed}`, async () => {
      if (plane === undefined) throw new Error("no control plane runs");
      const life = randomLife(seed, steps);
      const real = new Tester(realTarget(plane), `x${Date.now().toString(36)}`);
      const target = sandboxTarget();
      const copy = new Tester(target, "x");
      await real.open();
      await copy.open();
      for (const { what, send } of life.steps) {
        const wanted = comparable(await send(real), real.namespace);
        expect(comparable(await send(copy), copy.namespace), `${what}, ${life.plural}`).toEqual(wanted);
        // The real controllers have written by now, and an object without any owner is no longer tracked.
        target.sandbox.settle();
      }
    });
  }
});
