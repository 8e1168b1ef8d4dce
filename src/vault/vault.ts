/** Knows how texts are encrypted at rest: a ciphertext opens with its key and in its place, or not at all. */
import { Fault } from "../domain/fault.ts";
import type { Vault } from "../domain/ports.ts";
import { fromBase64Url, toBase64Url } from "./base64.ts";
import { KEY_ID, type VaultKeys } from "./keys.ts";

const VERSION = "v1";
const INFO_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Makes the vault. Each text gets a key of its own (HKDF-SHA256 of the master key over 32 random bytes, as Kubernetes'
 * KMS v2 does) and AES-256-GCM; the form is `v1.<keyId>.<base64url(info|iv|ciphertext)>`.
 */
export function makeVault(keys: VaultKeys): Vault {
  return {
    async seal(plain, place) {
      const master = masterOf(keys, keys.active);
      if (master === undefined) throw unreadable();
      const info = crypto.getRandomValues(new Uint8Array(INFO_BYTES));
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const key = await recordKey(master, info, "encrypt");
      const algorithm = { name: "AES-GCM", iv, additionalData: bind(keys.active, place) };
      const sealed = await crypto.subtle.encrypt(algorithm, key, new TextEncoder().encode(plain));
      return `${VERSION}.${keys.active}.${toBase64Url(concat([info, iv, new Uint8Array(sealed)]))}`;
    },

    async open(sealed, place) {
      const [version, keyId = "", encoded = "", ...rest] = sealed.split(".");
      const master = masterOf(keys, keyId);
      const bytes = fromBase64Url(encoded);
      if (version !== VERSION || rest.length > 0 || master === undefined || bytes === undefined) {
        throw unreadable();
      }
      if (bytes.byteLength < INFO_BYTES + IV_BYTES + TAG_BYTES) throw unreadable();
      const info = bytes.slice(0, INFO_BYTES);
      const iv = bytes.slice(INFO_BYTES, INFO_BYTES + IV_BYTES);
      try {
        const key = await recordKey(master, info, "decrypt");
        const algorithm = { name: "AES-GCM", iv, additionalData: bind(keyId, place) };
        const plain = await crypto.subtle.decrypt(algorithm, key, bytes.slice(INFO_BYTES + IV_BYTES));
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plain);
      } catch {
        // A wrong key, a wrong place and a changed byte are told apart for nobody.
        throw unreadable();
      }
    },
  };
}

function masterOf({ keys }: VaultKeys, id: string): Bytes | undefined {
  return KEY_ID.test(id) && Object.hasOwn(keys, id) ? keys[id] : undefined;
}

async function recordKey(master: Bytes, info: Bytes, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  const root = await crypto.subtle.importKey("raw", master, "HKDF", false, ["deriveKey"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
  return await crypto.subtle.deriveKey(algorithm, root, { name: "AES-GCM", length: 256 }, false, [use]);
}

/** Additional data: every part behind its length, so that no two places spell the same bytes. */
function bind(keyId: string, place: readonly string[]): Bytes {
  return concat(
    [VERSION, keyId, ...place].flatMap((part) => {
      const bytes = new TextEncoder().encode(part);
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, bytes.byteLength);
      return [length, bytes];
    }),
  );
}

function concat(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function unreadable(): Fault {
  const detail =
    "a stored credential cannot be decrypted: restore the vault key that it was sealed with, or register it again";
  return new Fault("broken", detail, { reason: "CredentialUnreadable" });
}
