/** Words the events of a pass: what was found, who did it, what was done about it. */
import type { NewEvent } from "../domain/event.ts";
import { type ObjectId, showObject } from "../domain/object.ts";
import type { PassTarget } from "../domain/store.ts";
import type { Action, ApplyAction } from "../diff/action.ts";
import { type FieldTree, showFields } from "../diff/fields.ts";
import type { Culprit } from "../diff/signature.ts";
import { CHANGED_MEANWHILE, type Outcome } from "./act.ts";

/** The parts that every event of a target carries. */
export function aboutTarget(
  about: PassTarget,
  now: number,
): Required<Pick<NewEvent, "at" | "kind" | "name" | "cluster" | "generation">> {
  const { kind, name, cluster } = about.target.key;
  return { at: now, kind, name, cluster, generation: about.generation };
}

const FOUND: Readonly<Record<ApplyAction["why"], { reason: string; text: string } | undefined>> = {
  create: undefined,
  change: undefined,
  drift: { reason: "FieldsChanged", text: "fields were changed behind our back" },
  relabel: { reason: "LabelsRemoved", text: "its labels were removed" },
  recreate: { reason: "Deleted", text: "it was deleted; Kubernetes does not record by whom" },
  restore: { reason: "Recreated", text: "somebody deleted it and made another one in its place" },
};

const ADDED = { reason: "FieldsAdded", text: "fields were added behind our back" };

/**
 * Tells the drift in a plan: object, fields, and the manager that holds them. Written before it is repaired. What could
 * not be repaired last time was told then.
 */
export function driftEvents(about: PassTarget, actions: readonly Action[], now: number): NewEvent[] {
  return actions.flatMap((action): NewEvent[] => {
    const finding = findingOf(action);
    if (finding === undefined || isStuck(about, actions, action)) return [];
    const { reason, text, fields, culprit } = finding;
    return [
      {
        ...aboutTarget(about, now),
        type: "DriftFound",
        object: bare(action),
        fields: [...new Set(fields.flatMap((tree) => showFields(tree)))],
        ...(culprit === undefined ? {} : { culprit }),
        reason,
        message: `${showObject(action.id)}: ${text}`,
      },
    ];
  });
}

interface Finding {
  readonly reason: string;
  readonly text: string;
  readonly fields: readonly FieldTree[];
  readonly culprit: Culprit | undefined;
}

function findingOf(action: Action): Finding | undefined {
  if (action.do !== "clean" && action.do !== "apply") return undefined;
  const added = action.extras.map((extra) => extra.fields);
  const adder = action.extras[0]?.culprit;
  const found = action.do === "apply" ? FOUND[action.why] : undefined;
  if (action.do === "apply" && found !== undefined) {
    // In what somebody made anew everything is theirs: naming it all would hide what matters.
    const more = action.why === "restore" ? [] : added;
    const lost = action.found === null ? [] : [action.found.fields];
    return { ...found, fields: [...lost, ...more], culprit: action.found?.culprit ?? adder };
  }
  return added.length === 0 ? undefined : { ...ADDED, fields: added, culprit: adder };
}

/** A plan stops where it fails, so all that comes behind the object that the condition names was told and not done. */
function isStuck(about: PassTarget, actions: readonly Action[], action: Action): boolean {
  return about.target.conditions.some(({ type, status, reason, message }) => {
    // Others wrote once more, so there is more to tell.
    if (type !== "Applied" || status !== "False" || reason === CHANGED_MEANWHILE) return false;
    const stuckAt = actions.findIndex(({ id }) => message.startsWith(`${showObject(id)}: `));
    return stuckAt >= 0 && stuckAt <= actions.indexOf(action);
  });
}

function bare({ id: { apiVersion, kind, namespace, name } }: Action): ObjectId {
  return { apiVersion, kind, namespace, name };
}

/** Tells which drift was repaired. */
export function correctedEvents(about: PassTarget, outcomes: readonly Outcome[], now: number): NewEvent[] {
  return outcomes.flatMap((outcome): NewEvent[] => {
    const { action } = outcome;
    if (outcome.did !== "wrote" || findingOf(action) === undefined) return [];
    const message = `${showObject(action.id)}: brought back to generation ${about.generation}`;
    return [
      { ...aboutTarget(about, now), type: "Corrected", object: bare(action), reason: "Corrected", message },
    ];
  });
}

/** Tells once per generation that everything is applied, and each deletion. */
export function appliedEvents(
  about: PassTarget,
  outcomes: readonly Outcome[],
  complete: boolean,
  now: number,
): NewEvent[] {
  const base = aboutTarget(about, now);
  const deleted = outcomes
    .filter(
      (outcome) =>
        outcome.action.do === "delete" && (outcome.did === "deleted" || outcome.did === "terminating"),
    )
    .map(({ action }): NewEvent => ({
      ...base,
      type: "Deleted",
      object: bare(action),
      reason: about.target.leaving ? "Removed" : "NoLongerWanted",
      message: `${showObject(action.id)}: deleted`,
    }));
  if (!complete || about.target.leaving || about.target.observedGeneration === about.generation)
    return deleted;
  const count = (why: ApplyAction["why"]) =>
    outcomes.filter(({ action, did }) => did === "wrote" && action.do === "apply" && action.why === why)
      .length;
  const total = outcomes.filter((outcome) => outcome.did !== "deleted").length;
  const message = `generation ${about.generation} is applied: ${total} objects, ${count("create")} created, ${count("change")} changed`;
  return [...deleted, { ...base, type: "Applied", reason: "Applied", message }];
}
