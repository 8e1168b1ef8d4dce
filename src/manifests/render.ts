/** Knows which objects a declaration needs, and stamps their names, labels and hashes; same input, same bytes. */
import type { AppSpec } from "../domain/app.ts";
import { hashOf } from "../domain/canonical.ts";
import type { DeclarationKey, Declared } from "../domain/declaration.ts";
import { type Fault, invalid } from "../domain/fault.ts";
import type { NamespaceSpec } from "../domain/namespace.ts";
import {
  ANNOTATION_HASH,
  compareObjects,
  idOf,
  LABEL_APP,
  LABEL_MANAGED_BY,
  LABEL_NAME,
  LABEL_NAMESPACE,
  LABEL_PROJECT,
  type KubeObject,
} from "../domain/object.ts";
import { autoscalerBody } from "./autoscaler.ts";
import type { AppStamp, Body } from "./body.ts";
import { deploymentBody } from "./deployment.ts";
import { limitRangeBody, namespaceBody, quotaBody } from "./namespace.ts";
import { secretBody, type SecretValues, usedSecretsHash, versionsOf } from "./secret.ts";
import { serviceBody } from "./service.ts";

export { startCount } from "./autoscaler.ts";
export type { SecretValue } from "./secret.ts";

/** Version of these rules: raise it when the same input gives other objects, so that every target is rendered again. */
export const GENERATOR = "1";

/** Name of the ResourceQuota and the LimitRange in a declared namespace. */
const NAMESPACE_POLICY = "farhelm";

export interface RenderInput {
  readonly key: DeclarationKey;
  readonly declared: Declared;
  /** The app's secrets by name; names that the spec does not list are left out. */
  readonly secrets: SecretValues;
}

/** An object as it is sent, and the hash that it carries. */
export interface RenderedObject {
  readonly object: KubeObject;
  readonly hash: string;
}

export type Rendered =
  | { readonly ok: true; readonly objects: readonly RenderedObject[] }
  | { readonly ok: false; readonly fault: Fault };

/** One object before its hash. */
interface Draft {
  readonly name: string;
  /** Empty for a cluster-scoped kind. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly body: Body | undefined;
  /** Stands for `data` in the hash. */
  readonly hashedData?: Readonly<Record<string, string>>;
}

/** Renders a declaration's objects in apply order, or says with an `invalid` fault why it cannot become objects. */
export function render(input: RenderInput): Rendered {
  const { key, declared } = input;
  if (declared.kind === "namespace") return finish(namespaceDrafts(key, declared.spec));
  const wanted = declared.spec.secrets;
  const lost = Object.keys(wanted).filter((name) => !Object.hasOwn(input.secrets, name));
  if (lost.length > 0) return { ok: false, fault: lostSecrets(lost.toSorted()) };
  const values = Object.entries(input.secrets)
    .filter(([name]) => Object.hasOwn(wanted, name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return finish(appDrafts(key, declared.spec, Object.fromEntries(values)));
}

function appDrafts(key: DeclarationKey, spec: AppSpec, secrets: SecretValues): Draft[] {
  const selector = { [LABEL_PROJECT]: key.project, [LABEL_APP]: key.name };
  const labels = { [LABEL_MANAGED_BY]: "farhelm", [LABEL_NAME]: key.name, ...selector };
  const stamp: AppStamp = { name: key.name, secretName: `${key.name}-secrets`, labels, selector };
  const shared = { name: stamp.name, namespace: spec.namespace, labels };
  return [
    { ...shared, name: stamp.secretName, body: secretBody(secrets), hashedData: versionsOf(secrets) },
    { ...shared, body: serviceBody(spec, stamp) },
    { ...shared, body: deploymentBody(spec, stamp, usedSecretsHash(spec, secrets)) },
    { ...shared, body: autoscalerBody(spec, stamp) },
  ];
}

function namespaceDrafts(key: DeclarationKey, spec: NamespaceSpec): Draft[] {
  const labels = {
    [LABEL_MANAGED_BY]: "farhelm",
    [LABEL_PROJECT]: key.project,
    [LABEL_NAMESPACE]: key.name,
  };
  const inside = { name: NAMESPACE_POLICY, namespace: key.name, labels };
  return [
    { name: key.name, namespace: "", labels: { ...spec.labels, ...labels }, body: namespaceBody() },
    { ...inside, body: quotaBody(spec) },
    { ...inside, body: limitRangeBody(spec) },
  ];
}

function finish(drafts: readonly Draft[]): Rendered {
  const objects = drafts.flatMap((draft) => (draft.body === undefined ? [] : [sign(draft, draft.body)]));
  return { ok: true, objects: objects.toSorted((a, b) => compareObjects(idOf(a.object), idOf(b.object))) };
}

function sign(draft: Draft, body: Body): RenderedObject {
  const { name, namespace, labels, hashedData } = draft;
  const { apiVersion, kind, ...content } = body;
  const metadata = { name, ...(namespace === "" ? {} : { namespace }), labels };
  const unsigned = { apiVersion, kind, metadata, ...content };
  const hash = hashOf(hashedData === undefined ? unsigned : { ...unsigned, data: hashedData });
  const annotations = { [ANNOTATION_HASH]: hash };
  return { object: { ...unsigned, metadata: { ...metadata, annotations } }, hash };
}

function lostSecrets(names: readonly string[]): Fault {
  return invalid(
    "secrets have no stored value: send each of them again",
    names.map((name) => ({ pointer: `/secrets/${name}`, detail: "has no stored value: send it again" })),
  );
}
