/** Holds every rendered byte of the golden cases; a difference is read in review, not regenerated away. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { GOLDEN, objectsOf, readCase } from "./cases.ts";

test.each(readdirSync(GOLDEN))("renders the case %s as it is written down", async (name) => {
  const documents = objectsOf(readCase(name)).map((object) => stringify(object, { lineWidth: 0 }));
  await expect(documents.join("---\n")).toMatchFileSnapshot(path.join(GOLDEN, name, "expected.yaml"));
});
