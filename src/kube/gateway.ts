/** Knows failures that do not come from an API server but from what stands in front: edge, tunnel, proxy, login page. */
import { Fault, type FaultKind } from "../domain/fault.ts";
import { notKubernetes, PRIVATE_CA } from "./outage.ts";
import { notServed, type Subject } from "./paths.ts";
import type { Answer } from "./transport.ts";

interface Row {
  readonly codes: readonly number[];
  /** Recognises the body where the code alone says too little. */
  readonly hint?: RegExp;
  readonly kind: FaultKind;
  readonly reason: string;
  readonly says: string | ((subject: Subject) => string);
}

/** Codes above 511 and hints with `error code` are those of the edge that Workers call through. The first row that fits wins. */
const ROWS: readonly Row[] = [
  {
    // Direct IP access: Workers cannot call addresses.
    codes: [403],
    hint: /error code: 1003/,
    kind: "cluster_unreachable",
    reason: "Unreachable",
    says: "Workers cannot call IP addresses: give the API server a DNS name",
  },
  {
    // An API server answers so, as plain text, for an API group that it does not have.
    codes: [404],
    hint: /^404 page not found\s*$/,
    kind: "cluster_rejected",
    reason: "KindNotServed",
    says: notServed,
  },
  {
    codes: [401],
    kind: "cluster_rejected",
    reason: "Unauthorized",
    says: "something in front of the API server does not accept the credentials: check the token and the access headers",
  },
  {
    // Too many requests in flight: the API server says it as plain text.
    codes: [429],
    kind: "throttled",
    reason: "Throttled",
    says: "the API server asks for fewer requests: the next pass waits for as long as it says",
  },
  {
    codes: [413],
    kind: "cluster_rejected",
    reason: "TooLarge",
    says: "the object is larger than what stands in front of the API server accepts",
  },
  {
    codes: [495, 525, 526],
    kind: "cluster_unreachable",
    reason: "CertificateNotTrusted",
    says: PRIVATE_CA,
  },
  {
    codes: [530],
    kind: "cluster_unreachable",
    reason: "Unreachable",
    says: "the tunnel has no connection to the cluster, or its name does not resolve: check that the tunnel runs there",
  },
  {
    codes: [408, 504, 522, 524],
    kind: "cluster_unreachable",
    reason: "Timeout",
    says: "the API server did not answer what stands in front of it in time: check its load and the way to it",
  },
  {
    codes: [520, 521, 523],
    kind: "cluster_unreachable",
    reason: "Unreachable",
    says: "nothing answers at the API server's address: check that it runs and lets the edge's addresses in",
  },
];

/** Turns a failed answer without a Status into a fault; unknown failures are `NotKubernetes` below 500, `ServerError` above. */
export function gatewayFault(answer: Answer, subject: Subject): Fault {
  const { status, retryAfterSeconds } = answer;
  const row = ROWS.find(({ codes, hint }) => codes.includes(status) && (hint?.test(answer.hint) ?? true));
  if (row === undefined && status < 500) return notKubernetes(status);
  const says =
    row?.says ?? `what stands in front of the API server failed with ${status}: check that it runs`;
  return new Fault(row?.kind ?? "cluster_unreachable", typeof says === "string" ? says : says(subject), {
    reason: row?.reason ?? "ServerError",
    clusterStatus: status,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
