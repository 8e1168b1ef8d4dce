/** Knows which verbs on which resources Farhelm uses; `deploy/rbac.yaml` grants exactly these. */
import { KINDS, type KindRow } from "../domain/kinds.ts";
import { groupOf } from "./paths.ts";

/** All verbs on one resource. */
export interface Need {
  readonly group: string;
  readonly plural: string;
  readonly verbs: readonly string[];
}

/** Server-side apply needs `create` beside `patch`; `delete` is never asked for on protected kinds. */
const verbsFor = (row: KindRow) => ["get", "list", "create", "patch", ...(row.protected ? [] : ["delete"])];

/** What the credential of a cluster must allow, in all namespaces. */
export const NEEDS: readonly Need[] = KINDS.map((row) => ({
  group: groupOf(row.apiVersion),
  plural: row.plural,
  verbs: verbsFor(row),
}));
