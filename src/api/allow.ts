/** Knows which methods a path takes, so that a wrong method is told apart from a wrong path. */

/** The part of a registered route that matters here; middleware is registered for the method `ALL`. */
export interface RouteEntry {
  readonly method: string;
  readonly path: string;
}

/** Makes the look-up from a concrete path to the methods that some route takes there; empty: there is no such path. */
export function allowedMethods(routes: readonly RouteEntry[]): (path: string) => string[] {
  const patterns = routes
    .filter((route) => route.method !== "ALL")
    .map((route) => ({ method: route.method, pattern: toPattern(route.path) }));
  return (path) => {
    const methods = new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method));
    // Whoever may read may also ask for the headers only.
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods].toSorted();
  };
}

function toPattern(path: string): RegExp {
  const parts = path.split("/").map((part) => (part.startsWith(":") ? "[^/]+" : part.replaceAll(".", "\\.")));
  return new RegExp(`^${parts.join("/")}$`);
}
