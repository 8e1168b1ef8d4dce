/** Holds what carrying out a plan sends to a cluster: in which order, with what force, and where it stops. */
import { describe, expect, test } from "vitest";
import { act, type Outcome } from "../../../src/control/act.ts";
import type { Action, ApplyAction } from "../../../src/diff/action.ts";
import { findExtras } from "../../../src/diff/extras.ts";
import { Fault } from "../../../src/domain/fault.ts";
import type { KubeApi } from "../../../src/domain/kube.ts";
import { FIELD_MANAGER, HANDOVER_MANAGER, idOf, type KubeObject } from "../../../src/domain/object.ts";
import {
  aDeployment,
  anObject,
  applied,
  lost,
  ownEntryOf,
  path,
  recordOf,
  touched,
  UID,
  wanting,
  withEntries,
} from "../diff/live.ts";

const WANTED = wanting(aDeployment());
const LIVE = applied(aDeployment());
const REPLICAS = path("f:spec", "f:replicas");
const EXTRA = touched(LIVE, { manager: "kubectl-set", fieldsV1: path("f:spec", "f:paused") });

type Writes = Pick<KubeApi, "apply" | "patch" | "remove">;

/** Answers every apply with what `answers` holds next, and says in `sent` what was asked, in order. */
function fakeApi(answers: readonly (KubeObject | Fault)[] = [], removed: "gone" | "terminating" = "gone") {
  const sent: string[] = [];
  const bodies: KubeObject[] = [];
  const left = [...answers];
  const next = () => {
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer instanceof Fault) throw answer;
    return answer ?? LIVE;
  };
  const api: Writes = {
    async apply(object, { manager, force, dryRun }) {
      bodies.push(object);
      sent.push(`${dryRun ? "dry " : ""}apply ${object.kind} as ${manager}${force ? " by force" : ""}`);
      return await Promise.resolve(next());
    },
    async patch(id, steps) {
      sent.push(`patch ${id.kind}: ${steps.map(({ op, path: at }) => `${op} ${at}`).join(", ")}`);
      return await Promise.resolve(next());
    },
    async remove(id, uid) {
      sent.push(`delete ${id.kind} ${uid}`);
      const answer = left[0];
      if (answer instanceof Fault) throw answer;
      return await Promise.resolve(removed);
    },
  };
  return { api, sent, bodies };
}

function applying(more: Partial<ApplyAction> = {}): ApplyAction {
  const live = "live" in more ? more.live : LIVE;
  return {
    do: "apply",
    id: idOf(LIVE),
    why: "change",
    wanted: WANTED,
    uid: live?.metadata.uid ?? null,
    force: true,
    found: null,
    extras: live === undefined ? [] : findExtras(live),
    handover: null,
    live,
    ...more,
  };
}

const anywhere = () => true;

async function done(api: Writes, action: Action, startCount?: number): Promise<Outcome> {
  const [outcome, ...more] = await act(api, [action], startCount, anywhere);
  if (outcome === undefined || more.length > 0) throw new Error("not one outcome");
  return outcome;
}

describe("applying", () => {
  test("sends the uid of the object that was seen, so that another one is refused", async () => {
    const { api, bodies } = fakeApi();
    await done(api, applying());
    expect(bodies.map(({ metadata }) => metadata.uid)).toEqual([UID]);
  });

  test("sends no uid where nothing is", async () => {
    const { api, bodies, sent } = fakeApi();
    await done(api, applying({ live: undefined, uid: null, why: "create", force: false }));
    expect(bodies).toEqual([WANTED.object]);
    expect(sent).toEqual(["apply Deployment as farhelm"]);
  });

  test("answers with the newest sight of the object", async () => {
    const answer = { ...LIVE, metadata: { ...LIVE.metadata, resourceVersion: "200" } };
    const outcome = await done(fakeApi([answer]).api, applying());
    expect(outcome).toMatchObject({ did: "wrote", live: answer });
  });

  test("moves what others added into our entry first, so that the apply removes it", async () => {
    const { api, sent } = fakeApi();
    await done(api, applying({ live: EXTRA }));
    expect(sent).toEqual([
      "patch Deployment: test /metadata/uid, test /metadata/managedFields/0, test /metadata/managedFields/1, " +
        "replace /metadata/managedFields/0/fieldsV1, remove /metadata/managedFields/1",
      "apply Deployment as farhelm by force",
    ]);
  });

  test("goes twice over what others made anew, because only the first makes an entry of ours", async () => {
    const theirs = touched(withEntries(LIVE, []), { manager: "helm", fieldsV1: path("f:spec", "f:paused") });
    const after = withEntries(theirs, [
      ownEntryOf("apps/v1", REPLICAS),
      ...(theirs.metadata.managedFields ?? []),
    ]);
    const { api, sent } = fakeApi([after, LIVE]);
    const outcome = await done(api, applying({ live: theirs, why: "restore" }));
    expect(sent.map((line) => line.split(":")[0])).toEqual([
      "apply Deployment as farhelm by force",
      "patch Deployment",
      "apply Deployment as farhelm by force",
    ]);
    expect(outcome).toMatchObject({ did: "wrote", live: LIVE });
  });

  test("touches nothing of others in an object that it makes", async () => {
    const { api, sent } = fakeApi([EXTRA]);
    await done(api, applying({ live: undefined, uid: null, why: "create" }));
    expect(sent).toHaveLength(1);
  });
});

describe("cleaning", () => {
  test("takes the additions away in the same two requests", async () => {
    const { api, sent } = fakeApi();
    const extras = findExtras(EXTRA);
    const outcome = await done(api, { do: "clean", id: idOf(LIVE), wanted: WANTED, extras, live: EXTRA });
    expect(sent.map((line) => line.split(":")[0])).toEqual([
      "patch Deployment",
      "apply Deployment as farhelm by force",
    ]);
    expect(outcome.did).toBe("wrote");
  });

  test("applies nothing when somebody wrote in between", async () => {
    const { api, sent } = fakeApi([
      new Fault("cluster_rejected", "error in our request", { clusterStatus: 422 }),
    ]);
    const extras = findExtras(EXTRA);
    const outcome = await done(api, { do: "clean", id: idOf(LIVE), wanted: WANTED, extras, live: EXTRA });
    expect(outcome).toMatchObject({ did: "failed", fault: { kind: "stale", reason: "ChangedMeanwhile" } });
    expect(sent).toHaveLength(1);
  });
});

describe("a refusal of another sort", () => {
  test("is told as it is", async () => {
    const { api } = fakeApi([
      new Fault("cluster_rejected", "no", { reason: "AccessDenied", clusterStatus: 403 }),
    ]);
    const outcome = await done(api, applying({ live: EXTRA }));
    expect(outcome).toMatchObject({ did: "failed", fault: { reason: "AccessDenied" } });
  });
});

describe("replicas", () => {
  const scaled = wanting(aDeployment({ replicas: undefined }));
  const running = applied(aDeployment({ replicas: 6 }));
  const undecided = lost(running, REPLICAS);
  const conflict = new Fault("conflict", "others own this", { reason: "FieldConflict" });

  test("go to the second manager before they leave ours, with the number that runs", async () => {
    const { api, sent, bodies } = fakeApi();
    await done(api, applying({ wanted: scaled, handover: 6, live: running }));
    expect(sent).toEqual([
      `apply Deployment as ${HANDOVER_MANAGER}`,
      `apply Deployment as ${FIELD_MANAGER} by force`,
    ]);
    expect(bodies[0]).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop", uid: UID },
      spec: { replicas: 6 },
    });
  });

  test("stay with whoever decided them in between", async () => {
    const { api, sent } = fakeApi([conflict, LIVE]);
    const outcome = await done(api, applying({ wanted: scaled, handover: 6, live: running }));
    expect(outcome.did).toBe("wrote");
    expect(sent).toHaveLength(2);
  });

  test("do not leave ours when the hand-over failed for another reason", async () => {
    const { api, sent } = fakeApi([new Fault("cluster_unreachable", "no answer")]);
    const outcome = await done(api, applying({ wanted: scaled, handover: 6, live: running }));
    expect(outcome.did).toBe("failed");
    expect(sent).toEqual([`apply Deployment as ${HANDOVER_MANAGER}`]);
  });

  test("start with the declared number right after the object is made", async () => {
    const { api, sent, bodies } = fakeApi([undecided, running]);
    const create = applying({ wanted: scaled, live: undefined, uid: null, why: "create", force: false });
    const outcome = await done(api, create, 4);
    expect(sent).toEqual(["apply Deployment as farhelm", `apply Deployment as ${HANDOVER_MANAGER}`]);
    expect(bodies[1]?.spec).toEqual({ replicas: 4 });
    expect(outcome).toMatchObject({ did: "wrote", live: running });
  });

  test("start where a pass died between making and starting", async () => {
    const { api, sent, bodies } = fakeApi();
    await done(api, { do: "start", id: idOf(LIVE), wanted: scaled, live: undecided, replicas: 4 });
    expect(sent).toEqual([`apply Deployment as ${HANDOVER_MANAGER}`]);
    expect(bodies[0]?.spec).toEqual({ replicas: 4 });
  });

  test("are left alone once the autoscaler has decided", async () => {
    const decided = touched(undecided, { subresource: "scale", fieldsV1: REPLICAS });
    const { api, sent } = fakeApi([decided]);
    await done(api, applying({ wanted: scaled, live: decided }), 4);
    expect(sent).toEqual(["apply Deployment as farhelm by force"]);
  });
});

describe("what needs no write", () => {
  test("sends nothing", async () => {
    const { api, sent } = fakeApi();
    const record = recordOf(LIVE, WANTED.hash);
    const id = idOf(LIVE);
    const actions: Action[] = [
      { do: "keep", id, record, live: LIVE },
      { do: "note", id, wanted: WANTED, live: LIVE },
      { do: "wait", id, record, live: LIVE, message: "it is being deleted" },
      { do: "refuse", id, record, reason: "OwnedByOther", message: "theirs" },
      { do: "forget", id },
    ];
    const outcomes = await act(api, actions, undefined, () => false);
    expect(outcomes.map(({ did }) => did)).toEqual(["nothing", "nothing", "nothing", "nothing", "deleted"]);
    expect(sent).toEqual([]);
  });
});

describe("deleting", () => {
  const record = recordOf(LIVE, WANTED.hash);
  const action: Action = { do: "delete", id: idOf(LIVE), record, uid: UID };

  test.each(["gone", "terminating"] as const)("with its uid tells whether it is %s", async (answer) => {
    const { api, sent } = fakeApi([], answer);
    const outcome = await done(api, action);
    expect(sent).toEqual([`delete Deployment ${UID}`]);
    expect(outcome.did).toBe(answer === "gone" ? "deleted" : "terminating");
  });
});

describe("the first failure", () => {
  const service = applied(anObject("v1", "Service"));
  const record = recordOf(service, "hash");
  const actions: Action[] = [
    applying(),
    { do: "keep", id: idOf(service), record, live: service },
    { do: "delete", id: idOf(service), record, uid: UID },
  ];

  test("ends the writes of the target, not the looks", async () => {
    const { api, sent } = fakeApi([new Fault("cluster_rejected", "no")]);
    const outcomes = await act(api, actions, undefined, anywhere);
    expect(outcomes.map(({ did }) => did)).toEqual(["failed", "nothing", "skipped"]);
    expect(outcomes[2]).toMatchObject({ outOfTime: false });
    expect(sent).toHaveLength(1);
  });

  test("carries no text that was not meant to be shown", async () => {
    const broken: Writes = {
      ...fakeApi().api,
      apply: async () => await Promise.reject(new Error("token abc")),
    };
    const [outcome] = await act(broken, actions, undefined, anywhere);
    expect(outcome).toMatchObject({ did: "failed", fault: { message: "something failed inside Farhelm" } });
  });

  test("is not running out of time, which leaves the rest for the next pass", async () => {
    const { api, sent } = fakeApi();
    let writes = 0;
    const outcomes = await act(api, [applying(), ...actions], undefined, () => ++writes <= 1);
    expect(outcomes.map(({ did }) => did)).toEqual(["wrote", "skipped", "nothing", "skipped"]);
    expect(outcomes[1]).toMatchObject({ outOfTime: true });
    expect(sent).toHaveLength(1);
  });
});
