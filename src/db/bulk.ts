/** Knows how many rows travel in one bound value: D1 takes 100 parameters per statement, so bulk rows go as JSON. */

/** D1 refuses values above 2,000,000 bytes; half of that leaves room for one large row at the end. */
const MAX_PACK_BYTES = 1_000_000;

/** Packs rows into JSON arrays for `json_each`, as few as stay below `maxBytes`; a larger row travels alone. */
export function packRows(rows: readonly unknown[], maxBytes = MAX_PACK_BYTES): string[] {
  const encoder = new TextEncoder();
  const packs: string[] = [];
  let pack: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    const size = encoder.encode(text).length + 1;
    if (pack.length > 0 && bytes + size > maxBytes) {
      packs.push(`[${pack.join(",")}]`);
      [pack, bytes] = [[], 0];
    }
    pack.push(text);
    bytes += size;
  }
  if (pack.length > 0) packs.push(`[${pack.join(",")}]`);
  return packs;
}
