/** A secret's value is replaced whatever became of the old one; what is kept must still open. */
import { expect, test } from "vitest";
import { sealSecrets } from "../../../src/control/secrets.ts";
import { fakeVault } from "../../support/fake-vault.ts";
import { aDeclaration, anApp } from "../../support/make.ts";

const KEY = { project: "default", kind: "app", name: "myweb" } as const;
const CURRENT = aDeclaration({ sealed: { key: "sealed with a key that is lost" } });

test("a value that no longer opens can be given anew", async () => {
  const declared = { kind: "app", spec: anApp({ secrets: { key: "new" } }) } as const;
  const { open } = await sealSecrets(fakeVault(), KEY, declared, CURRENT);
  expect(open["key"]?.value).toBe("new");
});

test("a value that no longer opens cannot be kept", async () => {
  const declared = { kind: "app", spec: anApp({ secrets: { key: null } }) } as const;
  await expect(sealSecrets(fakeVault(), KEY, declared, CURRENT)).rejects.toThrow("does not open");
});
