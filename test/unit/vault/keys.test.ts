/** Guards how the master keys are read from a Worker secret. */
import { describe, expect, it } from "vitest";
import { Fault } from "../../../src/domain/fault.ts";
import { parseVaultKeys } from "../../../src/vault/keys.ts";

const A = Buffer.alloc(32, 1).toString("base64");
const B = Buffer.alloc(32, 255).toString("base64");

describe("the vault keys", () => {
  it("hold one key, which is active", () => {
    expect(parseVaultKeys(`2026a:${A}`)).toEqual({
      active: "2026a",
      keys: { "2026a": new Uint8Array(32).fill(1) },
    });
  });

  it("seal with the first, also when ids look like numbers", () => {
    const { active, keys } = parseVaultKeys(`2:${A},1:${B}`);
    expect(active).toBe("2");
    expect(Object.keys(keys).toSorted()).toEqual(["1", "2"]);
  });

  it("may be written with spaces, lines and a last comma", () => {
    expect(Object.keys(parseVaultKeys(` a:${A} ,\n b:${B},\n`).keys)).toEqual(["a", "b"]);
  });

  const BROKEN: readonly (readonly [text: string, says: RegExp, why: string])[] = [
    ["", /entry 1 has no id/, "nothing"],
    [A, /entry 1 has no id/, "a key without an id"],
    [`:${A}`, /entry 1 has no id/, "an empty id"],
    [`a b:${A}`, /entry 1 has no id/, "an id with a space"],
    [`a.b:${A}`, /entry 1 has no id/, "an id with the dot that separates the form"],
    [`a:${A},,b:${B}`, /entry 2 has no id/, "an empty entry"],
    [`a:${A},a:${B}`, /the id a is used twice/, "an id twice"],
    ["a:", /key a is not 32 bytes/, "an empty key"],
    [`a:${Buffer.alloc(31).toString("base64")}`, /key a is not 32 bytes/, "a short key"],
    [`a:${Buffer.alloc(33).toString("base64")}`, /key a is not 32 bytes/, "a long key"],
    [`a:${Buffer.alloc(32).toString("hex")}`, /key a is not 32 bytes/, "hexadecimal"],
    [`a:${B.replaceAll("/", "_")}`, /key a is not 32 bytes/, "base64url"],
    [`a:${A.slice(0, -1)}`, /key a is not 32 bytes/, "no padding"],
    [`a:${A}:x`, /key a is not 32 bytes/, "a third part"],
    [`a:${A} x`, /key a is not 32 bytes/, "text behind the key"],
  ];
  it.each(BROKEN)("refuse %j and tell how to make one", (text, says) => {
    expect(() => parseVaultKeys(text)).toThrow(Fault);
    expect(() => parseVaultKeys(text)).toThrow(says);
    expect(() => parseVaultKeys(text)).toThrow(/openssl rand -base64 32/);
  });

  it("are never repeated in a message", () => {
    expect(() => parseVaultKeys(`a:${A}x`)).not.toThrow(A.slice(0, 20));
  });
});
