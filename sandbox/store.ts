/** Knows the stored objects and their revisions; refuses to know what the objects mean. */
import { compareText, numberAt, objectAt, textAt, type JsonObject } from "./json.ts";
import type { KubeObject, Snapshot } from "./interface.ts";
import { mustKind, type Kind } from "./kinds.ts";
import { asKube } from "./object.ts";

/** Is the storage of one sandbox; stored objects are never changed in place. */
export interface Store {
  /** Gives the revision of the last write. */
  revision(): number;
  get(kind: Kind, namespace: string, name: string): KubeObject | undefined;
  /** Lists objects in the order of their keys, now or as of a revision; undefined when that revision is forgotten. */
  list(kind: Kind, namespace: string | undefined, asOf?: number): KubeObject[] | undefined;
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
  key: string;
  before: KubeObject | undefined;
}

const keptChanges = 10_000;

/** Gives the key of an object among those of its kind. */
function keyOf(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** Creates an empty store. */
export function createStore(): Store {
  let revision = 0;
  let compacted = 0;
  let changes: Change[] = [];
  const tables = new Map<string, Map<string, KubeObject>>();

  const tableOf = (kind: string): Map<string, KubeObject> => {
    let table = tables.get(kind);
    if (table === undefined) tables.set(kind, (table = new Map()));
    return table;
  };

  const put = (object: JsonObject, gone: boolean): KubeObject => {
    const kind = textAt(object, "kind") ?? "";
    const key = keyOf(
      textAt(object, "metadata", "namespace") ?? "",
      textAt(object, "metadata", "name") ?? "",
    );
    const table = tableOf(kind);
    revision++;
    changes.push({ revision, kind, key, before: table.get(key) });
    if (changes.length > keptChanges * 2) {
      compacted = changes[keptChanges - 1]?.revision ?? compacted;
      changes = changes.slice(keptChanges);
    }
    const stored = stamped(object, revision);
    if (gone) table.delete(key);
    else table.set(key, stored);
    return stored;
  };

  return {
    revision: () => revision,
    get: (kind, namespace, name) => tables.get(kind.kind)?.get(keyOf(namespace, name)),
    list: (kind, namespace, asOf = revision) => {
      if (asOf < compacted) return undefined;
      const table = new Map(tableOf(kind.kind));
      for (const change of changes.toReversed()) {
        if (change.revision <= asOf) break;
        if (change.kind !== kind.kind) continue;
        if (change.before === undefined) table.delete(change.key);
        else table.set(change.key, change.before);
      }
      return [...table]
        .filter(([, object]) => namespace === undefined || object.metadata["namespace"] === namespace)
        .toSorted(([a], [b]) => compareText(a, b))
        .map(([, object]) => object);
    },
    write: (object) => put(object, false),
    remove: (object) => put(object, true),
    compact: () => {
      compacted = revision;
      changes = [];
    },
    snapshot: () => ({ revision, objects: [...tables.values()].flatMap((table) => [...table.values()]) }),
    restore: (snapshot) => {
      tables.clear();
      changes = [];
      for (const object of snapshot.objects) {
        const key = keyOf(textAt(object, "metadata", "namespace") ?? "", object.metadata.name);
        tableOf(mustKind(object.kind).kind).set(key, object);
      }
      revision = snapshot.revision;
      compacted = snapshot.revision;
    },
  };
}

function stamped(object: JsonObject, revision: number): KubeObject {
  return asKube({
    ...object,
    metadata: { ...objectAt(object, "metadata"), resourceVersion: String(revision) },
  });
}

/** Reads the generation of an object; kinds without one have zero. */
export function generationOf(object: JsonObject): number {
  return numberAt(object, "metadata", "generation") ?? 0;
}
