/** Knows what to do with each object of one target: an ordered list of actions with reasons, decided from plain data. */
import {
  compareObjects,
  idOf,
  type KubeObject,
  type ObjectId,
  objectKey,
  showObject,
} from "../domain/object.ts";
import { kindRow } from "../domain/kinds.ts";
import type { ObjectRecord } from "../domain/target.ts";
import type { Action, ApplyAction, ReasonToApply } from "./action.ts";
import { type Change, classify, type State, type Wanted } from "./classify.ts";
import { findExtras } from "./extras.ts";
import { planPrune } from "./guard.ts";
import { mayCreate } from "./ownership.ts";
import { replicasAreOurs, replicasAreOwned } from "./signature.ts";

/** What is known of one target's objects when the plan is made. */
export interface PlanInput {
  readonly project: string;
  readonly wanted: readonly Wanted[];
  /** Replicas to begin with when an autoscaler decides them later. */
  readonly startCount: number | undefined;
  readonly records: readonly ObjectRecord[];
  /** What the lists showed, by object key. */
  readonly listed: ReadonlyMap<string, KubeObject>;
  /** What a look at single objects showed; null: it does not exist. */
  readonly inspected: ReadonlyMap<string, KubeObject | null>;
  /** Everything here is to be deleted, because a person said so. */
  readonly leaving: boolean;
}

/** One object that the lists cannot answer for. */
export interface Inspection {
  readonly id: ObjectId;
  readonly metadataOnly: boolean;
}

/**
 * Names the objects that must be looked at one by one before a plan can be made: those that no list shows (never made,
 * deleted, relabelled?). Nothing for an unchanged target. Secrets never travel whole.
 */
export function needsInspection(input: Omit<PlanInput, "inspected">): Inspection[] {
  const wanted = input.leaving ? [] : input.wanted.map(({ object }) => idOf(object));
  const ids = new Map([...wanted, ...input.records.map(refOf)].map((id) => [objectKey(id), id]));
  return [...ids]
    .filter(([key]) => !input.listed.has(key))
    .map(([, id]) => ({ id, metadataOnly: kindRow(id)?.listWhole !== true }));
}

/** Makes the plan of one target: wanted objects in apply order, then what is no longer wanted in reverse order. */
export function planTarget(input: PlanInput): Action[] {
  const wanted = input.leaving
    ? []
    : input.wanted.toSorted((a, b) => compareObjects(idOf(a.object), idOf(b.object)));
  const records = recordsByKey(input.records);
  const actions = wanted.map((each) => planObject(each, records, input));
  const keys = new Set(wanted.map((each) => objectKey(idOf(each.object))));
  const obsolete = input.records.filter((record) => !keys.has(objectKey(record)));
  const blocked = actions.some((action) => action.do === "refuse" || action.do === "wait");
  return [...actions, ...planPrune(obsolete, { ...input, blocked })];
}

function refOf({ apiVersion, kind, namespace, name }: ObjectId): ObjectId {
  return { apiVersion, kind, namespace, name };
}

function recordsByKey(records: readonly ObjectRecord[]): Map<string, ObjectRecord> {
  return new Map(records.map((record) => [objectKey(record), record]));
}

function planObject(wanted: Wanted, records: ReadonlyMap<string, ObjectRecord>, input: PlanInput): Action {
  const id = idOf(wanted.object);
  const key = objectKey(id);
  const record = records.get(key);
  const listed = input.listed.get(key);
  const live = listed ?? input.inspected.get(key);
  if (live === undefined) {
    const message = `${showObject(id)} could not be looked at: nothing is done`;
    return { do: "refuse", id, record, reason: "NotSeen", message };
  }
  const state = classify(wanted, record, live ?? undefined);
  const unlisted = live === null || (listed === undefined && state.is !== "terminating");
  return unlisted
    ? planUnlisted(wanted, id, record, live, input)
    : planState(wanted, id, record, live, state, input);
}

/** The object is in no list: made never, gone, or without our label. */
function planUnlisted(
  wanted: Wanted,
  id: ObjectId,
  record: ObjectRecord | undefined,
  live: KubeObject | null,
  input: PlanInput,
): Action {
  const known = record !== undefined && record.uid !== "";
  if (live === null) return apply(id, wanted, known ? "recreate" : "create", { force: known });
  const state = classify(wanted, record, live);
  const found = "change" in state ? state.change : null;
  if (known) {
    const why = live.metadata.uid === record.uid ? "relabel" : "restore";
    return apply(id, wanted, why, { force: true, live, found });
  }
  return planNew(wanted, id, record, live, "create", input.project);
}

/** Something is there that we never recorded: ours from an earlier life, or somebody else's. */
function planNew(
  wanted: Wanted,
  id: ObjectId,
  record: ObjectRecord | undefined,
  live: KubeObject,
  why: "create" | "change",
  project: string,
): Action {
  const permission = mayCreate(id, live, project);
  if (permission.may) return apply(id, wanted, why, { force: false, live });
  return { do: "refuse", id, record, reason: permission.reason, message: permission.message };
}

function planState(
  wanted: Wanted,
  id: ObjectId,
  record: ObjectRecord | undefined,
  live: KubeObject,
  state: State,
  input: PlanInput,
): Action {
  switch (state.is) {
    case "unlisted":
      return planUnlisted(wanted, id, record, null, input);
    case "unchanged":
      return record === undefined ? { do: "note", id, wanted, live } : { do: "keep", id, record, live };
    case "arrived": {
      if (state.extras.length > 0) return { do: "clean", id, wanted, extras: state.extras, live };
      const replicas = replicasToStart(wanted.object, live, input.startCount);
      return replicas === null
        ? { do: "note", id, wanted, live }
        : { do: "start", id, wanted, live, replicas };
    }
    case "pending":
      return record === undefined || record.uid === ""
        ? planNew(wanted, id, record, live, "change", input.project)
        : apply(id, wanted, "change", { force: true, live });
    case "drifted":
      return apply(id, wanted, "drift", { force: true, live, found: state.change });
    case "recreated":
      return apply(id, wanted, "restore", { force: true, live, found: state.change });
    case "extra":
      return state.extras.length === 0
        ? { do: "note", id, wanted, live }
        : { do: "clean", id, wanted, extras: state.extras, live };
    case "terminating": {
      const held =
        state.finalizers.length === 0 ? "" : `, held by finalizers: ${state.finalizers.join(", ")}`;
      return { do: "wait", id, record, live, message: `it is being deleted${held}` };
    }
  }
}

function apply(
  id: ObjectId,
  wanted: Wanted,
  why: ReasonToApply,
  more: { force: boolean; live?: KubeObject; found?: Change | null },
): ApplyAction {
  const { live, force, found = null } = more;
  return {
    do: "apply",
    id,
    why,
    wanted,
    uid: live?.metadata.uid ?? null,
    force,
    found,
    extras: live === undefined ? [] : findExtras(live),
    handover: live === undefined ? null : replicasToHandOver(wanted.object, live),
    live,
  };
}

/**
 * When replicas leave our declaration (the autoscaler takes over), removing the field would reset it to 1: the live number
 * goes to the second manager first. Null when there is nothing to hand over.
 */
function replicasToHandOver(wanted: KubeObject, live: KubeObject): number | null {
  if (wanted.kind !== "Deployment" || readReplicas(wanted) !== null || !replicasAreOurs(live)) return null;
  return readReplicas(live);
}

/**
 * Number of replicas to start an autoscaled workload with: only while nobody has decided one. A later pass sees from the
 * live object whether this was done, so a crash in between loses nothing.
 */
export function replicasToStart(
  wanted: KubeObject,
  live: KubeObject,
  startCount: number | undefined,
): number | null {
  if (wanted.kind !== "Deployment" || startCount === undefined || readReplicas(wanted) !== null) return null;
  return replicasAreOwned(live) ? null : startCount;
}

function readReplicas(object: KubeObject): number | null {
  const { spec } = object;
  if (typeof spec !== "object" || spec === null || !("replicas" in spec)) return null;
  return typeof spec.replicas === "number" ? spec.replicas : null;
}
