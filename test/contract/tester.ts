/** Knows how a case talks to the server under contract and reads its answers; refuses to know any case. */
import { expect } from "vitest";
import type { ContractTarget } from "./target.ts";

/** Is parsed JSON that a case looks into. */
// oxlint-disable-next-line typescript/no-explicit-any -- answers are read by path in many shapes; a wrong path fails its case
export type Loose = any;

/** Is one answer with its parsed body. */
export interface Seen {
  status: number;
  body: Loose;
  text: string;
  headers: { get(name: string): string | null };
}

/** Is what a case may add to a request. */
export interface Ask {
  body?: unknown;
  type?: string;
  headers?: Record<string, string>;
}

const types = {
  apply: "application/apply-patch+yaml",
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
} as const;

let serial = 0;

/** Gives one case its own namespace and the verbs to work in it. */
export class Tester {
  readonly target: ContractTarget;
  readonly namespace: string;
  readonly log: { method: string; path: string; status: number; body: Loose }[] = [];

  constructor(target: ContractTarget, run: string) {
    this.target = target;
    this.namespace = `fh-${run}-${++serial}`;
  }

  /** Creates the namespace of the case; it stays, for the end of hundreds would keep the controllers busy. */
  async open(): Promise<void> {
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: this.namespace } };
    expect((await this.ask("POST", "/api/v1/namespaces", { body })).status).toBe(201);
    this.log.length = 0;
  }

  /** Sends one request. */
  async ask(method: string, path: string, { body, type, headers = {} }: Ask = {}): Promise<Seen> {
    const answer = await this.target.fetch(path, {
      method,
      headers: {
        authorization: `Bearer ${this.target.token}`,
        accept: "application/json",
        "user-agent": "contract-suite/1.0 (test)",
        ...(body === undefined ? {} : { "content-type": type ?? "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const seen = { status: answer.status, body: parse(text), text, headers: answer.headers };
    this.log.push({ method, path, status: seen.status, body: seen.body });
    return seen;
  }

  /** Gives the path of a kind in the namespace of the case, of one object where a name is given. */
  path(plural: string, name = "", query = ""): string {
    const group = groups[plural] ?? "/api/v1";
    return `${group}/namespaces/${this.namespace}/${plural}${name === "" ? "" : `/${name}`}${query}`;
  }

  /** Applies an object with a field manager. */
  async apply(object: Loose, manager = "farhelm", query = ""): Promise<Seen> {
    const path = this.path(pluralOf(object), object.metadata.name, `?fieldManager=${manager}${query}`);
    return await this.ask("PATCH", path, { body: object, type: types.apply });
  }

  /** Applies an object that must be accepted. */
  async applied(object: Loose, manager = "farhelm", query = ""): Promise<Loose> {
    const seen = await this.apply(object, manager, query);
    expect(seen.status, seen.text).toBeLessThan(300);
    return seen.body;
  }

  /** Patches an object as a client with a name of its own. */
  async patch(
    kind: keyof typeof types,
    [plural, name]: readonly [plural: string, name: string],
    body: unknown,
    query = "?fieldManager=kubectl",
  ): Promise<Seen> {
    return await this.ask("PATCH", this.path(plural, name, query), { body, type: types[kind] });
  }

  /** Creates an object. */
  async post(object: Loose, query = ""): Promise<Seen> {
    return await this.ask("POST", this.path(pluralOf(object), "", query), { body: object });
  }

  /** Replaces an object. */
  async put(object: Loose, query = ""): Promise<Seen> {
    return await this.ask("PUT", this.path(pluralOf(object), object.metadata.name, query), { body: object });
  }

  /** Reads an object that must be there. */
  async read(plural: string, name: string): Promise<Loose> {
    const seen = await this.ask("GET", this.path(plural, name));
    expect(seen.status, seen.text).toBe(200);
    return seen.body;
  }

  /** Lets the controllers work until the check holds. */
  async until(check: () => Promise<boolean>): Promise<void> {
    await this.target.until(check);
  }

  /** Deletes an object. */
  async remove(plural: string, name: string, options?: unknown): Promise<Seen> {
    return await this.ask("DELETE", this.path(plural, name), options === undefined ? {} : { body: options });
  }
}

function parse(text: string): Loose {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const groups: Readonly<Record<string, string>> = {
  daemonsets: "/apis/apps/v1",
  deployments: "/apis/apps/v1",
  replicasets: "/apis/apps/v1",
  statefulsets: "/apis/apps/v1",
  horizontalpodautoscalers: "/apis/autoscaling/v2",
  cronjobs: "/apis/batch/v1",
  jobs: "/apis/batch/v1",
  ingresses: "/apis/networking.k8s.io/v1",
  networkpolicies: "/apis/networking.k8s.io/v1",
  poddisruptionbudgets: "/apis/policy/v1",
};

const irregular: Readonly<Record<string, string>> = {
  Ingress: "ingresses",
  NetworkPolicy: "networkpolicies",
};

/** Gives the plural name of an object's kind. */
export function pluralOf(object: { kind: string }): string {
  return irregular[object.kind] ?? `${object.kind.toLowerCase()}s`;
}

/** Finds the owner entry of a manager that writes the main object, or undefined. */
export function entryOf(object: Loose, manager: string, operation?: string): Loose {
  return (object.metadata.managedFields ?? []).find(
    (entry: Loose) => entry.manager === manager && (operation === undefined || entry.operation === operation),
  );
}

/** Gives the fields that a manager owns. */
export function fieldsOf(object: Loose, manager: string, operation?: string): Loose {
  return entryOf(object, manager, operation)?.fieldsV1;
}

/** Lists the causes of a refusal as "reason field" pairs. */
export function causesOf(seen: Seen): string[] {
  return (seen.body.details?.causes ?? []).map((cause: Loose) => `${cause.reason} ${cause.field}`);
}
