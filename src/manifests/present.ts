/** Knows what says nothing, and leaves it out: null would fight the server's defaults, empty lists come back as absent. */

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Copies the members that say something: neither undefined, nor an empty list, nor an empty object. */
export function present<T extends object>(members: T): Present<T> {
  const kept: Present<T> = {};
  for (const key in members) {
    const member = members[key];
    if (saysSomething(member)) kept[key] = member;
  }
  return kept;
}

function saysSomething<V>(value: V): value is Exclude<V, undefined> {
  if (value === undefined) return false;
  return typeof value !== "object" || value === null || Object.keys(value).length > 0;
}
