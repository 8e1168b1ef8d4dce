/** Loads what some targets shall look like: the revision of each, its secrets opened, rendered to objects. */
import { hashText } from "../domain/canonical.ts";
import type { DeclarationKey, Declared, Revision } from "../domain/declaration.ts";
import { type Fault, toFault } from "../domain/fault.ts";
import type { Deps } from "../domain/ports.ts";
import type { Wanted } from "../diff/classify.ts";
import { GENERATOR, render, type SecretValue, startCount } from "../manifests/render.ts";

/** The objects of one declaration, or why they cannot be made. */
export type Desired =
  | { readonly ok: true; readonly wanted: readonly Wanted[]; readonly startCount: number | undefined }
  | { readonly ok: false; readonly fault: Fault };

/** Names what hashes were rendered from: another generator or revision means rendering again. */
export function renderKey(revision: number): string {
  return `${GENERATOR}:${revision}`;
}

/** Spells a declaration's key as one text that can be a map's key. */
export function declarationKey(key: DeclarationKey): string {
  return `${key.kind}/${key.name}`;
}

/** Where an app's sealed secret lives; a ciphertext opens nowhere else. */
export function secretPlace(key: DeclarationKey, secret: string): string[] {
  return ["app-secret", key.project, key.name, secret];
}

/** Renders the given revisions; one that cannot be rendered is a fault of its own and stops no other. */
export async function loadDesired(
  deps: Pick<Deps, "store" | "vault">,
  wanted: readonly { readonly key: DeclarationKey; readonly revision: number }[],
): Promise<Map<string, Desired>> {
  if (wanted.length === 0) return new Map();
  const revisions = await deps.store.passes.specs(wanted);
  const entries = await Promise.all(
    revisions.map(async ({ key, revision }): Promise<[string, Desired]> => [
      declarationKey(key),
      await renderRevision(deps, key, revision),
    ]),
  );
  return new Map(entries);
}

/** Renders one declaration with its secrets opened. */
export async function renderRevision(
  deps: Pick<Deps, "vault">,
  key: DeclarationKey,
  revision: Pick<Revision, "declared" | "sealed">,
): Promise<Desired> {
  try {
    const secrets = await openSecrets(deps, key, revision.sealed);
    return renderDeclared(key, revision.declared, secrets);
  } catch (error) {
    // One unreadable secret must not stop the other apps of the pass: it becomes this target's condition.
    return { ok: false, fault: toFault(error) };
  }
}

/** Renders a declaration from plain data. */
export function renderDeclared(
  key: DeclarationKey,
  declared: Declared,
  secrets: Readonly<Record<string, SecretValue>>,
): Desired {
  const rendered = render({ key, declared, secrets });
  return rendered.ok
    ? { ok: true, wanted: rendered.objects, startCount: startCount(declared) }
    : { ok: false, fault: rendered.fault };
}

async function openSecrets(
  deps: Pick<Deps, "vault">,
  key: DeclarationKey,
  sealed: Readonly<Record<string, string>>,
): Promise<Record<string, SecretValue>> {
  const opened = await Promise.all(
    Object.entries(sealed).map(async ([name, text]): Promise<[string, SecretValue]> => {
      const value = await deps.vault.open(text, secretPlace(key, name));
      return [name, { value, version: hashText(text) }];
    }),
  );
  return Object.fromEntries(opened);
}
