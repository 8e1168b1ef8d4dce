/** Knows how a conflict between managers is worded; refuses to know how it was found. */
import { pathText } from "../fields/element.ts";
import { paths, type FieldSet } from "../fields/set.ts";
import type { Identity } from "./entries.ts";

/** Is one manager in the way, with the fields it holds. */
export interface Conflict {
  owner: Identity;
  set: FieldSet;
}

/** Is the cause of a refused apply, as `details.causes` lists it. */
export interface ConflictCause {
  reason: "FieldManagerConflict";
  message: string;
  field: string;
}

/** Lists one cause per field in conflict. */
export function conflictCauses(conflicts: readonly Conflict[]): ConflictCause[] {
  return conflicts.flatMap(({ owner, set }) =>
    paths(set).map((path) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${ownerText(owner)}`,
      field: pathText(path),
    })),
  );
}

/** Writes the message over all conflicts. */
export function conflictMessage(conflicts: readonly Conflict[]): string {
  const causes = conflictCauses(conflicts);
  const [only] = causes;
  if (only !== undefined && causes.length === 1)
    return `Apply failed with 1 conflict: ${only.message}: ${only.field}`;
  const lines = conflicts.flatMap(({ owner, set }) => [
    `conflicts with ${ownerText(owner)}:`,
    ...paths(set).map((path) => `- ${pathText(path)}`),
  ]);
  return `Apply failed with ${causes.length} conflicts: ${lines.join("\n")}`;
}

function ownerText(owner: Identity): string {
  const name = JSON.stringify(owner.manager);
  const part =
    owner.subresource === "" ? name : `${name} with subresource ${JSON.stringify(owner.subresource)}`;
  return owner.operation === "Update" ? `${part} using ${owner.apiVersion}` : part;
}
