/** Holds that many messages about one cluster cost one pass: a burst of changes kicks the cluster as often as there are changes. */
import { expect, test } from "vitest";
import { consume, type Message } from "../../../src/queue/consume.ts";
import { anAppInput } from "../../support/make.ts";
import { makeWorld } from "../../support/world.ts";

function messagesAbout(names: readonly string[]): { messages: Message[]; told: string[] } {
  const told: string[] = [];
  const messages = names.map((name, at) => ({
    id: `${at}`,
    attempts: at + 1,
    body: { project: "default", name },
    ack: () => void told.push(`${at} ack`),
    retry: ({ delaySeconds }: { delaySeconds: number }) => void told.push(`${at} retry ${delaySeconds}`),
  }));
  return { messages, told };
}

test("runs one pass for all messages about a cluster, and acks each of them", async () => {
  const world = await makeWorld(["eu", "us"]);
  for (const name of ["one", "two", "three"]) {
    await world.putApp(name, anAppInput({ namespace: "default", placement: { clusters: ["eu", "us"] } }));
  }
  const loaded: string[] = [];
  const deps = world.isolate({
    wrapDeps: (inner) => {
      const { passes } = inner.store;
      const load: typeof passes.load = async (key) => {
        loaded.push(key.name);
        return await passes.load(key);
      };
      return { ...inner, store: { ...inner.store, passes: { ...passes, load } } };
    },
  });
  const { messages, told } = messagesAbout(["eu", "us", "eu", "eu", "us"]);
  await consume(deps, { messages });
  expect(loaded).toEqual(["eu", "us"]);
  expect(told.toSorted()).toEqual(["0 ack", "1 ack", "2 ack", "3 ack", "4 ack"]);
  for (const name of ["one", "two", "three"]) {
    expect(world.cluster("us").get("Deployment", "default", name)).toBeDefined();
  }
});

test("retries each message about a cluster whose pass could not be recorded, after its own attempts", async () => {
  const world = await makeWorld(["eu"]);
  const deps = world.isolate({
    wrapDeps: (inner) => {
      const load = async () => {
        throw new Error("D1 is down");
      };
      return { ...inner, store: { ...inner.store, passes: { ...inner.store.passes, load } } };
    },
  });
  const { messages, told } = messagesAbout(["eu", "eu"]);
  await consume(deps, { messages });
  expect(told).toEqual(["0 retry 15", "1 retry 30"]);
});
