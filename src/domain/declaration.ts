/** Knows declarations: a named, versioned wish (an app or a namespace) and how a change moves its generation. */
import type { AppSpec } from "./app.ts";
import type { NamespaceSpec } from "./namespace.ts";

export const DECLARATION_KINDS = ["app", "namespace"] as const;
export type DeclarationKind = (typeof DECLARATION_KINDS)[number];

export interface DeclarationKey {
  readonly project: string;
  readonly kind: DeclarationKind;
  readonly name: string;
}

/** A spec with the name of its kind; secret values are null here, their sealed form stands beside it. */
export type Declared =
  | { readonly kind: "app"; readonly spec: AppSpec }
  | { readonly kind: "namespace"; readonly spec: NamespaceSpec };

/** What is wanted now: a pointer to an immutable revision. Times are epoch milliseconds. */
export interface Declaration {
  readonly key: DeclarationKey;
  /** Counts every change of the wish, also a rollback; it is the ETag. */
  readonly generation: number;
  /** Number of the revision that the wish points to. */
  readonly revision: number;
  /** Highest revision number ever given, so that numbers are never used twice. */
  readonly lastRevision: number;
  readonly declared: Declared;
  /** Ciphertexts of the app's secrets by name. */
  readonly sealed: Readonly<Record<string, string>>;
  /** Set while its objects are being deleted on every cluster. */
  readonly removing: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One immutable snapshot. */
export interface Revision {
  readonly number: number;
  readonly declared: Declared;
  readonly sealed: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** Id of the token that declared it. */
  readonly createdBy: string;
}

/** Names a declaration for a person: `app myweb`. */
export function showDeclaration(key: Pick<DeclarationKey, "kind" | "name">): string {
  return `${key.kind} ${key.name}`;
}

/** Namespace on the cluster in which a declaration's objects live. */
export function namespaceOf(key: DeclarationKey, declared: Declared): string {
  return declared.kind === "app" ? declared.spec.namespace : key.name;
}
