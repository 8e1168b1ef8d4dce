/** A vault without randomness for simulations; `test/contract/vault-suite.ts` holds it to the real one's promises. */
import { Fault } from "../../src/domain/fault.ts";
import type { Vault } from "../../src/domain/ports.ts";

export function fakeVault(): Vault {
  let count = 0;
  const placed = (place: readonly string[]) => JSON.stringify(place);
  return {
    seal: (plain, place) => {
      count += 1;
      return Promise.resolve(`fake.${count}.${placed(place)}.${plain}`);
    },
    open: (sealed, place) => {
      const mark = `.${placed(place)}.`;
      const at = sealed.indexOf(mark);
      if (!/^fake\.\d+$/.test(sealed.slice(0, at))) {
        return Promise.reject(new Fault("broken", "it does not open", { reason: "CredentialUnreadable" }));
      }
      return Promise.resolve(sealed.slice(at + mark.length));
    },
  };
}
