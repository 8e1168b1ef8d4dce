/** Knows the options that a write carries in its query, and refuses wrong ones; refuses to know bodies. */
import type { Call } from "../request.ts";
import { invalid, type Cause } from "../statuses.ts";
import { forbiddenValue, invalidValue, notSupported, required, tooLong } from "../validate/causes.ts";

const maxManagerBytes = 128;
const validations = ["", "Ignore", "Strict", "Warn"];

/** Refuses wrong options of a POST or PUT. */
export function checkWriteOptions(call: Call, kind: "CreateOptions" | "UpdateOptions"): void {
  refuse(kind, commonCauses(call));
}

/** Refuses wrong options of a PATCH; an apply needs a manager, and only an apply may force. */
export function checkPatchOptions(call: Call, isApply: boolean): void {
  const causes: Cause[] = [];
  if (isApply && (call.query.get("fieldManager") ?? "") === "") {
    causes.push(required("fieldManager", "is required for apply patch"));
  }
  if (!isApply && call.query.has("force")) {
    causes.push(forbiddenValue("force", "may not be specified for non-apply patch"));
  }
  refuse("PatchOptions", [...causes, ...commonCauses(call)]);
}

/** Lists what is wrong with the ways of a dry run. */
export function dryRunCauses(values: readonly string[]): Cause[] {
  return values.every((value) => value === "All") ? [] : [notSupported("dryRun", [...values], ["All"])];
}

/** Refuses options with their causes, if there are any. */
export function refuse(kind: string, causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind }, "", causes);
}

function commonCauses({ query }: Call): Cause[] {
  const causes: Cause[] = [];
  const manager = query.get("fieldManager") ?? "";
  if (new TextEncoder().encode(manager).length > maxManagerBytes) {
    causes.push(tooLong("fieldManager", `may not be more than ${maxManagerBytes} bytes`));
  }
  const bad = /\p{C}/u.exec(manager);
  if (bad !== null) {
    const code = (bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    causes.push(
      invalidValue("fieldManager", manager, `invalid character U+${code} (at position ${bad.index})`),
    );
  }
  causes.push(...dryRunCauses(query.getAll("dryRun")));
  const validation = query.get("fieldValidation") ?? "";
  if (!validations.includes(validation))
    causes.push(notSupported("fieldValidation", validation, validations));
  return causes;
}
