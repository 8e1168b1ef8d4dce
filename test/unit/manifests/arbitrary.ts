/** Knows how to draw any valid declaration, for properties that hold for all of them. */
import * as fc from "fast-check";
import type { AppInput, NamespaceInput } from "../../support/make.ts";

/** Draws an RFC 1035 label of 1 to 52 characters. */
export const appName = fc.stringMatching(/^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$/);

const cpu = fc.integer({ min: 1, max: 4000 });
const amounts = fc.option(
  fc.record({ cpu, memory: fc.integer({ min: 1, max: 4096 }) }, { requiredKeys: [] }),
  { nil: undefined },
);

/** Draws requests and limits in which no limit lies below its request. */
const resources = fc.tuple(amounts, amounts).map(([requests, extra]) => ({
  ...(requests === undefined ? {} : { requests: spell(requests) }),
  ...(extra === undefined
    ? {}
    : {
        limits: spell({
          ...(extra.cpu === undefined ? {} : { cpu: extra.cpu + 4000 }),
          ...(extra.memory === undefined ? {} : { memory: extra.memory + 4096 }),
        }),
      }),
}));

function spell(drawn: { cpu?: number; memory?: number }) {
  return {
    ...(drawn.cpu === undefined ? {} : { cpu: `${drawn.cpu}m` }),
    ...(drawn.memory === undefined ? {} : { memory: `${drawn.memory}Mi` }),
  };
}

const ports = fc
  .uniqueArray(fc.integer({ min: 1, max: 65535 }), { maxLength: 4 })
  .chain((numbers) =>
    fc.tuple(
      ...numbers.map((port) =>
        fc.record(
          { port: fc.constant(port), protocol: fc.constantFrom("TCP" as const, "UDP" as const) },
          { requiredKeys: ["port"] },
        ),
      ),
    ),
  );

const port = fc.integer({ min: 1, max: 65535 });
const way = fc.oneof(
  fc.record({ httpGet: fc.record({ path: fc.webPath().map((path) => `/${path}`), port }) }),
  fc.record({ tcpSocket: fc.record({ port }) }),
  fc.record({ exec: fc.record({ command: fc.array(fc.string(), { minLength: 1, maxLength: 3 }) }) }),
);
const timing = fc.record(
  {
    initialDelaySeconds: fc.integer({ min: 0, max: 60 }),
    periodSeconds: fc.integer({ min: 1, max: 60 }),
    failureThreshold: fc.integer({ min: 1, max: 9 }),
  },
  { requiredKeys: [] },
);
const probe = fc.tuple(way, timing).map(([asked, timed]) => ({ ...asked, ...timed }));

const secretNames = fc.uniqueArray(fc.stringMatching(/^[-_a-zA-Z0-9]{1,20}$/), { maxLength: 4 });
const environment = fc
  .tuple(
    secretNames,
    fc.uniqueArray(fc.stringMatching(/^[_A-Z][_A-Z0-9]{0,12}$/), { maxLength: 5 }),
    fc.array(fc.string({ unit: "grapheme" }), { minLength: 5, maxLength: 5 }),
  )
  .map(([secrets, names, texts]) => ({
    secrets: Object.fromEntries(secrets.map((name, at) => [name, texts[at] ?? ""])),
    env: names.map((name, at) => {
      const secret = secrets[at];
      return secret === undefined ? { name, value: texts[at] ?? "" } : { name, secret };
    }),
  }));

const scaling = fc.oneof(
  fc.constant({}),
  fc.record({ replicas: fc.integer({ min: 0, max: 9 }) }),
  fc.record({
    autoscaling: fc.record({
      min: fc.integer({ min: 1, max: 3 }),
      start: fc.constant(3),
      max: fc.integer({ min: 3, max: 9 }),
      cpuPercent: fc.integer({ min: 1, max: 100 }),
    }),
    resources: fc.constant({ requests: { cpu: "100m" } }),
  }),
);

/** Draws an app as a person might write it. */
export const app: fc.Arbitrary<AppInput> = fc
  .record({
    image: fc.stringMatching(/^[a-z]{1,9}\.example\/[a-z]{1,9}:[0-9]{1,3}$/),
    command: fc.array(fc.string(), { maxLength: 3 }),
    args: fc.array(fc.string(), { maxLength: 3 }),
    ports,
    resources,
    probes: fc.record({ startup: probe, readiness: probe, liveness: probe }, { requiredKeys: [] }),
    environment,
    scaling,
    exposed: fc.boolean(),
  })
  .map(({ environment: drawn, scaling: scaled, exposed, ...rest }) => ({
    ...rest,
    ...drawn,
    ...scaled,
    ...(exposed && rest.ports.length > 0 ? { expose: "NodePort" as const } : {}),
    placement: { clusters: ["eu"] },
  }));

const label = fc.stringMatching(/^[a-z]{1,9}$/);

/** Draws a namespace as a person might write it. */
export const namespace: fc.Arbitrary<NamespaceInput> = fc
  .record(
    {
      labels: fc.dictionary(label, label, { maxKeys: 3 }),
      quota: fc.record({ pods: fc.nat(1000) }),
      defaults: resources,
    },
    { requiredKeys: [] },
  )
  .map((drawn) => ({ ...drawn, placement: { clusters: ["eu"] } }));
