/** Knows how it looks when no trustworthy answer came back, and says each case in words that never repeat upstream text. */
import { Fault } from "../domain/fault.ts";

const IN_FRONT = "set the headers that the access policy in front asks for";

/** Makes the fault for an answer that was damaged on its way or is not what an API server says; `what` ends the sentence. */
export function garbage(what: string): Fault {
  return outage("Garbage", `the answer ${what}: check what stands between Farhelm and the API server`);
}

/** Makes the fault for something else than an API server, such as a login page. */
export function notKubernetes(status: number): Fault {
  const detail = `the address answered ${status}, but not as an API server does: register the API server itself, or ${IN_FRONT}`;
  return new Fault("cluster_unreachable", detail, { reason: "NotKubernetes", clusterStatus: status });
}

/** Makes the fault for a redirect, which is never followed. */
export function redirected(status: number): Fault {
  const detail = `the address redirects elsewhere, where the token does not go: register the final address, or ${IN_FRONT}`;
  return new Fault("cluster_unreachable", detail, { reason: "Redirected", clusterStatus: status });
}

/** Makes the fault for a body above the cap; a part of the truth is not given out. */
export function tooLarge(maxBytes: number): Fault {
  const detail = `the answer is larger than ${Math.floor(maxBytes / 1024)} KiB, so it was not read to its end`;
  return new Fault("cluster_rejected", detail, { reason: "AnswerTooLarge" });
}

/** Makes the fault for a header value that HTTP refuses; the runtime's error repeats the secret, so it is not kept. */
export function credentialUnusable(): Fault {
  const detail =
    "the token or an access header holds characters that HTTP refuses: register the cluster again";
  return new Fault("cluster_rejected", detail, { reason: "CredentialUnusable" });
}

/** Makes the fault for a deadline that passed, before the headers or amid the body. */
export function timedOut(timeoutMs: number, cause: unknown): Fault {
  return outage(
    "Timeout",
    `the API server did not answer within ${timeoutMs} ms: check its load and the way to it`,
    cause,
  );
}

/** Advice for a certificate that no public authority signed. */
export const PRIVATE_CA =
  "the certificate of the API server is not trusted: Workers trust public CAs only, so put a tunnel " +
  "or a publicly trusted certificate in front and register that address";

/** Sorts what `fetch` threw by its words, which differ between runtimes. */
export function unreachable(error: unknown): Fault {
  const text = `${wordsOf(error)} ${wordsOf(error instanceof Error ? error.cause : undefined)}`;
  if (/certificate|self.signed|\bTLS\b|\bSSL\b|CERT_|UNABLE_TO_|ALTNAME/i.test(text)) {
    return outage("CertificateNotTrusted", PRIVATE_CA, error);
  }
  if (/ENOTFOUND|EAI_AGAIN|getaddrinfo|\bDNS\b/i.test(text)) {
    return outage("NameNotFound", "the name of the API server does not resolve: check the address", error);
  }
  // A Worker on a developer's machine tells nothing apart: a name and a certificate fail like this as well.
  const detail =
    "there is no connection to the API server: check that it runs, that its name resolves, " +
    "and that a public CA signed its certificate";
  return outage("Unreachable", detail, error);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error && typeof error.code === "string" ? `${error.message} ${error.code}` : error.message;
}

function outage(reason: string, detail: string, cause?: unknown): Fault {
  return new Fault("cluster_unreachable", detail, { reason, cause });
}
