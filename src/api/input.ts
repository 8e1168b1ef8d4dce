/** Knows what an input that fails its schema means, depending on where it stood: path, query or body. */
import type { z } from "@hono/zod-openapi";
import { Fault, invalid } from "../domain/fault.ts";
import { explainIssues } from "./issues.ts";

interface Checked {
  readonly target: string;
  readonly success: boolean;
  readonly data?: unknown;
  readonly error?: z.ZodError;
}

/** Makes the hook that runs after validation; with the body's schema it also knows which fields would be right. */
export function refuseInput(body?: z.ZodType) {
  return (checked: Checked, c: { readonly req: { readonly method: string } }): undefined => {
    if (checked.error === undefined) return;
    const issues = checked.error.issues;
    switch (checked.target) {
      case "param":
        if (c.req.method !== "PUT") throw new Fault("not_found", "nothing can have this name");
        throw invalid("the name in the path breaks a rule", explainIssues(issues, checked.data));
      case "json":
        throw invalid("the body breaks a rule", explainIssues(issues, checked.data, body));
      default:
        throw new Fault("malformed", `a parameter in the ${checked.target} cannot be used`, {
          issues: explainIssues(issues, checked.data),
        });
    }
  };
}
