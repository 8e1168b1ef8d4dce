/** Knows how an app becomes a Deployment; leaves the count to the autoscaler when there is one. */
import type { V1ContainerPort } from "@kubernetes/client-node/dist/gen/models/V1ContainerPort.js";
import type { V1EnvVar } from "@kubernetes/client-node/dist/gen/models/V1EnvVar.js";
import type { V1ResourceRequirements } from "@kubernetes/client-node/dist/gen/models/V1ResourceRequirements.js";
import { type AppSpec, type EnvVar, type Port, portName } from "../domain/app.ts";
import { ANNOTATION_SECRETS } from "../domain/object.ts";
import type { Probe } from "../domain/probe.ts";
import type { Resources } from "../domain/resources.ts";
import type { AppStamp, Body } from "./body.ts";
import { present } from "./present.ts";

/**
 * Makes the Deployment of an app. `secretsHash` stands in the pod template, so that a changed secret restarts the pods;
 * undefined when no variable uses one.
 */
export function deploymentBody(spec: AppSpec, stamp: AppStamp, secretsHash: string | undefined): Body {
  const deployment = {
    // A count sent beside an autoscaler would undo its work at every apply.
    ...present({ replicas: spec.autoscaling === undefined ? (spec.replicas ?? 1) : undefined }),
    selector: { matchLabels: { ...stamp.selector } },
    template: {
      metadata: {
        labels: { ...stamp.labels },
        ...present({ annotations: present({ [ANNOTATION_SECRETS]: secretsHash }) }),
      },
      spec: { containers: [container(spec, stamp)] },
    },
  };
  return { apiVersion: "apps/v1", kind: "Deployment", spec: deployment };
}

function container(spec: AppSpec, stamp: AppStamp) {
  return {
    name: stamp.name,
    image: spec.image,
    ...present({
      command: spec.command,
      args: spec.args,
      ports: spec.ports.map(containerPort),
      env: spec.env.map((variable) => envVar(variable, stamp.secretName)),
      resources: resources(spec.resources),
      startupProbe: probe(spec.probes.startup),
      readinessProbe: probe(spec.probes.readiness),
      livenessProbe: probe(spec.probes.liveness),
    }),
  };
}

function containerPort(port: Port): V1ContainerPort {
  return { name: portName(port), containerPort: port.targetPort ?? port.port, protocol: port.protocol };
}

/** An empty value is the default, which the API server does not store. */
function envVar(variable: EnvVar, secretName: string): V1EnvVar {
  const { name, value, secret } = variable;
  if (secret === undefined) return { name, ...(value ? { value } : {}) };
  return { name, valueFrom: { secretKeyRef: { name: secretName, key: secret } } };
}

function resources(declared: Resources): V1ResourceRequirements {
  return present({
    requests: present(declared.requests ?? {}),
    limits: present(declared.limits ?? {}),
  });
}

function probe(declared: Probe | undefined) {
  if (declared === undefined) return undefined;
  // A delay of 0 is the default, which the API server does not store.
  return present({ ...declared, initialDelaySeconds: declared.initialDelaySeconds || undefined });
}
