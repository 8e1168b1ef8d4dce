/** Knows ways in which a cluster comes to differ from what is wanted; each is named after what becomes of it. */
import { inputOf } from "../unit/manifests/cases.ts";
import type { RenderInput } from "../../src/manifests/render.ts";
import type { OneTarget } from "./one-target.ts";

/** Runs kubectl in the case's namespace and gives what it printed; a text is split at spaces. Throws when it fails. */
export type Kubectl = (line: string | readonly string[], stdin?: unknown) => Promise<string>;

export interface Situation {
  readonly target: OneTarget;
  readonly kubectl: Kubectl;
  /** The namespace of the case, named like it. */
  readonly namespace: string;
}

export interface DriftCase {
  readonly wish: (namespace: string) => RenderInput;
  /** Comes before the first pass. */
  readonly before?: (kubectl: Kubectl) => Promise<unknown>;
  /** What happens after the first pass. */
  readonly happens: (situation: Situation) => unknown;
  /** The trouble stays until a person acts: the next pass plans the same again. */
  readonly stays?: true;
}

const WEB = {
  image: "registry.example/web:1",
  ports: [{ name: "http", port: 80, targetPort: 8000 }],
  expose: "ClusterIP",
  env: [
    { name: "MODE", value: "live" },
    { name: "TOKEN", secret: "token" },
  ],
  secrets: { token: "swordfish" },
  placement: { clusters: ["eu"] },
};
const SCALED = {
  autoscaling: { min: 2, max: 10, cpuPercent: 50 },
  resources: { requests: { cpu: "100m" } },
};

/** Gives app `web` with two replicas, a Service and a Secret. */
export function web(namespace: string, more: object = {}): RenderInput {
  return inputOf("app", "web", { ...WEB, namespace, replicas: 2, ...more });
}

function scaledWeb(namespace: string): RenderInput {
  return inputOf("app", "web", { ...WEB, namespace, ...SCALED });
}

function policy(namespace: string): RenderInput {
  const quota = { pods: 10, requests: { cpu: "2" } };
  const written = { labels: { team: "shop" }, quota, defaults: { limits: { cpu: "1" } } };
  return inputOf("namespace", namespace, { ...written, placement: WEB.placement });
}

function patch(what: string, kind: "json" | "merge", body: unknown) {
  return async ({ kubectl }: Situation) =>
    await kubectl([...`patch ${what} --type=${kind} --patch`.split(" "), JSON.stringify(body)]);
}

const CONTAINER = "/spec/template/spec/containers/0";

export const DRIFT_CASES: Readonly<Record<string, DriftCase>> = {
  "nothing-changed-keeps-all": { wish: web, happens: () => undefined },
  "image-changed-is-applied-back": {
    wish: web,
    happens: async ({ kubectl }) => await kubectl("set image deployment/web web=registry.example/other:9"),
  },
  "env-added-is-removed": {
    wish: web,
    happens: async ({ kubectl }) => await kubectl("set env deployment/web DEBUG=1"),
  },
  "env-removed-is-applied-back": {
    wish: web,
    happens: async ({ kubectl }) => await kubectl("set env deployment/web MODE-"),
  },
  "env-turned-into-reference-is-applied-back": {
    wish: web,
    happens: patch("deployment web", "json", [
      {
        op: "replace",
        path: `${CONTAINER}/env/0`,
        value: { name: "MODE", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      },
    ]),
  },
  "sidecar-added-is-removed": {
    wish: web,
    happens: patch("deployment web", "json", [
      {
        op: "add",
        path: "/spec/template/spec/containers/-",
        value: { name: "side", image: "registry.example/side:1" },
      },
      {
        op: "add",
        path: `${CONTAINER}/volumeMounts`,
        value: [{ name: "scratch", mountPath: "/a~b/c" }],
      },
      { op: "add", path: "/spec/template/spec/volumes", value: [{ name: "scratch", emptyDir: {} }] },
    ]),
  },
  "pod-settings-added-are-removed": {
    wish: web,
    happens: patch("deployment web", "merge", {
      spec: {
        paused: true,
        revisionHistoryLimit: 3,
        template: { spec: { hostNetwork: true, tolerations: [{ operator: "Exists" }] } },
      },
    }),
  },
  "restarted-by-hand-is-noted-without-write": {
    wish: web,
    happens: async ({ kubectl }) => await kubectl("rollout restart deployment/web"),
  },
  "annotated-is-noted-without-write": {
    wish: web,
    happens: async ({ kubectl }) => await kubectl("annotate deployment/web example.com/owner=me"),
  },
  "scaled-by-hand-is-applied-back": {
    wish: web,
    happens: async ({ kubectl }) => await kubectl("scale deployment/web --replicas=5"),
  },
  "hpa-scaled-is-kept": {
    wish: scaledWeb,
    happens: async ({ kubectl }) => await kubectl("scale deployment/web --replicas=8"),
  },
  "replicas-handed-over-before-autoscaling": {
    wish: (namespace) => web(namespace, { replicas: 6 }),
    happens: ({ target, namespace }) => target.wish(scaledWeb(namespace)),
  },
  "replicas-handed-over-although-label-stripped": {
    wish: (namespace) => web(namespace, { replicas: 6 }),
    happens: async ({ target, kubectl, namespace }) => {
      await kubectl("label deployment/web farhelm.dev/project-");
      target.wish(scaledWeb(namespace));
    },
  },
  "label-stripped-is-relabelled": {
    wish: web,
    happens: async ({ kubectl }) => {
      await kubectl("label deployment/web farhelm.dev/project-");
      await kubectl("label secret/web-secrets farhelm.dev/project-");
    },
  },
  "service-deleted-is-recreated": {
    wish: web,
    happens: async ({ kubectl }) => await kubectl("delete service web"),
  },
  "service-port-changed-is-applied-back": {
    wish: web,
    happens: patch("service web", "json", [{ op: "replace", path: "/spec/ports/0/port", value: 8080 }]),
  },
  "service-address-given-out-is-noted-without-write": {
    wish: (namespace) => web(namespace, { expose: "LoadBalancer" }),
    happens: patch("service web", "merge", { spec: { loadBalancerIP: "192.0.2.1" } }),
  },
  "service-opened-to-foreign-addresses-is-closed": {
    wish: web,
    happens: patch("service web", "merge", { spec: { externalIPs: ["192.0.2.1"] } }),
  },
  "secret-value-changed-is-applied-back": {
    wish: web,
    happens: patch("secret web-secrets", "merge", { stringData: { token: "guessed" } }),
  },
  "secret-key-added-is-removed": {
    wish: web,
    happens: patch("secret web-secrets", "merge", { stringData: { "extra.key": "planted" } }),
  },
  "recreated-by-somebody-is-restored": {
    wish: web,
    happens: async ({ kubectl }) => {
      await kubectl("delete service web");
      await kubectl("create service nodeport web --tcp=80:8080 --tcp=90:9090");
    },
  },
  "replaced-by-force-is-restored": {
    wish: web,
    happens: async ({ kubectl }) => {
      const text = await kubectl("get deployment web --output=json --show-managed-fields");
      await kubectl("replace --force -f -", JSON.parse(text.replace("web:1", "other:9")));
    },
  },
  "recreated-with-another-selector-fails-until-deleted": {
    wish: web,
    happens: async ({ kubectl }) => {
      await kubectl("delete deployment web");
      await kubectl("create deployment web --image=registry.example/other:9");
    },
    stays: true,
  },
  "field-taken-by-force-is-taken-back": {
    wish: web,
    happens: async ({ kubectl }) =>
      await kubectl("apply --server-side --force-conflicts --field-manager=argocd -f -", {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: {
          replicas: 7,
          template: {
            spec: {
              containers: [
                {
                  name: "web",
                  image: "registry.example/other:9",
                  env: [
                    { name: "MODE", value: "live" },
                    { name: "DEBUG", value: "1" },
                  ],
                },
              ],
            },
          },
        },
      }),
  },
  "managed-fields-emptied-is-applied-back": {
    wish: web,
    happens: async (situation) => {
      await situation.kubectl("set env deployment/web DEBUG=1");
      for (const what of ["deployment web", "service web"]) {
        await patch(what, "merge", { metadata: { managedFields: [{}] } })(situation);
      }
    },
  },
  "record-lost-is-noted-without-write": {
    wish: web,
    happens: ({ target }) =>
      target.remember(target.records.map((each) => ({ ...each, uid: "", hash: "", ownSignature: "" }))),
  },
  "record-lost-does-not-hide-additions": {
    wish: web,
    happens: async ({ target, kubectl }) => {
      await kubectl("set env deployment/web DEBUG=1");
      target.remember(target.records.map((each) => ({ ...each, uid: "", hash: "", ownSignature: "" })));
    },
  },
  "new-wish-does-not-hide-additions": {
    wish: web,
    happens: async ({ target, kubectl, namespace }) => {
      await kubectl("set env deployment/web DEBUG=1");
      target.wish(web(namespace, { image: "registry.example/web:2" }));
    },
  },
  "obsolete-service-is-deleted": {
    wish: web,
    happens: ({ target, namespace }) => target.wish(web(namespace, { expose: undefined })),
  },
  "obsolete-without-label-is-kept": {
    wish: web,
    happens: async ({ target, kubectl, namespace }) => {
      await kubectl("label service/web farhelm.dev/project-");
      target.wish(web(namespace, { expose: undefined }));
    },
    stays: true,
  },
  "foreign-object-is-refused": {
    wish: web,
    before: async (kubectl) => await kubectl("create deployment web --image=registry.example/theirs:1"),
    happens: () => undefined,
    stays: true,
  },
  "foreign-object-with-our-label-is-refused": {
    wish: web,
    before: async (kubectl) => {
      await kubectl("create deployment web --image=registry.example/theirs:1");
      await kubectl("label deployment/web farhelm.dev/project=default");
    },
    happens: () => undefined,
    stays: true,
  },
  "old-place-is-kept-while-new-place-is-taken": {
    wish: web,
    happens: async ({ target, kubectl, namespace }) => {
      await kubectl(`create namespace ${namespace}-2`);
      await kubectl(`create deployment web --image=registry.example/theirs:1 --namespace=${namespace}-2`);
      target.wish(web(`${namespace}-2`));
    },
    stays: true,
  },
  "terminating-waits": {
    wish: web,
    happens: async (situation) => {
      const finalizers = ["example.com/hold"];
      await patch("deployment web", "merge", { metadata: { finalizers } })(situation);
      await situation.kubectl("delete deployment web --wait=false");
    },
    stays: true,
  },
  "leaving-deletes-only-what-is-ours": {
    wish: web,
    happens: async ({ target, kubectl }) => {
      await kubectl("delete service web");
      await kubectl("create service clusterip web --tcp=80:80");
      target.leave();
    },
  },
  "quota-and-defaults-changed-are-applied-back": {
    wish: policy,
    happens: async (situation) => {
      const hard = { pods: "99", services: "3" };
      await patch("resourcequota farhelm", "merge", { spec: { hard } })(situation);
      const path = "/spec/limits/-";
      await patch("limitrange farhelm", "json", [
        { op: "add", path, value: { type: "Pod", max: { cpu: "3" } } },
      ])(situation);
    },
  },
  "namespace-labelled-by-others-is-noted-without-write": {
    wish: policy,
    happens: async ({ kubectl, namespace }) =>
      await kubectl(`label namespace ${namespace} example.com/own=yes`),
  },
  "namespace-is-forgotten-never-deleted": { wish: policy, happens: ({ target }) => target.leave() },
};
