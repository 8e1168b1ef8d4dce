/** Knows how to make up a long life of one object from a seed; refuses to know which server lives it. */
import type { Loose, Seen, Tester } from "./tester.ts";

/** Draws numbers from a seed, the same on every machine. */
export function dice(seed: number): (sides: number) => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return (sides) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % sides;
  };
}

type Roll = (sides: number) => number;

function pick<T>(roll: Roll, values: readonly T[]): T {
  const value = values[roll(values.length)];
  if (value === undefined) throw new Error("there is nothing to pick from");
  return value;
}

/** Leaves a field out, empties it, or gives it a value. */
function maybe(roll: Roll, object: Loose, name: string, value: () => Loose): void {
  const what = roll(12);
  if (what < 5) return;
  if (what === 5) object[name] = null;
  else object[name] = value();
}

function texts(roll: Roll): Loose {
  const out: Loose = {};
  for (const name of ["a", "b", "c"]) if (roll(2) === 0) out[name] = pick(roll, ["1", "2", ""]);
  return out;
}

function subset<T>(roll: Roll, values: readonly T[], make: (value: T) => Loose): Loose[] {
  const chosen = values.filter(() => roll(2) === 0);
  return (roll(2) === 0 ? chosen : chosen.toReversed()).map(make);
}

function resources(roll: Roll): Loose {
  const out: Loose = {};
  const list = (): Loose => {
    const values: Loose = {};
    maybe(roll, values, "cpu", () => pick(roll, ["100m", "0.1", "1", "1000m"]));
    maybe(roll, values, "memory", () => pick(roll, ["64Mi", "1Gi", "1024Mi"]));
    return values;
  };
  maybe(roll, out, "requests", list);
  return out;
}

function container(roll: Roll, name: string): Loose {
  const out: Loose = { name, image: pick(roll, ["x:1", "x:2", "y"]) };
  maybe(roll, out, "args", () => subset(roll, ["a", "b", "c"], (one) => one));
  maybe(roll, out, "env", () =>
    subset(roll, ["A", "B", "C", "D"], (key) => ({ name: key, value: pick(roll, ["1", "2"]) })),
  );
  maybe(roll, out, "ports", () =>
    subset(roll, [80, 81, 82], (containerPort) => ({ containerPort, protocol: pick(roll, ["TCP", "UDP"]) })),
  );
  maybe(roll, out, "resources", () => resources(roll));
  maybe(roll, out, "readinessProbe", () => ({
    httpGet: { port: pick(roll, [80, 81]), path: pick(roll, ["/", "/x"]) },
    periodSeconds: pick(roll, [0, 5, 10]),
  }));
  return out;
}

function deployment(roll: Roll): Loose {
  const podSpec: Loose = {
    containers: [container(roll, "a"), ...subset(roll, ["b", "c"], (name) => container(roll, name))],
  };
  maybe(roll, podSpec, "nodeSelector", () => texts(roll));
  maybe(roll, podSpec, "terminationGracePeriodSeconds", () => pick(roll, [0, 10, 30]));
  maybe(roll, podSpec, "tolerations", () => subset(roll, ["a", "b"], (key) => ({ key, operator: "Exists" })));
  maybe(roll, podSpec, "volumes", () => subset(roll, ["v", "w"], (name) => ({ name, emptyDir: {} })));
  maybe(roll, podSpec, "securityContext", () => (roll(2) === 0 ? {} : { runAsUser: roll(3) }));
  const template: Loose = { metadata: { labels: { app: "x" } }, spec: podSpec };
  maybe(roll, template.metadata, "annotations", () => texts(roll));
  const spec: Loose = { paused: true, selector: { matchLabels: { app: "x" } }, template };
  maybe(roll, spec, "replicas", () => pick(roll, [0, 1, 3]));
  maybe(roll, spec, "minReadySeconds", () => pick(roll, [0, 5]));
  maybe(roll, spec, "revisionHistoryLimit", () => pick(roll, [0, 3, 10]));
  maybe(roll, spec, "strategy", () => ({
    type: "RollingUpdate",
    rollingUpdate: { maxSurge: pick(roll, [1, "25%", "50%"]) },
  }));
  return { apiVersion: "apps/v1", kind: "Deployment", spec };
}

function service(roll: Roll): Loose {
  const ports = [80, 81, ...(roll(2) === 0 ? [82] : [])].map((port) => {
    const one: Loose = { name: `p${port}`, port, protocol: "TCP" };
    maybe(roll, one, "targetPort", () => pick(roll, [80, "http"]));
    return one;
  });
  const spec: Loose = { ports };
  maybe(roll, spec, "selector", () => texts(roll));
  maybe(roll, spec, "type", () => pick(roll, ["ClusterIP", "NodePort"]));
  maybe(roll, spec, "publishNotReadyAddresses", () => roll(2) === 0);
  return { apiVersion: "v1", kind: "Service", spec };
}

function autoscaler(roll: Roll): Loose {
  const metric = (name: string): Loose => ({
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization: pick(roll, [50, 70]) } },
  });
  const spec: Loose = {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "nothing" },
    maxReplicas: pick(roll, [5, 6]),
  };
  maybe(roll, spec, "minReplicas", () => pick(roll, [1, 2]));
  maybe(roll, spec, "metrics", () => subset(roll, ["cpu", "memory"], metric));
  maybe(roll, spec, "behavior", () => ({ scaleDown: { stabilizationWindowSeconds: pick(roll, [0, 60]) } }));
  return { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", spec };
}

function configMap(roll: Roll): Loose {
  const out: Loose = { apiVersion: "v1", kind: "ConfigMap" };
  maybe(roll, out, "data", () => texts(roll));
  return out;
}

function quota(roll: Roll): Loose {
  const hard: Loose = {};
  maybe(roll, hard, "pods", () => pick(roll, ["5", "10"]));
  maybe(roll, hard, "requests.cpu", () => pick(roll, ["1", "1000m", "0.5"]));
  return { apiVersion: "v1", kind: "ResourceQuota", spec: { hard } };
}

const makers = [deployment, deployment, service, autoscaler, configMap, quota];

function dressed(roll: Roll, make: (roll: Roll) => Loose): Loose {
  const object = make(roll);
  object.metadata = { name: "it" };
  maybe(roll, object.metadata, "labels", () => texts(roll));
  maybe(roll, object.metadata, "annotations", () => texts(roll));
  if (object.kind === "ConfigMap") {
    maybe(roll, object.metadata, "finalizers", () => subset(roll, ["x.y/a", "x.y/b"], (one) => one));
  }
  return object;
}

/** Is one step of a life, ready to be sent. */
export interface Step {
  what: string;
  send: (t: Tester) => Promise<Seen>;
}

/** Makes up the steps of a life. */
export function randomLife(seed: number, length: number): { plural: string; steps: Step[] } {
  const roll = dice(seed);
  const make = pick(roll, makers);
  const { kind } = make(dice(1));
  const plural = `${kind.toLowerCase()}s`;
  const steps: Step[] = [{ what: "apply by a", send: applying(dressed(roll, make), "a", "") }];
  for (let i = 1; i < length; i++) steps.push(randomStep(roll, make, plural));
  return { plural, steps };
}

function applying(object: Loose, manager: string, query: string): Step["send"] {
  return async (t) => await t.apply(object, manager, query);
}

function randomStep(roll: Roll, make: (roll: Roll) => Loose, plural: string): Step {
  const object = dressed(roll, make);
  const manager = pick(roll, ["a", "b", "c"]);
  const query = `?fieldManager=${manager}`;
  const { apiVersion: _, kind: __, ...body } = structuredClone(object);
  switch (roll(7)) {
    case 0:
      return {
        what: `merge by ${manager}`,
        send: async (t) => await t.patch("merge", [plural, "it"], body, query),
      };
    case 1:
      return {
        what: `strategic by ${manager}`,
        send: async (t) => await t.patch("strategic", [plural, "it"], body, query),
      };
    case 2:
      return { what: `replace by ${manager}`, send: async (t) => await t.put(object, query) };
    case 3:
      return { what: `dry apply by ${manager}`, send: applying(object, manager, "&force=true&dryRun=All") };
    case 4:
      return { what: `careful apply by ${manager}`, send: applying(object, manager, "") };
    default:
      return { what: `apply by ${manager}`, send: applying(object, manager, "&force=true") };
  }
}
