/** Reconciles one declaration on a real API server pass by pass, with its memory in a variable instead of a database. */
import type { NewEvent } from "../../src/domain/event.ts";
import type { KubeApi } from "../../src/domain/kube.ts";
import type { KubeObject } from "../../src/domain/object.ts";
import type { PassTarget } from "../../src/domain/store.ts";
import type { ObjectRecord } from "../../src/domain/target.ts";
import { act } from "../../src/control/act.ts";
import { inspect, kindsOf, observe } from "../../src/control/observe.ts";
import { grow, recordOutcomes } from "../../src/control/record.ts";
import { driftEvents } from "../../src/control/tell.ts";
import { showAction } from "../../src/diff/action.ts";
import { needsInspection, type PlanInput, planTarget } from "../../src/diff/plan.ts";
import { render, type RenderInput, startCount } from "../../src/manifests/render.ts";
import { aTarget, NOW } from "../support/make.ts";

export interface Passed {
  /** One line per action. */
  readonly plan: readonly string[];
  readonly events: readonly NewEvent[];
  /** What failed, as `reason: message`. */
  readonly failed: readonly string[];
}

export interface OneTarget {
  /** Looks at the cluster as a pass does, and gives all that the plan is made from. */
  look(): Promise<PlanInput>;
  /** Looks, plans, writes and remembers, as a pass of the cluster does for one target. */
  pass(): Promise<Passed>;
  wish(input: RenderInput): void;
  leave(): void;
  /** Goes back to what was remembered at another time, as when a Worker dies before it writes. */
  remember(records: readonly ObjectRecord[]): void;
  readonly records: readonly ObjectRecord[];
}

/** Starts with nothing remembered. */
export function oneTarget(api: KubeApi, input: RenderInput): OneTarget {
  let wanted = objectsOf(input);
  let start = startCount(input.declared);
  let before: PassTarget = {
    target: aTarget({ key: { ...input.key, cluster: "eu" }, observedGeneration: 0, objects: [] }),
    generation: 1,
    revision: 1,
  };

  async function look(): Promise<PlanInput> {
    const { target } = before;
    const { project } = target.key;
    const records = target.objects;
    const seen = await observe(
      api,
      project,
      kindsOf([...records, ...wanted.map((each) => each.object)]),
      records,
    );
    if (seen.incomplete.size > 0) throw new Error(JSON.stringify([...seen.incomplete]));
    const { leaving } = target;
    const known = { project, wanted, startCount: start, records, listed: seen.listed, leaving };
    const looked = await inspect(api, needsInspection(known));
    if (!looked.ok) throw new Error(looked.trouble.message);
    return { ...known, inspected: looked.found };
  }

  return {
    look,
    async pass() {
      const actions = planTarget(await look());
      const found = driftEvents(before, actions, NOW);
      before = { ...before, target: grow(before.target, before.target.leaving ? [] : wanted) };
      const outcomes = await act(api, actions, start, () => true);
      const recorded = recordOutcomes(before, outcomes, "1", NOW);
      before = { ...before, target: recorded.target };
      return {
        plan: actions.map(showAction),
        events: [...found, ...recorded.events],
        failed: outcomes.flatMap((outcome) =>
          outcome.did === "failed" ? [`${outcome.fault.reason}: ${outcome.fault.message}`] : [],
        ),
      };
    },
    wish(next) {
      wanted = objectsOf(next);
      start = startCount(next.declared);
      before = { ...before, generation: before.generation + 1 };
    },
    leave() {
      before = { ...before, target: { ...before.target, leaving: true } };
    },
    remember(records) {
      before = { ...before, target: { ...before.target, objects: records } };
    },
    get records() {
      return before.target.objects;
    },
  };
}

function objectsOf(input: RenderInput): readonly { object: KubeObject; hash: string }[] {
  const rendered = render(input);
  if (!rendered.ok) throw rendered.fault;
  return rendered.objects;
}
