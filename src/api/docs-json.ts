/** Knows how an example is written for a reader: what fits on a line stays on one. */

const MAX_WIDTH = 88;

/** Spells plain data as JSON that is short and still easy to read. */
export function readableJson(value: unknown, indent = ""): string {
  const flat = oneLine(value);
  if (flat.length + indent.length <= MAX_WIDTH || typeof value !== "object" || value === null) return flat;
  const inner = `${indent}  `;
  const members = Array.isArray(value)
    ? value.map((each) => inner + readableJson(each, inner))
    : Object.entries(value).map(
        ([key, each]) => `${inner}${JSON.stringify(key)}: ${readableJson(each, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${members.join(",\n")}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${oneLine(each)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
