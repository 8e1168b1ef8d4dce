/** Implements the Random port with the runtime's cryptographic generator. */
import type { Random } from "../domain/ports.ts";

/** Draws random bytes and spells them in hex. */
export const systemRandom: Random = {
  hex: (bytes) =>
    Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join(""),
};

/** Makes a fresh UUID. */
export function randomUuid(): string {
  return crypto.randomUUID();
}
