/** Guards that the transport keeps its promises with workerd's own fetch, streams and timers, over a real socket. */
import { describe, expect, inject, it } from "vitest";
import { connect } from "../../src/kube/client.ts";

// Undefined when the project's globalSetup does not start test/worker/kube-server.ts.
const server = inject("kubeServer") as ReturnType<typeof inject<"kubeServer">> | undefined;
const KIND = { apiVersion: "apps/v1", kind: "Deployment" };
const OPTIONS = { labelSelector: "", metadataOnly: false, notOlderThan: "" };

async function list(behaviour: string, timeoutMs = 10_000) {
  const api = connect({
    fetch: async (url, init) => await fetch(url, init),
    timeoutMs,
    maxListBytes: 1_000_000,
  });
  return await api({ server: `${server?.url}/${behaviour}`, token: "secret", headers: {} }).list(
    KIND,
    OPTIONS,
  );
}

describe.skipIf(server === undefined)("in workerd, a LIST", () => {
  it.each(["whole", "gzip"])("is complete when the answer is %s", async (behaviour) => {
    expect(await list(behaviour)).toMatchObject({ complete: true, items: [{ metadata: { name: "web" } }] });
  });

  it.each([
    ["silent", "Timeout"],
    ["stalled", "Timeout"],
  ])("ends at the deadline when the server is %s", async (behaviour, reason) => {
    expect(await list(behaviour, 50)).toMatchObject({ complete: false, reason, scope: "cluster" });
  });

  it.each([
    ["cut", "Garbage"],
    ["empty", "Garbage"],
    ["latin1", "Garbage"],
    ["page", "NotKubernetes"],
    ["broken", "Unreachable"],
    ["refused", "Unreachable"],
  ])("is Incomplete when the answer is %s", async (behaviour, reason) => {
    expect(await list(behaviour)).toMatchObject({ complete: false, reason, scope: "cluster" });
  });

  it("stops reading what unpacks to more than the cap", async () => {
    expect(await list("bomb")).toMatchObject({ complete: false, reason: "AnswerTooLarge", scope: "kind" });
  });

  it("reads the time to wait", async () => {
    expect(await list("busy")).toMatchObject({ reason: "Throttled", retryAfterSeconds: 3 });
  });

  it("does not take the token to where a redirect points", async () => {
    expect(await list("redirect")).toMatchObject({ complete: false, reason: "Redirected", scope: "cluster" });
    const asked = await fetch(`${server?.url}/asked`);
    expect(await asked.json()).toEqual([]);
    await fetch(`${server?.honeypot}/`, { headers: { authorization: "to see that the trap works" } });
    expect(await (await fetch(`${server?.url}/asked`)).json()).toEqual(["to see that the trap works"]);
  });
});
