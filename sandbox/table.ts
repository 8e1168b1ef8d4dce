/** Knows the objects of one kind by namespace and name, in order; refuses to know revisions. */
import type { KubeObject } from "./interface.ts";
import { compareText } from "./json.ts";

/** Is the objects of one kind; lists are kept until something changes. */
export interface Table {
  get(namespace: string, name: string): KubeObject | undefined;
  /** Sets an object, or removes it when there is none. */
  set(namespace: string, name: string, object: KubeObject | undefined): void;
  /** Lists objects in the order of their keys, in one namespace or in all. */
  list(namespace: string | undefined): readonly KubeObject[];
}

interface Shelf {
  objects: Map<string, KubeObject>;
  sorted: readonly KubeObject[] | undefined;
}

/** Creates an empty table. */
export function createTable(): Table {
  const shelves = new Map<string, Shelf>();
  let all: readonly KubeObject[] | undefined;

  const sorted = (shelf: Shelf | undefined): readonly KubeObject[] => {
    if (shelf === undefined) return [];
    shelf.sorted ??= [...shelf.objects.values()].toSorted((a, b) =>
      compareText(a.metadata.name, b.metadata.name),
    );
    return shelf.sorted;
  };

  return {
    get: (namespace, name) => shelves.get(namespace)?.objects.get(name),
    set: (namespace, name, object) => {
      let shelf = shelves.get(namespace);
      if (shelf === undefined) shelves.set(namespace, (shelf = { objects: new Map(), sorted: undefined }));
      if (object === undefined) shelf.objects.delete(name);
      else shelf.objects.set(name, object);
      shelf.sorted = undefined;
      all = undefined;
      if (shelf.objects.size === 0) shelves.delete(namespace);
    },
    list: (namespace) => {
      if (namespace !== undefined) return sorted(shelves.get(namespace));
      // A key is "namespace/name", so the slash takes part in the order of namespaces.
      all ??= [...shelves]
        .toSorted(([a], [b]) => compareText(`${a}/`, `${b}/`))
        .flatMap(([, shelf]) => sorted(shelf));
      return all;
    },
  };
}
