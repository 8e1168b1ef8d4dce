/** Knows the stored objects and their revisions; refuses to know what the objects mean. */
import type { KubeObject, Snapshot } from "./interface.ts";
import { compareText, numberAt, objectAt, textAt, type JsonObject } from "./json.ts";
import type { Kind } from "./kinds.ts";
import { asKube } from "./object.ts";
import { createTable, type Table } from "./table.ts";

/** Is the storage of one sandbox; stored objects are never changed in place. */
export interface Store {
  /** Gives the revision of the last write. */
  revision(): number;
  get(kind: Kind, namespace: string, name: string): KubeObject | undefined;
  /** Lists objects in the order of their keys, in one namespace or in all. */
  list(kind: Kind, namespace: string | undefined): readonly KubeObject[];
  /** Lists objects as they were at a revision; undefined when that revision is forgotten. */
  listAsOf(kind: Kind, namespace: string | undefined, revision: number): readonly KubeObject[] | undefined;
  /** Writes an object under a new revision and gives it back with that revision. */
  write(object: JsonObject): KubeObject;
  /** Removes an object under a new revision and gives its last state with that revision. */
  remove(object: JsonObject): KubeObject;
  /** Forgets how things were before now. */
  compact(): void;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}

interface Change {
  revision: number;
  kind: string;
  namespace: string;
  name: string;
  before: KubeObject | undefined;
}

const keptChanges = 10_000;

/** Creates an empty store. */
export function createStore(): Store {
  let revision = 0;
  let compacted = 0;
  let changes: Change[] = [];
  const tables = new Map<string, Table>();

  const tableOf = (kind: string): Table => {
    let table = tables.get(kind);
    if (table === undefined) tables.set(kind, (table = createTable()));
    return table;
  };

  const put = (object: JsonObject, gone: boolean): KubeObject => {
    revision++;
    const metadata = { ...objectAt(object, "metadata"), resourceVersion: String(revision) };
    const stored = asKube({ ...object, metadata });
    const { kind } = stored;
    const { name } = stored.metadata;
    const namespace = textAt(metadata, "namespace") ?? "";
    changes.push({ revision, kind, namespace, name, before: tableOf(kind).get(namespace, name) });
    if (changes.length > keptChanges * 2) {
      compacted = changes[keptChanges - 1]?.revision ?? compacted;
      changes = changes.slice(keptChanges);
    }
    tableOf(kind).set(namespace, name, gone ? undefined : stored);
    return stored;
  };

  const listAsOf = (kind: Kind, namespace: string | undefined, asOf: number): KubeObject[] | undefined => {
    if (asOf < compacted) return undefined;
    const found = new Map(
      tableOf(kind.kind)
        .list(namespace)
        .map((object) => [keyOf(object), object]),
    );
    for (const change of changes.toReversed()) {
      if (change.revision <= asOf) break;
      if (change.kind !== kind.kind || (namespace !== undefined && change.namespace !== namespace)) continue;
      const key = change.namespace === "" ? change.name : `${change.namespace}/${change.name}`;
      if (change.before === undefined) found.delete(key);
      else found.set(key, change.before);
    }
    return [...found].toSorted(([a], [b]) => compareText(a, b)).map(([, object]) => object);
  };

  return {
    revision: () => revision,
    get: (kind, namespace, name) => tableOf(kind.kind).get(namespace, name),
    list: (kind, namespace) => tableOf(kind.kind).list(namespace),
    listAsOf,
    write: (object) => put(object, false),
    remove: (object) => put(object, true),
    compact: () => {
      compacted = revision;
      changes = [];
    },
    snapshot: () => ({ revision, objects: [...tables.values()].flatMap((table) => table.list(undefined)) }),
    restore: (snapshot) => {
      tables.clear();
      changes = [];
      for (const object of snapshot.objects) {
        tableOf(object.kind).set(textAt(object, "metadata", "namespace") ?? "", object.metadata.name, object);
      }
      revision = snapshot.revision;
      compacted = snapshot.revision;
    },
  };
}

/** Writes the key of an object among those of its kind. */
export function keyOf(object: KubeObject): string {
  const namespace = textAt(object, "metadata", "namespace");
  return namespace === undefined ? object.metadata.name : `${namespace}/${object.metadata.name}`;
}

/** Reads the generation of an object; kinds without one have zero. */
export function generationOf(object: JsonObject): number {
  return numberAt(object, "metadata", "generation") ?? 0;
}
