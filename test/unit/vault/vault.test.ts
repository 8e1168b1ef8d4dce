/** Guards that a stored credential opens with its own key in its own row, and nowhere else. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "../../../src/domain/fault.ts";
import type { VaultKeys } from "../../../src/vault/keys.ts";
import { makeVault } from "../../../src/vault/vault.ts";

const key = (seed: number) => new Uint8Array(32).map((_, at) => (at * 7 + seed) % 256);
const KEYS: VaultKeys = { active: "k1", keys: { k1: key(1) } };
const ROTATED: VaultKeys = { active: "k2", keys: { k2: key(2), k1: key(1) } };
const PLACE = ["cluster-access", "team", "eu-1"];
const SECRET = '{"server":"https://k8s.example.com","token":"hunter2"}';
const vault = makeVault(KEYS);

async function openFault(sealed: string, place: readonly string[] = PLACE, keys = KEYS): Promise<unknown> {
  return await makeVault(keys)
    .open(sealed, place)
    .catch((error: unknown) => error);
}

const UNREADABLE = { kind: "broken", reason: "CredentialUnreadable" };

describe("a vault", () => {
  it("opens what it sealed, whatever the text", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme" }),
        fc.array(fc.string(), { maxLength: 4 }),
        async (text, place) => {
          expect(await vault.open(await vault.seal(text, place), place)).toBe(text);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("keeps a byte order mark, which is part of the text", async () => {
    expect(await vault.open(await vault.seal("\uFEFFa", PLACE), PLACE)).toBe("\uFEFFa");
  });

  it("writes version, key id and base64url, and nothing of the text", async () => {
    const sealed = await vault.seal(SECRET, PLACE);
    expect(sealed).toMatch(/^v1\.k1\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed.split(".")[2] ?? "", "base64url").toString("latin1")).not.toContain("hunter2");
  });

  it("never writes the same ciphertext twice", async () => {
    const sealed = await Promise.all(Array.from({ length: 50 }, async () => await vault.seal(SECRET, PLACE)));
    expect(new Set(sealed).size).toBe(50);
    const heads = sealed.map((each) =>
      Buffer.from(each.split(".")[2] ?? "", "base64url")
        .subarray(0, 44)
        .toString("hex"),
    );
    expect(new Set(heads).size).toBe(50);
  });

  it.each([
    { place: ["cluster-access", "team", "eu-2"], why: "another row" },
    { place: ["cluster-access", "other", "eu-1"], why: "another project" },
    { place: ["secret", "team", "eu-1"], why: "another purpose" },
    { place: ["cluster-access", "teameu-1"], why: "the same characters in other parts" },
    { place: ["cluster-access", "team", "eu", "-1"], why: "one part cut in two" },
    { place: ["cluster-access", "team", "eu-1", ""], why: "an empty part more" },
    { place: [], why: "no place" },
  ])("does not open in $why", async ({ place }) => {
    expect(await openFault(await vault.seal(SECRET, PLACE), place)).toMatchObject(UNREADABLE);
  });

  it("does not open after any one character has changed", async () => {
    const sealed = await vault.seal("x", PLACE);
    const tried = new Set<string>();
    for (let at = 0; at < sealed.length; at += 1) {
      for (const other of ["A", "B", "_", ".", "=", "é"]) {
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
        if (changed === sealed) continue;
        tried.add(changed);
        expect(await openFault(changed), `${other} at ${at}`).toMatchObject(UNREADABLE);
      }
    }
    expect(tried.size).toBeGreaterThan(sealed.length * 4);
  });

  it("does not open after any one bit has changed", async () => {
    const [version, id, encoded = ""] = (await vault.seal("x", PLACE)).split(".");
    const bytes = Buffer.from(encoded, "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const sealed = `${version}.${id}.${changed.toString("base64url")}`;
      expect(await openFault(sealed), `bit ${bit}`).toMatchObject(UNREADABLE);
    }
  });

  it("does not open when anything is cut off or added", async () => {
    const sealed = await vault.seal("x", PLACE);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(await openFault(sealed.slice(0, length))).toMatchObject(UNREADABLE);
    }
    for (const more of ["A", "=", ".", ".A", " ", "\n"]) {
      expect(await openFault(sealed + more)).toMatchObject(UNREADABLE);
    }
  });

  it.each([
    { keys: { active: "k1", keys: { k1: key(9) } }, why: "another key of the same id" },
    { keys: { active: "k2", keys: { k2: key(1) } }, why: "the key under another id" },
    { keys: { active: "k1", keys: {} }, why: "no key" },
  ])("does not open with $why", async ({ keys }) => {
    expect(await openFault(await vault.seal(SECRET, PLACE), PLACE, keys)).toMatchObject(UNREADABLE);
  });

  it("does not take the id of one key for another, even when both hold the same bytes", async () => {
    const twins: VaultKeys = { active: "k1", keys: { k1: key(1), k2: key(1) } };
    const sealed = await vault.seal(SECRET, PLACE);
    expect(await openFault(sealed.replace("v1.k1.", "v1.k2."), PLACE, twins)).toMatchObject(UNREADABLE);
  });

  it.each(["__proto__", "constructor", "toString", ""])("does not find a key named %j", async (id) => {
    const sealed = (await vault.seal(SECRET, PLACE)).replace("k1", id);
    expect(await openFault(sealed)).toMatchObject(UNREADABLE);
  });

  it("says the same whatever was wrong, and nothing of the text", async () => {
    const sealed = await vault.seal(SECRET, PLACE);
    const faults = await Promise.all([
      openFault(sealed, ["elsewhere"]),
      openFault(sealed, PLACE, { active: "k2", keys: { k2: key(2) } }),
      openFault(`${sealed.slice(0, -1)}${sealed.endsWith("A") ? "B" : "A"}`),
      openFault("garbage"),
    ]);
    expect(faults.every((fault) => fault instanceof Fault)).toBe(true);
    const told = faults.map((fault) =>
      fault instanceof Fault ? `${fault.message} ${String(fault.cause)}` : "",
    );
    expect(new Set(told).size).toBe(1);
    expect(told[0]).not.toContain("hunter2");
  });

  it("opens texts of the old key after a rotation, and seals with the new one", async () => {
    const old = await vault.seal(SECRET, PLACE);
    const rotated = makeVault(ROTATED);
    expect(await rotated.open(old, PLACE)).toBe(SECRET);
    const fresh = await rotated.seal(SECRET, PLACE);
    expect(fresh).toMatch(/^v1\.k2\./);
    expect(await openFault(fresh)).toMatchObject(UNREADABLE);
  });

  it("opens a text that was sealed when this form was fixed", async () => {
    const sealed =
      "v1.k1.Hafr8KzcVbRaOOZwW5p2xR63DpHMSJJnJdssQln87mM8KDSM4rpI8QWrLwBDTS79rlVYMFxh8cH_RNbY00loQCYTp1W1EPRpkw";
    expect(await vault.open(sealed, PLACE)).toBe("kept for ever");
  });
});
