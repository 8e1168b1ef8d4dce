/** Knows how to read what a schema finds wrong: one line for each place, `pointer: message`. */
import type { z } from "zod";

/** Lists what is wrong with a value; empty when it is valid. A wrong key of a record tells its own message. */
export function issuesOf(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => {
    const messages =
      issue.code === "invalid_key" ? issue.issues.map((inner) => inner.message) : [issue.message];
    return messages.map((message) => `/${issue.path.join("/")}: ${message}`);
  });
}
