/** Protects the loopback server in front of the sandbox. */
import { expect, test } from "vitest";
import { serveSandbox } from "../../../sandbox/serve.ts";
import { bench, web, webPath } from "./bench.ts";

const headers = { authorization: "Bearer sandbox-admin" };

test("the served sandbox answers over HTTP and keeps bodies whole", async () => {
  const { sandbox } = bench();
  const served = await serveSandbox(sandbox, { port: 0 });
  try {
    const made = await fetch(`${served.url}${webPath}?fieldManager=farhelm`, {
      method: "PATCH",
      headers: { ...headers, "content-type": "application/apply-patch+yaml" },
      body: JSON.stringify(web()),
    });
    expect(made.status).toBe(201);
    const list = await fetch(`${served.url}/apis/apps/v1/deployments`, { headers });
    expect(await list.json()).toMatchObject({
      kind: "DeploymentList",
      items: [{ metadata: { name: "web" } }],
    });
    expect((await fetch(`${served.url}/api/v1/pods`)).status).toBe(403);
  } finally {
    await served.close();
  }
});

test("the served sandbox reports its own faults instead of hanging", async () => {
  const { sandbox } = bench();
  sandbox.intercept(() => {
    throw new Error("planted");
  });
  const served = await serveSandbox(sandbox, { port: 0 });
  try {
    expect((await fetch(`${served.url}/readyz`)).status).toBe(500);
  } finally {
    await served.close();
  }
});
