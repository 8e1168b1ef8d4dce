/** What every vault promises, the real one and the simulation's. */
import { describe, expect, test } from "vitest";
import type { Vault } from "../../src/domain/ports.ts";

export function describeVault(name: string, makeVault: () => Vault): void {
  describe(`the ${name} vault`, () => {
    test("opens at the place where it was sealed", async () => {
      const vault = makeVault();
      expect(await vault.open(await vault.seal("s3cret.{}", ["a", "b"]), ["a", "b"])).toBe("s3cret.{}");
    });

    test.each([[["a"]], [["b", "a"]], [["ab"]], [["a", "b", ""]]])(
      "does not open at another place %j",
      async (place) => {
        const vault = makeVault();
        const sealed = await vault.seal("s3cret", ["a", "b"]);
        await expect(vault.open(sealed, place)).rejects.toMatchObject({
          kind: "broken",
          reason: "CredentialUnreadable",
        });
      },
    );

    test("never gives the same ciphertext twice", async () => {
      const vault = makeVault();
      expect(await vault.seal("s3cret", ["a"])).not.toBe(await vault.seal("s3cret", ["a"]));
    });

    test("does not open what it never sealed", async () => {
      await expect(makeVault().open("garbage", ["a"])).rejects.toMatchObject({
        reason: "CredentialUnreadable",
      });
    });
  });
}
