/** Holds the contract itself to the real API server, which is the truth. */
import { afterAll, beforeAll } from "vitest";
import { startControlPlanes, type ControlPlane } from "../cluster/control-plane.ts";
import { realTarget } from "./real-target.ts";
import { describeContract } from "./suite.ts";
import type { ContractTarget } from "./target.ts";

let plane: ControlPlane | undefined;
let target: ContractTarget | undefined;

beforeAll(async () => {
  [plane] = await startControlPlanes(["contract"]);
  if (plane !== undefined) target = realTarget(plane);
});

afterAll(async () => {
  await plane?.stop();
});

describeContract(
  () => {
    if (target === undefined) throw new Error("no control plane runs");
    return target;
  },
  "the real control plane",
  `r${Date.now().toString(36)}`,
);
