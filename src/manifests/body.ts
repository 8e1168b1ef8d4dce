/** Knows the parts that the kinds share: a body without metadata, and how render names and labels an app's parts. */
import type { KubeObject } from "../domain/object.ts";

/**
 * An object before render gives it its name, labels and hash. The client library's types are used where they do not drag
 * Node's globals into the core (probes and ports do); a test holds every rendered field against its models instead.
 */
export type Body = Omit<KubeObject, "metadata">;

/** Names and labels of one app's objects, made by render. */
export interface AppStamp {
  readonly name: string;
  readonly secretName: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Never changes while the app lives: a Deployment's selector is immutable. */
  readonly selector: Readonly<Record<string, string>>;
}
