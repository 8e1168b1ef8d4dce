/** Holds what a registration refuses, and how long a failing cluster is left alone. */
import { describe, expect, test } from "vitest";
import { backoffMs, ClusterPatch, ClusterSpec } from "../../../src/domain/cluster.ts";
import { issuesOf } from "./issues.ts";

const MINUTE_MS = 60_000;

describe("ClusterSpec", () => {
  const VALID = { server: "https://eu.example:6443", token: "t" };

  test.each([
    ["an unknown field", { skipTlsVerify: true }, '/: Unrecognized key: "skipTlsVerify"'],
    ["an empty token", { token: "" }, "/token: Too small: expected string to have >=1 characters"],
    ["paused as a text", { paused: "yes" }, "/paused: Invalid input: expected boolean, received string"],
    [
      "labels of ours",
      { labels: { "farhelm.dev/x": "y" } },
      "/labels/farhelm.dev/x: keys under farhelm.dev/ are set by Farhelm",
    ],
    [
      "a token that HTTP refuses",
      { token: "t\u00e9" },
      "/token: may hold only visible ASCII characters, on one line",
    ],
    [
      "a header of two lines",
      { headers: { "X-A": "a\r\nX-B: 1" } },
      "/headers/X-A: may hold only printable ASCII characters, on one line",
    ],
    ["a header with a space", { headers: { "a b": "x" } }, "/headers/a b: is not a header name"],
  ])("refuses %s", (_, over, issue) => {
    expect(issuesOf(ClusterSpec, { ...VALID, ...over })).toEqual([issue]);
  });

  test.each([
    "Authorization",
    "host",
    "Cookie",
    "Content-Type",
    "accept",
    "Impersonate-User",
    "Connection",
    "X-Remote-Group",
    "Proxy-Authorization",
    "Range",
    "If-None-Match",
    "Transfer-Encoding",
    "Upgrade",
  ])("refuses the header %s, which would change who is asked what", (name) => {
    expect(issuesOf(ClusterSpec, { ...VALID, headers: { [name]: "x" } })).toHaveLength(1);
  });

  test("accepts the headers of an access policy", () => {
    const headers = { "CF-Access-Client-Id": "a", "CF-Access-Client-Secret": "b" };
    expect(ClusterSpec.parse({ ...VALID, headers })).toEqual({
      ...VALID,
      headers,
      labels: {},
      paused: false,
    });
  });
});

test("a patch cannot carry a credential", () => {
  expect(issuesOf(ClusterPatch, { token: "t" })).toEqual(['/: Unrecognized key: "token"']);
});

describe("backoffMs", () => {
  test.each([
    [1, 0],
    [3, 0],
    [4, 2],
    [5, 4],
    [6, 8],
    [7, 16],
    [8, 30],
    [1000, 30],
  ])("waits after %s failures in a row for %s minutes", (failures, minutes) => {
    expect(backoffMs(failures, MINUTE_MS)).toBe(minutes * MINUTE_MS);
  });

  test("waits at least as long as the cluster asks", () => {
    expect(backoffMs(1, MINUTE_MS, 90)).toBe(90_000);
    expect(backoffMs(4, MINUTE_MS, 90)).toBe(2 * MINUTE_MS);
  });

  test("no cluster can ask for more than half an hour", () => {
    expect(backoffMs(1, MINUTE_MS, 1_000_000)).toBe(30 * MINUTE_MS);
  });
});
