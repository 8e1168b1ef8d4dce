/** Builds the real control plane once before its suites; without Go they are skipped, or fail where CI asks for all. */
import type { TestProject } from "vitest/node";
import { clusterBinary, ToolchainMissing } from "./binary.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Why the real control plane cannot run here; empty when it can. */
    withoutKubernetes: string;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  try {
    await clusterBinary((line) => console.log(`  ${line}`));
    project.provide("withoutKubernetes", "");
  } catch (error) {
    if (!(error instanceof ToolchainMissing) || process.env["CI"] === "true") throw error;
    console.log(`  SKIPPED: the suites on real Kubernetes: ${error.message}`);
    project.provide("withoutKubernetes", error.message);
  }
}
