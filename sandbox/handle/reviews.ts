/** Knows the reviews by which a caller asks who he is and what he may do, and token requests; refuses to know objects. */
import { isAllowed } from "../access.ts";
import { timeText, type Core } from "../core.ts";
import { parseObject } from "../decode.ts";
import type { Token } from "../interface.ts";
import { listAt, numberAt, objectAt, textAt, type JsonObject } from "../json.ts";
import type { Call, Target } from "../request.ts";
import { mustFind } from "./read.ts";

/** Answers a review path, or undefined where the path is none. */
export function review(core: Core, call: Call, caller: Token): JsonObject | undefined {
  switch (call.path) {
    case "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews":
      return accessReview(call, caller);
    case "/apis/authentication.k8s.io/v1/selfsubjectreviews":
      return subjectReview(core, caller);
    default:
      return undefined;
  }
}

function accessReview(call: Call, caller: Token): JsonObject {
  const body = parseObject(call.body, "error decoding review");
  const asked = objectAt(body, "spec", "resourceAttributes");
  const subresource = textAt(asked, "subresource") ?? "";
  const plural = textAt(asked, "resource") ?? "";
  const allowed = isAllowed(caller, {
    verb: textAt(asked, "verb") ?? "",
    group: textAt(asked, "group") ?? "",
    resource: subresource === "" ? plural : `${plural}/${subresource}`,
    namespace: textAt(asked, "namespace") ?? "",
  });
  return {
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: {},
    spec: objectAt(body, "spec"),
    status: allowed ? { allowed } : { allowed, denied: false },
  };
}

function subjectReview(core: Core, caller: Token): JsonObject {
  return {
    kind: "SelfSubjectReview",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { creationTimestamp: timeText(core.now()) },
    status: {
      userInfo: { username: caller.user, groups: [...(caller.groups ?? []), "system:authenticated"] },
    },
  };
}

/** Answers a token request for a service account; its rules are those of any token known for the same user. */
export function issueToken(core: Core, target: Target, call: Call, tokens: Map<string, Token>): JsonObject {
  const account = mustFind(core, target);
  const body = call.body === "" ? {} : parseObject(call.body, "error decoding token request");
  const seconds = numberAt(body, "spec", "expirationSeconds") ?? 3600;
  const { name } = account.metadata;
  const namespace = textAt(account, "metadata", "namespace") ?? "";
  const token = `sandbox-${core.uid()}`;
  const user = `system:serviceaccount:${namespace}:${name}`;
  const known = [...tokens.values()].find((other) => other.user === user) ?? { rules: [] };
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  tokens.set(token, { ...known, token, user, groups });
  const audiences = listAt(body, "spec", "audiences");
  return {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: timeText(core.now()) },
    spec: {
      audiences: audiences.length > 0 ? [...audiences] : ["https://kubernetes.default.svc"],
      expirationSeconds: seconds,
      boundObjectRef: objectAt(body, "spec")["boundObjectRef"] ?? null,
    },
    status: { token, expirationTimestamp: timeText(core.now() + seconds * 1000) },
  };
}
