/** Knows how the master keys are written in a Worker secret. */
import { Fault } from "../domain/fault.ts";
import { fromBase64 } from "./base64.ts";

/** Master keys by id; new texts are sealed with the active one, all of them open. */
export interface VaultKeys {
  readonly active: string;
  readonly keys: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
}

export const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const KEY_BYTES = 32;

/** Reads `id:base64` entries with commas between them; the first is active. Throws a Fault that never repeats a key. */
export function parseVaultKeys(text: string): VaultKeys {
  const keys = new Map<string, Uint8Array<ArrayBuffer>>();
  const entries = text.trim().replace(/,$/, "").split(",");
  for (const [at, entry] of entries.entries()) {
    const [, id = "", encoded = ""] = /^([^:]*):(.*)$/.exec(entry.trim()) ?? [];
    if (!KEY_ID.test(id)) throw refuse(`entry ${at + 1} has no id of letters, digits, '-' and '_'`);
    if (keys.has(id)) throw refuse(`the id ${id} is used twice`);
    const key = fromBase64(encoded);
    if (key?.byteLength !== KEY_BYTES) throw refuse(`key ${id} is not ${KEY_BYTES} bytes in base64`);
    keys.set(id, key);
  }
  // Not the first key of the object below: there, ids that look like numbers come first.
  const [active = ""] = keys.keys();
  return { active, keys: Object.fromEntries(keys) };
}

function refuse(problem: string): Fault {
  const detail = `the vault keys cannot be read: ${problem}; write "id:key", make a key with: openssl rand -base64 32`;
  return new Fault("broken", detail, { reason: "BadSetting" });
}
