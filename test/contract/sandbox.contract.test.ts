/** Holds the sandbox to the contract that the real API server defines. */
import { sandboxTarget } from "./sandbox-target.ts";
import { describeContract } from "./suite.ts";

const target = sandboxTarget();

describeContract(() => target, target.name, "s");
