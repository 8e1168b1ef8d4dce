/** Keeps an app's secrets write-only: given values are sealed, null keeps what is stored, the spec itself holds none. */
import type { AppSpec } from "../domain/app.ts";
import type { Declaration, DeclarationKey, Declared } from "../domain/declaration.ts";
import { invalid } from "../domain/fault.ts";
import type { Vault } from "../domain/ports.ts";
import { hashText } from "../domain/canonical.ts";
import type { SecretValue } from "../manifests/render.ts";
import { secretPlace } from "./desired.ts";

/** A declaration ready to store, its ciphertexts, and the open values for a trial rendering. */
export interface SealedDeclaration {
  readonly declared: Declared;
  readonly sealed: Readonly<Record<string, string>>;
  readonly open: Readonly<Record<string, SecretValue>>;
}

/** Seals new values; a value that is stored already keeps its ciphertext, so that declaring it again changes nothing. */
export async function sealSecrets(
  vault: Vault,
  key: DeclarationKey,
  declared: Declared,
  current: Declaration | undefined,
): Promise<SealedDeclaration> {
  if (declared.kind === "namespace") return { declared, sealed: {}, open: {} };
  const stored = current?.sealed ?? {};
  const sealed: Record<string, string> = {};
  const open: Record<string, SecretValue> = {};
  for (const [name, value] of Object.entries(declared.spec.secrets)) {
    const place = secretPlace(key, name);
    const old = Object.hasOwn(stored, name) ? stored[name] : undefined;
    if (value === null && old === undefined) {
      throw invalid("a secret has no value", [
        {
          pointer: `/secrets/${name}`,
          detail: "is null, which keeps a stored value, but none is stored: give the value",
        },
      ]);
    }
    const oldValue = old === undefined ? undefined : await openOld(vault, old, place, value !== null);
    const kept = value === null || value === oldValue ? old : undefined;
    const text = kept ?? (await vault.seal(value ?? "", place));
    sealed[name] = text;
    open[name] = { value: value ?? oldValue ?? "", version: hashText(text) };
  }
  return { declared: { kind: "app", spec: withoutValues(declared.spec) }, sealed, open };
}

/** A stored value that no longer opens must not stop its own replacement. */
async function openOld(
  vault: Vault,
  old: string,
  place: readonly string[],
  replaced: boolean,
): Promise<string | undefined> {
  try {
    return await vault.open(old, place);
  } catch (error) {
    if (replaced) return undefined;
    throw error;
  }
}

function withoutValues(spec: AppSpec): AppSpec {
  const secrets = Object.fromEntries(Object.keys(spec.secrets).map((name) => [name, null]));
  return { ...spec, secrets };
}
