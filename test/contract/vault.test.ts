/** Holds the simulation's vault to what the real one promises. */
import { makeVault } from "../../src/vault/vault.ts";
import { fakeVault } from "../support/fake-vault.ts";
import { describeVault } from "./vault-suite.ts";

describeVault("real", () => makeVault({ active: "k1", keys: { k1: new Uint8Array(32).fill(7) } }));
describeVault("simulated", fakeVault);
