/** Knows how an app's secret values become one Secret, and what of them may enter a hash: never a value. */
import type { AppSpec } from "../domain/app.ts";
import { hashOf } from "../domain/canonical.ts";
import { base64 } from "./base64.ts";
import type { Body } from "./body.ts";

/** A secret in the clear, with an opaque text that changes when the value changes and tells nothing of it. */
export interface SecretValue {
  readonly value: string;
  readonly version: string;
}

export type SecretValues = Readonly<Record<string, SecretValue>>;

/** Makes the Secret of an app, or none when it has no secrets. */
export function secretBody(values: SecretValues): Body | undefined {
  if (Object.keys(values).length === 0) return undefined;
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    data: mapValues(values, ({ value }) => base64(value)),
  };
}

/** Puts each value's version in its place, so that a hash of the result reveals nothing. */
export function versionsOf(values: SecretValues): Record<string, string> {
  return mapValues(values, ({ version }) => version);
}

/** Hashes the versions that the app's variables use; undefined when they use none. */
export function usedSecretsHash(spec: AppSpec, values: SecretValues): string | undefined {
  const used = new Set(spec.env.map((variable) => variable.secret));
  const versions = Object.entries(versionsOf(values)).filter(([name]) => used.has(name));
  return versions.length === 0 ? undefined : hashOf(Object.fromEntries(versions));
}

function mapValues(values: SecretValues, each: (value: SecretValue) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, each(value)]));
}
