/** Seals and opens what is needed to call a cluster; the place in the seal is the cluster's own row. */
import type { ClusterAccess, ClusterKey } from "../domain/cluster.ts";
import { Fault } from "../domain/fault.ts";
import type { Vault } from "../domain/ports.ts";
import { z } from "zod";

const Access = z.strictObject({
  server: z.string(),
  token: z.string(),
  headers: z.record(z.string(), z.string()),
});

function placeOf(key: ClusterKey): string[] {
  return ["cluster-access", key.project, key.name];
}

/** Encrypts an access; the server's address is sealed along, so that a token can never be sent to another address. */
export async function sealAccess(vault: Vault, key: ClusterKey, access: ClusterAccess): Promise<string> {
  return await vault.seal(JSON.stringify(access), placeOf(key));
}

/** Decrypts an access; a Fault with the reason `CredentialUnreadable` when it does not open. */
export async function openAccess(vault: Vault, key: ClusterKey, sealed: string): Promise<ClusterAccess> {
  const plain = await vault.open(sealed, placeOf(key));
  const access = Access.safeParse(JSON.parse(plain));
  if (access.success) return access.data;
  throw new Fault("broken", "the stored credential is not readable: register the cluster again", {
    reason: "CredentialUnreadable",
  });
}
