/** Knows base64 (RFC 4648, section 4) of a text's UTF-8 bytes; the pure rooms have neither Buffer nor btoa. */
import { utf8ToBytes } from "@noble/hashes/utils.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Encodes a text as Kubernetes wants it in a Secret's `data`. */
export function base64(text: string): string {
  const bytes = utf8ToBytes(text);
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.subarray(at, at + 3);
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    encoded += letter(group >> 18) + letter(group >> 12);
    encoded += second === undefined ? "=" : letter(group >> 6);
    encoded += third === undefined ? "=" : letter(group);
  }
  return encoded;
}

function letter(bits: number): string {
  return ALPHABET.charAt(bits & 63);
}
