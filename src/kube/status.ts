/** Knows what each failure of an API server means, as a table from its Status to a fault; decides nothing about retries. */
import { Fault, type FaultKind } from "../domain/fault.ts";
import { type Failure, readFailure } from "./failure.ts";
import { gatewayFault } from "./gateway.ts";
import { notServed, resourceName, type Subject, where } from "./paths.ts";
import type { Answer } from "./transport.ts";

interface Row {
  readonly when: (failure: Failure) => boolean;
  readonly kind: FaultKind;
  readonly reason: string;
  readonly says: (failure: Failure) => string;
}

const caused = (failure: Failure, reason: string) => failure.causes.some((cause) => cause.reason === reason);

/** Texts come from kubernetes 1.36: `apimachinery/pkg/api/errors` and `apiserver`. The first row that fits wins. */
const ROWS: readonly Row[] = [
  {
    // The token is unknown, expired, or its ServiceAccount was deleted.
    when: ({ code }) => code === 401,
    kind: "cluster_rejected",
    reason: "Unauthorized",
    says: () =>
      "the API server does not accept the token: mint a new one and register the cluster again with it",
  },
  {
    // The request came without a token, which this client never sends.
    when: ({ code, message }) => code === 403 && message.includes('User "system:anonymous"'),
    kind: "cluster_rejected",
    reason: "Unauthorized",
    says: () =>
      "the token did not arrive at the API server: let what stands in front pass the Authorization header on",
  },
  {
    // A denial by a webhook comes with any code, often 400 or 403; a policy says "denied request".
    when: ({ message }) => /denied (the )?request|exceeded quota|violates PodSecurity/.test(message),
    kind: "cluster_rejected",
    reason: "DeniedByPolicy",
    says: ({ shown }) => `an admission policy of the cluster refused this: ${shown}`,
  },
  {
    // Creating is refused although permission is there; updates still work.
    when: (failure) => failure.code === 403 && caused(failure, "NamespaceTerminating"),
    kind: "cluster_rejected",
    reason: "NamespaceTerminating",
    says: ({ subject }) =>
      `namespace ${subject.namespace} is being deleted: nothing can be created in it until it is gone`,
  },
  {
    when: ({ code }) => code === 403,
    kind: "cluster_rejected",
    reason: "AccessDenied",
    says: ({ subject, message }) =>
      `may not ${/cannot ([a-z]+) resource/.exec(message)?.[1] ?? subject.verb} ${resourceName(subject)}${where(subject)}: ` +
      "apply deploy/rbac.yaml on the cluster, then probe again",
  },
  {
    // Said by creates, whatever the kind of the object.
    when: ({ code, kind, name, subject }) =>
      code === 404 && kind === "namespaces" && subject.plural !== "namespaces" && name === subject.namespace,
    kind: "cluster_rejected",
    reason: "NamespaceMissing",
    says: ({ subject }) => `namespace ${subject.namespace} does not exist: create it, or declare it here`,
  },
  {
    // The only answer that means absence: it names the very object that was asked for.
    when: ({ code, reason, kind, group, name, subject }) =>
      code === 404 &&
      reason === "NotFound" &&
      subject.name !== "" &&
      name === subject.name &&
      kind === subject.plural &&
      group === subject.group,
    kind: "not_found",
    reason: "NotFound",
    says: ({ subject }) => `${resourceName(subject)} ${subject.name} does not exist${where(subject)}`,
  },
  {
    // The path is unknown: an API group that this server does not have.
    when: ({ code }) => code === 404,
    kind: "cluster_rejected",
    reason: "KindNotServed",
    says: ({ subject }) => notServed(subject),
  },
  {
    // The object is another one than the caller thinks: said by deletes, by applies to a missing and to an existing one.
    when: ({ code, message, causes }) =>
      (code === 409 && /uid mismatch|UID in (the )?precondition/i.test(message)) ||
      (code === 422 && causes.some(({ field }) => field === "metadata.uid")),
    kind: "conflict",
    reason: "UidChanged",
    says: ({ subject }) =>
      `${resourceName(subject)} ${subject.name} is no longer the object that was read: it was deleted or made again`,
  },
  {
    // One cause per field, with the manager's name.
    when: (failure) => failure.code === 409 && caused(failure, "FieldManagerConflict"),
    kind: "conflict",
    reason: "FieldConflict",
    says: ({ causes }) =>
      `other managers own these fields: ${causes.map(({ field, message }) => `${field}: ${message}`).join("; ")}`,
  },
  {
    when: ({ code }) => code === 409,
    kind: "conflict",
    reason: "Conflict",
    says: ({ shown }) => `the API server reports a conflict: ${shown}`,
  },
  {
    // A continue token or a resource version that the server has compacted away.
    when: ({ code }) => code === 410,
    kind: "cluster_rejected",
    reason: "Expired",
    says: ({ subject }) =>
      `the list of ${resourceName(subject)} changed faster than it could be read: the next pass reads it again`,
  },
  {
    when: ({ code }) => code === 413,
    kind: "cluster_rejected",
    reason: "TooLarge",
    says: () => "the object is larger than the API server accepts: shorten its configuration",
  },
  {
    when: ({ code, message, causes }) =>
      code === 422 &&
      [message, ...causes.map((cause) => cause.message)].some((text) => /immutable/.test(text)),
    kind: "cluster_rejected",
    reason: "ImmutableField",
    says: ({ shown }) => `a field cannot be changed on the existing object: ${shown}`,
  },
  {
    when: ({ code }) => code === 429,
    kind: "throttled",
    reason: "Throttled",
    says: () => "the API server asks for fewer requests: the next pass waits for as long as it says",
  },
  {
    // Strict validation answers 400, the typed merge 500; both name a field that this server version does not have.
    when: ({ code, message }) =>
      (code === 400 || code === 500) &&
      /failed to create typed patch object|field not declared in schema|strict decoding error/.test(message),
    kind: "cluster_rejected",
    reason: "InvalidForServer",
    says: ({ shown }) => `the API server's version does not accept this object: ${shown}`,
  },
  {
    when: ({ code, message }) => code === 500 && /failed calling webhook/.test(message),
    kind: "cluster_rejected",
    reason: "WebhookUnavailable",
    says: ({ shown }) => `an admission webhook of the cluster does not answer: ${shown}`,
  },
  {
    when: ({ code, message }) => code === 400 && /does not support dry run/.test(message),
    kind: "cluster_rejected",
    reason: "DryRunUnsupported",
    says: ({ shown }) => `an admission webhook of the cluster refuses dry runs: ${shown}`,
  },
  {
    // Comes after 3 s when the cache never reaches the wanted version: restored, replaced, or far behind.
    when: (failure) => failure.code === 504 && caused(failure, "ResourceVersionTooLarge"),
    kind: "cluster_unreachable",
    reason: "ResourceVersionTooLarge",
    says: () => "the API server does not know a version that it gave out before: it was restored or replaced",
  },
  {
    when: ({ code, reason }) => code === 504 || reason === "ServerTimeout" || reason === "Timeout",
    kind: "cluster_unreachable",
    reason: "Timeout",
    says: () => "the API server ran out of time: check its load and its store",
  },
  {
    when: ({ code, message }) =>
      code > 500 || /etcdserver|no leader|context deadline exceeded/.test(code === 500 ? message : ""),
    kind: "cluster_unreachable",
    reason: "ServerError",
    says: ({ code, shown }) => `the API server failed with ${code}: ${shown}`,
  },
  {
    // Often one object's own trouble, such as a conversion that fails: it must not stop the others.
    when: ({ code }) => code === 500,
    kind: "cluster_rejected",
    reason: "ServerError",
    says: ({ shown }) => `the API server failed with 500: ${shown}`,
  },
  {
    // Every other 4xx: the object breaks a rule of the server.
    when: () => true,
    kind: "cluster_rejected",
    reason: "Rejected",
    says: ({ shown }) => `the API server refused this: ${shown}`,
  },
];

/** Turns a failed answer into a fault; without a Status in it, it came from something in front of the API server. */
export function faultOf(answer: Answer, subject: Subject): Fault {
  const failure = readFailure(answer.status, answer.body, subject);
  const row = failure && ROWS.find((each) => each.when(failure));
  if (failure === undefined || row === undefined) return gatewayFault(answer, subject);
  const retryAfterSeconds = answer.retryAfterSeconds ?? failure.retryAfterSeconds;
  return new Fault(row.kind, row.says(failure), {
    reason: row.reason,
    clusterStatus: answer.status,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Says whether a failed LIST is about the whole cluster (its way, its credentials, its load), not about one kind. */
export function isClusterWide(fault: Fault): boolean {
  const status = fault.clusterStatus ?? 0;
  return (
    status === 401 || status >= 500 || CLUSTER_WIDE.has(fault.kind) || fault.reason === "CredentialUnusable"
  );
}

const CLUSTER_WIDE: ReadonlySet<FaultKind> = new Set(["cluster_unreachable", "throttled", "broken"]);
