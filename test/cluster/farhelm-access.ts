// Gives Farhelm on a test cluster exactly the rights that its users give it: those of deploy/rbac.yaml.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ControlPlane } from "./control-plane.ts";

const rights = join(import.meta.dirname, "..", "..", "deploy", "rbac.yaml");

/** Applies Farhelm's rights and returns a bearer token of its service account, good for 24 hours. */
export async function grantFarhelm(plane: ControlPlane): Promise<string> {
  if (existsSync(rights)) await run(plane, ["apply", "-f", rights]);
  const token = await run(plane, [
    "create",
    "token",
    "farhelm",
    "--namespace",
    "farhelm-system",
    "--duration",
    "24h",
  ]);
  return token.trim();
}

async function run(plane: ControlPlane, args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await plane.kubectl(args);
  if (code === 0) return stdout;
  throw new Error(
    `kubectl ${args[0]} on ${plane.name} ended with ${code}; does deploy/rbac.yaml make farhelm-system/farhelm?\n${stderr}`,
  );
}
