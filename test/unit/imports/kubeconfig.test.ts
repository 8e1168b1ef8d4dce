/** Guards what is taken out of a kubeconfig, and that every other way of logging in is refused in words. */
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { readKubeconfig } from "../../../src/imports/kubeconfig.ts";

const SECRET = "hunter2-hunter2";

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
  readonly top?: object;
}

/** A kubeconfig that can be used, with what a test changes. */
function kubeconfig({ cluster = {}, user = {}, top = {} }: Parts = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    preferences: {},
    "current-context": "eu",
    contexts: [
      { name: "us", context: { cluster: "us", user: "us" } },
      { name: "eu", context: { cluster: "eu-1", user: "farhelm", namespace: "default" } },
    ],
    clusters: [
      { name: "us", cluster: { server: "https://us.example.com", "insecure-skip-tls-verify": true } },
      { name: "eu-1", cluster: { server: "https://k8s.example.com:6443", ...cluster } },
    ],
    users: [
      { name: "us", user: { exec: { command: "aws" } } },
      { name: "farhelm", user: { token: SECRET, ...user } },
    ],
    ...top,
  });
}

const detailOf = (text: string): string => {
  const reading = readKubeconfig(text);
  return reading.ok ? "" : reading.detail;
};

describe("a kubeconfig", () => {
  it("gives address and token of the current context, whatever the others hold", () => {
    expect(readKubeconfig(kubeconfig())).toEqual({
      ok: true,
      server: "https://k8s.example.com:6443",
      token: SECRET,
    });
  });

  it("may be JSON, as kubectl also writes it", () => {
    const text = JSON.stringify({
      "current-context": "a",
      contexts: [{ name: "a", context: { cluster: "b", user: "c" } }],
      clusters: [{ name: "b", cluster: { server: "https://x.example.com" } }],
      users: [{ name: "c", user: { token: "t" } }],
    });
    expect(readKubeconfig(text)).toEqual({ ok: true, server: "https://x.example.com", token: "t" });
  });

  it("may hold empty values where others are refused", () => {
    const cluster = {
      "insecure-skip-tls-verify": false,
      "certificate-authority-data": "",
      "proxy-url": null,
    };
    const user = { "client-certificate-data": "", "as-groups": [], username: "" };
    expect(readKubeconfig(kubeconfig({ cluster, user }))).toMatchObject({ ok: true });
  });

  const REFUSED: readonly (readonly [why: string, parts: Parts, says: RegExp])[] = [
    [
      "a private CA",
      { cluster: { "certificate-authority-data": "LS0t" } },
      /private CA.*public CAs only.*tunnel/,
    ],
    ["a CA in a file", { cluster: { "certificate-authority": "/ca.crt" } }, /private CA.*deploy\/README\.md/],
    ["no verification", { cluster: { "insecure-skip-tls-verify": true } }, /skips the verification.*tunnel/],
    [
      "another server name",
      { cluster: { "tls-server-name": "x" } },
      /tls-server-name.*stands in the certificate/,
    ],
    ["a proxy", { cluster: { "proxy-url": "http://p" } }, /proxy-url.*tunnel/],
    [
      "a client certificate",
      { user: { "client-certificate-data": "LS0t" } },
      /client certificate.*create token farhelm/,
    ],
    ["a client certificate in a file", { user: { "client-certificate": "/c" } }, /client certificate/],
    ["a client key", { user: { "client-key-data": "LS0t" } }, /client certificate/],
    [
      "an exec plugin",
      { user: { exec: { command: "gke-gcloud-auth-plugin" } } },
      /\(exec\).*create token farhelm/,
    ],
    [
      "an auth provider",
      { user: { "auth-provider": { name: "oidc" } } },
      /auth-provider.*create token farhelm/,
    ],
    ["a user name", { user: { username: "admin" } }, /user name and password.*create token farhelm/],
    ["a password", { user: { password: SECRET } }, /user name and password/],
    ["a token file", { user: { tokenFile: "/token" } }, /token file.*put the token itself/],
    ["impersonation", { user: { as: "admin" } }, /impersonates/],
    ["impersonated groups", { user: { "as-groups": ["system:masters"] } }, /impersonates/],
    ["no token", { user: { token: "" } }, /holds no token: create a ServiceAccount token/],
    ["a token that is a number", { user: { token: 7 } }, /holds no token/],
    ["no server", { cluster: { server: "" } }, /cluster has no server/],
    ["no current context", { top: { "current-context": "" } }, /no current-context.*use-context/],
    ["an unknown current context", { top: { "current-context": "asia" } }, /not among its contexts/],
    ["contexts that are no list", { top: { contexts: "eu" } }, /not among its contexts/],
    ["a cluster that is missing", { top: { clusters: [] } }, /the cluster of its current context is missing/],
    ["a user that is missing", { top: { users: null } }, /the user of its current context is missing/],
    [
      "a cluster that is no mapping",
      { top: { clusters: [{ name: "eu-1", cluster: 7 }, null] } },
      /cluster of its/,
    ],
  ];
  it.each(REFUSED)("with %s is refused with what to do instead", (_, parts, says) => {
    expect(readKubeconfig(kubeconfig(parts))).toEqual({ ok: false, detail: expect.stringMatching(says) });
  });

  it("names all obstacles at once, the cluster's and the user's", () => {
    const detail = detailOf(
      kubeconfig({
        cluster: { "certificate-authority-data": "LS0t", "proxy-url": "http://p" },
        user: { "client-certificate-data": "LS0t", exec: { command: "x" }, token: "" },
      }),
    );
    for (const says of [/private CA/, /proxy-url/, /client certificate/, /\(exec\)/])
      expect(detail).toMatch(says);
    expect(detail).not.toMatch(/holds no token/);
  });

  it("is told of both when cluster and user are missing", () => {
    expect(detailOf(kubeconfig({ top: { clusters: [], users: [] } }))).toMatch(/cluster of its.*user of its/);
  });

  it.each([
    ["broken YAML", `a: [${SECRET}`],
    ["a tab for indentation", `a:\n\t- ${SECRET}`],
    ["two documents", `a: 1\n---\nb: ${SECRET}`],
    ["a key twice", `token: a\ntoken: ${SECRET}`],
    ["a key twice, deep inside", `users:\n- {user: {token: a, "token": ${SECRET}}}`],
    ["an alias", `a: &x ${SECRET}\nb: *x`],
    ["an alias that is a mapping", `a: &x {token: ${SECRET}}\nb: {<<: *x}`],
    ["a custom tag", `a: !exec ${SECRET}`],
    ["nesting without end", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    ["deep nesting", `a: ${"[".repeat(40)}1${"]".repeat(40)}`],
  ])("with %s is refused without repeating it", (_, text) => {
    const detail = detailOf(text);
    expect(detail).toMatch(/not YAML, or uses aliases, or is nested too deeply/);
    expect(detail).not.toContain(SECRET);
  });

  it("does not blow up on aliases of aliases", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let at = 1; at < 9; at += 1)
      lines.push(
        `a${at}: &a${at} [${Array(9)
          .fill(`*a${at - 1}`)
          .join(", ")}]`,
      );
    expect(detailOf(lines.join("\n"))).toMatch(/aliases/);
  });

  it.each([
    ["nothing", ""],
    ["a word", "hello"],
    ["a list", "- a\n- b"],
    ["a number", "42"],
  ])("that is %s is refused", (_, text) => {
    expect(detailOf(text)).toMatch(/not a YAML mapping/);
  });

  it("is refused when it is too long, before it is parsed", () => {
    expect(detailOf(`# ${"x".repeat(64 * 1024)}\n${kubeconfig()}`)).toMatch(/longer than 64 KiB.*--minify/);
  });

  it("is never repeated in a refusal", () => {
    const detail = detailOf(
      kubeconfig({ cluster: { "proxy-url": `http://u:${SECRET}@p` }, user: { password: SECRET } }),
    );
    expect(detail).not.toContain(SECRET);
  });
});
