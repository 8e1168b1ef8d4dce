/** Guards what each failure of an API server is taken for; the messages are those of kubernetes 1.36.3. */
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/domain/object.ts";
import { clientOf, json, LIST, DEPLOYMENT, status, TOKEN, WEB_OBJECT } from "./fake-server.ts";

const UID = "f34adb48-daff-40e1-bfa9-4eb7269f8188";
const WEB_DETAILS = { name: "web", group: "apps", kind: "deployments" };

interface Case {
  readonly name: string;
  readonly answer: Response;
  readonly kind: string;
  readonly reason: string;
  readonly message: RegExp;
}

const CASES: readonly Case[] = [
  {
    name: "a permission that is missing, by verb, resource and namespace",
    answer: status(
      403,
      "Forbidden",
      'deployments.apps "web" is forbidden: User "system:serviceaccount:farhelm-system:farhelm" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
      WEB_DETAILS,
    ),
    kind: "cluster_rejected",
    reason: "AccessDenied",
    message: /^may not patch deployments\.apps in namespace shop: apply deploy\/rbac\.yaml on the cluster/,
  },
  {
    name: "a permission to create that an apply needs",
    answer: status(
      403,
      "Forbidden",
      'deployments.apps is forbidden: User "u" cannot create resource "deployments" in API group "apps" in the namespace "shop"',
      WEB_DETAILS,
    ),
    kind: "cluster_rejected",
    reason: "AccessDenied",
    message: /^may not create deployments\.apps/,
  },
  {
    name: "a token that got lost on the way",
    answer: status(
      403,
      "Forbidden",
      'deployments.apps is forbidden: User "system:anonymous" cannot patch resource "deployments"',
    ),
    kind: "cluster_rejected",
    reason: "Unauthorized",
    message: /Authorization header/,
  },
  {
    name: "a namespace that is going away",
    answer: status(
      403,
      "Forbidden",
      'deployments.apps "web" is forbidden: unable to create new content in namespace shop because it is being terminated',
      {
        ...WEB_DETAILS,
        causes: [
          {
            reason: "NamespaceTerminating",
            message: "namespace shop is being terminated",
            field: "metadata.namespace",
          },
        ],
      },
    ),
    kind: "cluster_rejected",
    reason: "NamespaceTerminating",
    message: /^namespace shop is being deleted/,
  },
  {
    name: "a namespace that is missing",
    answer: status(404, "NotFound", 'namespaces "shop" not found', { name: "shop", kind: "namespaces" }),
    kind: "cluster_rejected",
    reason: "NamespaceMissing",
    message: /^namespace shop does not exist/,
  },
  {
    name: "an object that is missing",
    answer: status(404, "NotFound", 'deployments.apps "web" not found', WEB_DETAILS),
    kind: "not_found",
    reason: "NotFound",
    message: /^deployments\.apps web does not exist in namespace shop/,
  },
  {
    name: "another object that is missing",
    answer: status(404, "NotFound", 'deployments.apps "api" not found', { ...WEB_DETAILS, name: "api" }),
    kind: "cluster_rejected",
    reason: "KindNotServed",
    message: /does not serve deployments\.apps/,
  },
  {
    name: "a kind that is not served",
    answer: status(404, "NotFound", "the server could not find the requested resource", {}),
    kind: "cluster_rejected",
    reason: "KindNotServed",
    message: /does not serve deployments\.apps/,
  },
  {
    name: "a conflict over fields, with each cause word for word",
    answer: status(409, "Conflict", "Apply failed with 2 conflicts", {
      causes: [
        {
          reason: "FieldManagerConflict",
          message: 'conflict with "kubectl" using apps/v1',
          field: ".spec.replicas",
        },
        {
          reason: "FieldManagerConflict",
          message: 'conflict with "hpa" with subresource "scale"',
          field: ".spec.paused",
        },
      ],
    }),
    kind: "conflict",
    reason: "FieldConflict",
    message:
      /\.spec\.replicas: conflict with "kubectl" using apps\/v1; \.spec\.paused: conflict with "hpa" with subresource "scale"$/,
  },
  {
    name: "an apply with the uid of an object that is gone",
    answer: status(
      409,
      "Conflict",
      `Operation cannot be fulfilled on deployments.apps "web": uid mismatch: the provided object specified uid ${UID}, and no existing object was found`,
      WEB_DETAILS,
    ),
    kind: "conflict",
    reason: "UidChanged",
    message: /deleted or made again/,
  },
  {
    name: "an apply with the uid of an earlier object",
    answer: status(
      422,
      "Invalid",
      `Deployment.apps "web" is invalid: metadata.uid: Invalid value: "${UID}": field is immutable`,
      {
        ...WEB_DETAILS,
        causes: [{ reason: "FieldValueInvalid", message: "field is immutable", field: "metadata.uid" }],
      },
    ),
    kind: "conflict",
    reason: "UidChanged",
    message: /deleted or made again/,
  },
  {
    name: "a delete with the uid of an earlier object",
    answer: status(
      409,
      "Conflict",
      'Operation cannot be fulfilled on Deployment.apps "web": the UID in the precondition (1) does not match the UID in record (2). The object might have been deleted and then recreated',
      WEB_DETAILS,
    ),
    kind: "conflict",
    reason: "UidChanged",
    message: /deleted or made again/,
  },
  {
    name: "any other conflict",
    answer: status(409, "Conflict", "please apply your changes to the latest version and try again"),
    kind: "conflict",
    reason: "Conflict",
    message: /latest version/,
  },
  {
    name: "a field that cannot change",
    answer: status(422, "Invalid", 'Deployment.apps "web" is invalid: spec.selector: field is immutable', {
      ...WEB_DETAILS,
      causes: [{ reason: "FieldValueInvalid", message: "field is immutable", field: "spec.selector" }],
    }),
    kind: "cluster_rejected",
    reason: "ImmutableField",
    message: /spec\.selector/,
  },
  {
    name: "a value that breaks a rule",
    answer: status(
      422,
      "Invalid",
      'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ),
    kind: "cluster_rejected",
    reason: "Rejected",
    message: /spec\.replicas/,
  },
  {
    name: "an object that is too large",
    answer: status(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728"),
    kind: "cluster_rejected",
    reason: "TooLarge",
    message: /larger than the API server accepts/,
  },
  {
    name: "a webhook that denies",
    answer: status(
      400,
      "BadRequest",
      'admission webhook "policy.example.com" denied the request: no latest tags',
    ),
    kind: "cluster_rejected",
    reason: "DeniedByPolicy",
    message: /"policy\.example\.com" denied the request: no latest tags/,
  },
  {
    name: "a policy that denies",
    answer: status(
      422,
      "Invalid",
      "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
    ),
    kind: "cluster_rejected",
    reason: "DeniedByPolicy",
    message: /ValidatingAdmissionPolicy 'p'/,
  },
  {
    name: "a quota that is used up",
    answer: status(
      403,
      "Forbidden",
      'deployments.apps "web" is forbidden: exceeded quota: q, requested: count/deployments.apps=1',
    ),
    kind: "cluster_rejected",
    reason: "DeniedByPolicy",
    message: /exceeded quota/,
  },
  {
    name: "a webhook that does not answer",
    answer: status(
      500,
      "InternalError",
      'Internal error occurred: failed calling webhook "policy.example.com": failed to call webhook',
    ),
    kind: "cluster_rejected",
    reason: "WebhookUnavailable",
    message: /"policy\.example\.com"/,
  },
  {
    name: "a webhook that refuses dry runs",
    answer: status(400, "BadRequest", 'admission webhook "w" does not support dry run'),
    kind: "cluster_rejected",
    reason: "DryRunUnsupported",
    message: /refuses dry runs/,
  },
  {
    name: "a field that this server version does not have",
    answer: status(
      500,
      "",
      "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema",
    ),
    kind: "cluster_rejected",
    reason: "InvalidForServer",
    message: /\.spec\.foo: field not declared in schema/,
  },
  {
    name: "requests that are too many, with the time to wait",
    answer: status(429, "TooManyRequests", "slow down", { retryAfterSeconds: 7 }),
    kind: "throttled",
    reason: "Throttled",
    message: /fewer requests/,
  },
  {
    name: "an error over one object, which must not stop the others",
    answer: status(500, "InternalError", "conversion failed"),
    kind: "cluster_rejected",
    reason: "ServerError",
    message: /500: conversion failed/,
  },
  {
    name: "an error of the store, which concerns all",
    answer: status(500, "InternalError", "etcdserver: request timed out"),
    kind: "cluster_unreachable",
    reason: "ServerError",
    message: /etcdserver/,
  },
  {
    name: "a server that shuts down",
    answer: status(503, "ServiceUnavailable", "apiserver is shutting down"),
    kind: "cluster_unreachable",
    reason: "ServerError",
    message: /503/,
  },
  {
    name: "a server that is out of time",
    answer: status(
      500,
      "ServerTimeout",
      "The patch operation against deployments.apps could not be completed at this time, please try again.",
    ),
    kind: "cluster_unreachable",
    reason: "Timeout",
    message: /ran out of time/,
  },
];

const options = { manager: "farhelm", force: false, dryRun: false };

describe("an apply tells", () => {
  it.each(CASES)("$name", async ({ answer, kind, reason, message }) => {
    const { api } = clientOf([answer]);
    const call = api.apply(WEB_OBJECT, options);
    await expect(call).rejects.toMatchObject({ kind, reason, clusterStatus: answer.status });
    await expect(call).rejects.toThrow(message);
  });
});

describe("a fault", () => {
  it("carries the time to wait from the Status when no header gives one", async () => {
    const { api } = clientOf([status(429, "TooManyRequests", "slow down", { retryAfterSeconds: 7 })]);
    await expect(api.apply(WEB_OBJECT, options)).rejects.toMatchObject({ retryAfterSeconds: 7 });
  });

  it("does not repeat values of a Secret, only their places", async () => {
    const secret: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "shop" },
    };
    const { api } = clientOf([
      status(422, "Invalid", 'Secret "s" is invalid: data[password]: Invalid value: "hunter2"', {
        causes: [
          { reason: "FieldValueInvalid", message: 'Invalid value: "hunter2"', field: "data[password]" },
        ],
      }),
    ]);
    const call = api.apply(secret, options);
    await expect(call).rejects.toThrow(/data\[password\]/);
    await expect(call).rejects.not.toThrow(/hunter2/);
  });

  it("repeats a message on one line, short, without control characters", async () => {
    const hostile = `a\u0000b\u001b[31mred\n\nnext\u202Eevil ${"x".repeat(10_000)}`;
    const { api } = clientOf([status(400, "BadRequest", hostile)]);
    const error = await api.apply(WEB_OBJECT, options).catch((thrown: unknown) => thrown);
    const message = error instanceof Error ? error.message : "";
    expect(message).toContain("a b [31mred next evil");
    expect(message).toMatch(/^[^\p{Cc}\p{Cf}]{1,600}$/u);
  });

  it("survives a Status whose members have other types", async () => {
    for (const broken of [
      { message: 7, reason: [], details: "x" },
      { details: { causes: "x", retryAfterSeconds: "soon", name: {} } },
      { details: { causes: [null, 7, { reason: {} }] } },
    ]) {
      const { api } = clientOf([json({ kind: "Status", ...broken }, 422)]);
      await expect(api.apply(WEB_OBJECT, options)).rejects.toMatchObject({ reason: "Rejected" });
    }
  });

  it("keeps a missing permission apart per kind, and a rejected token for the whole cluster", async () => {
    const denied = clientOf([status(403, "Forbidden", 'cannot list resource "deployments"')]);
    expect(await denied.api.list(DEPLOYMENT, LIST)).toMatchObject({ reason: "AccessDenied", scope: "kind" });
    const rejected = clientOf([status(401, "Unauthorized", "Unauthorized")]);
    expect(await rejected.api.list(DEPLOYMENT, LIST)).toMatchObject({
      reason: "Unauthorized",
      scope: "cluster",
    });
  });
});

describe("a failure that repeats the request", () => {
  const spell = (text: string) =>
    Array.from(text, (each) => `\\u00${each.charCodeAt(0).toString(16)}`).join("");

  it.each([
    ["as it was sent", TOKEN],
    ["in escapes", spell(TOKEN)],
  ])("is shown without the token, %s", async (_, written) => {
    const text = `{"kind":"Status","message":"no: Bearer ${written} for you","reason":"BadRequest","code":400}`;
    const { api } = clientOf([json(text, 400)]);
    await expect(api.apply(WEB_OBJECT, { manager: "m", dryRun: false, force: false })).rejects.toMatchObject({
      message: "the API server refused this: no: Bearer (hidden) for you",
    });
  });
});
