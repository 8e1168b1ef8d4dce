/** Turns what became of a target's plan into the target to remember and the events to tell; writes nothing itself. */
import { sameConditions, setCondition } from "../domain/condition.ts";
import type { NewEvent } from "../domain/event.ts";
import type { Fault } from "../domain/fault.ts";
import type { Health } from "../domain/health.ts";
import { compareObjects, type KubeObject, type ObjectId, objectKey, showObject } from "../domain/object.ts";
import type { PassTarget } from "../domain/store.ts";
import type { ObjectRecord, Target } from "../domain/target.ts";
import type { Wanted } from "../diff/classify.ts";
import { foreignSignature, ownSignature } from "../diff/signature.ts";
import { judgeObject } from "../health/judge.ts";
import { rollUp } from "../health/rollup.ts";
import type { Outcome } from "./act.ts";
import { aboutTarget, appliedEvents, correctedEvents } from "./tell.ts";

/** What a pass made of one target. */
export interface Recorded {
  readonly target: Target;
  readonly changed: boolean;
  /** All its objects are gone and it was to leave. */
  readonly gone: boolean;
  /** Writes were left for the next pass because time ran out. */
  readonly unfinished: boolean;
  readonly events: readonly NewEvent[];
}

const WAITING: Health = { status: "Missing", reason: "NotApplied", message: "it is not on the cluster yet" };
const UNSEEN: Omit<ObjectRecord, keyof ObjectId> = {
  uid: "",
  resourceVersion: "",
  hash: "",
  ownSignature: "",
  foreignSignature: "",
  health: WAITING,
};

/** The inventory that is written before acting: old and new objects, so that a crash can forget nothing. */
export function grow(target: Target, wanted: readonly Wanted[]): Target {
  const known = new Set(target.objects.map(objectKey));
  const added = wanted
    .map(({ object }) => idOfWanted(object))
    .filter((id) => !known.has(objectKey(id)))
    .map((id): ObjectRecord => ({ ...id, ...UNSEEN }));
  return added.length === 0
    ? target
    : { ...target, objects: [...target.objects, ...added].toSorted(compareObjects) };
}

function idOfWanted({ apiVersion, kind, metadata }: KubeObject): ObjectId {
  return { apiVersion, kind, namespace: metadata.namespace ?? "", name: metadata.name };
}

/** Remembers one object as it was last seen. */
export function recordOf(id: ObjectId, hash: string, live: KubeObject, now: number): ObjectRecord {
  const { apiVersion, kind, namespace, name } = id;
  return {
    apiVersion,
    kind,
    namespace,
    name,
    uid: live.metadata.uid ?? "",
    resourceVersion: live.metadata.resourceVersion ?? "",
    hash,
    ownSignature: ownSignature(live),
    foreignSignature: foreignSignature(live),
    health: judgeObject(live, now),
  };
}

/** Takes over only what daily life changes on an untouched object: its health and, after a restore, its version. */
export function refresh(
  record: ObjectRecord,
  live: KubeObject,
  restored: boolean,
  now: number,
): ObjectRecord {
  const health = judgeObject(live, now);
  const resourceVersion = restored ? (live.metadata.resourceVersion ?? "") : record.resourceVersion;
  const same = resourceVersion === record.resourceVersion && sameHealth(health, record.health);
  return same ? record : { ...record, health, resourceVersion };
}

function healthOf(objects: readonly ObjectRecord[]): Health {
  return rollUp(
    objects.map((record) => ({ about: showObject(record), health: record.health })),
    "object",
  );
}

function sameHealth(a: Health, b: Health): boolean {
  return a.status === b.status && a.reason === b.reason && a.message === b.message;
}

/** Records a target that nobody touched; changed only when its health is. */
export function recordUntouched(before: PassTarget, objects: readonly ObjectRecord[], now: number): Recorded {
  const { target } = before;
  const health = healthOf(objects);
  const changed =
    objects.some((each, at) => each !== target.objects[at]) || !sameHealth(health, target.health);
  const next = { ...target, objects, health };
  const events = health.status === target.health.status ? [] : [healthEvent(next, before, now)];
  return { target: next, changed, gone: false, unfinished: false, events };
}

/** Records a target whose wish cannot become objects, or whose objects could not be looked at. */
export function recordFault(
  before: PassTarget,
  fault: Pick<Fault, "reason" | "message">,
  now: number,
): Recorded {
  return finish(
    before,
    before.target.objects,
    { problem: fault, complete: false, key: before.target.renderKey, rest: undefined, told: [] },
    now,
  );
}

/** Records what became of a plan. */
export function recordOutcomes(
  before: PassTarget,
  outcomes: readonly Outcome[],
  key: string,
  now: number,
): Recorded {
  const old = new Map(before.target.objects.map((record) => [objectKey(record), record]));
  const objects = outcomes.flatMap((outcome) =>
    recordAfter(outcome, old.get(objectKey(outcome.action.id)), now),
  );
  const problem = outcomes.map(problemOf).find((each) => each !== undefined);
  const rest = outcomes.find((outcome) => outcome.did === "skipped" && outcome.outOfTime);
  const complete = problem === undefined && rest === undefined;
  const told = [...correctedEvents(before, outcomes, now), ...appliedEvents(before, outcomes, complete, now)];
  const recorded = finish(
    before,
    objects.toSorted(compareObjects),
    { problem, complete, key, rest, told },
    now,
  );
  return { ...recorded, gone: before.target.leaving && objects.length === 0 };
}

function recordAfter(outcome: Outcome, old: ObjectRecord | undefined, now: number): ObjectRecord[] {
  const { action } = outcome;
  const hash = "wanted" in action ? action.wanted.hash : (old?.hash ?? "");
  if (outcome.did === "deleted") return [];
  if (outcome.did === "wrote") return [recordOf(action.id, hash, outcome.live, now)];
  if (action.do === "keep" && outcome.did === "nothing")
    return [refresh(action.record, action.live, true, now)];
  if (outcome.did === "nothing" && outcome.live !== null)
    return [recordOf(action.id, hash, outcome.live, now)];
  // What could not be done leaves the record behind, but how the object fares was seen all the same.
  const live = "live" in action ? action.live : undefined;
  if (old === undefined) return [{ ...action.id, ...UNSEEN }];
  if (live !== undefined) return [refresh(old, live, false, now)];
  return [action.do === "apply" ? { ...old, health: WAITING } : old];
}

function problemOf(outcome: Outcome): Pick<Fault, "reason" | "message"> | undefined {
  const { action } = outcome;
  if (outcome.did === "failed") {
    const { reason, message } = outcome.fault;
    return { reason, message: `${showObject(action.id)}: ${message}` };
  }
  if (action.do === "refuse") return { reason: action.reason, message: action.message };
  if (action.do === "wait") {
    return { reason: "Terminating", message: `${showObject(action.id)}: ${action.message}` };
  }
  if (outcome.did === "terminating") {
    return { reason: "Terminating", message: `${showObject(action.id)}: it is being deleted` };
  }
  return undefined;
}

interface Ending {
  readonly problem: Pick<Fault, "reason" | "message"> | undefined;
  readonly complete: boolean;
  readonly key: string;
  /** The first of what was left for the next pass. */
  readonly rest: Outcome | undefined;
  readonly told: readonly NewEvent[];
}

function finish(before: PassTarget, objects: readonly ObjectRecord[], ending: Ending, now: number): Recorded {
  const { target } = before;
  const { problem, complete, rest } = ending;
  const waiting = rest === undefined ? "" : `${showObject(rest.action.id)}: it follows in the next pass`;
  const conditions = setCondition(
    target.conditions,
    {
      type: "Applied",
      status: complete ? "True" : "False",
      reason: problem?.reason ?? (complete ? "Applied" : "InProgress"),
      message: problem?.message ?? waiting,
    },
    now,
  );
  const health = objects.length === 0 && !complete ? WAITING : healthOf(objects);
  const next: Target = {
    ...target,
    observedGeneration: complete ? before.generation : target.observedGeneration,
    renderKey: complete ? ending.key : target.renderKey,
    objects,
    sync: complete ? "Synced" : "OutOfSync",
    health,
    conditions: sameConditions(conditions, target.conditions) ? target.conditions : conditions,
  };
  const events = [...ending.told];
  if (problem !== undefined && !wasTold(target, problem)) {
    events.push({ ...aboutTarget(before, now), type: "Failed", ...problem });
  }
  if (health.status !== target.health.status) events.push(healthEvent(next, before, now));
  return {
    target: next,
    changed: JSON.stringify(next) !== JSON.stringify(target),
    gone: false,
    unfinished: rest !== undefined,
    events,
  };
}

/** A cluster's sentence may count or name a connection, and then differs each time: digits make no new failure. */
function wasTold({ conditions }: Target, problem: Pick<Fault, "reason" | "message">): boolean {
  const words = (message: string) => message.replaceAll(/[0-9a-f]*\d[0-9a-f]*/g, "#");
  return conditions.some(
    ({ type, status, reason, message }) =>
      type === "Applied" &&
      status === "False" &&
      reason === problem.reason &&
      words(message) === words(problem.message),
  );
}

function healthEvent(next: Target, before: PassTarget, now: number): NewEvent {
  const { status, reason, message } = next.health;
  const said = message === "" ? "" : `: ${message}`;
  return {
    ...aboutTarget(before, now),
    type: "HealthChanged",
    reason,
    message: `${before.target.health.status} → ${status}${said}`,
  };
}
