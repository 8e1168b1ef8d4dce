/** Knows the calls to one cluster's API server and what their answers mean; decides nothing about what to call when. */
import type { V1DeleteOptions } from "@kubernetes/client-node/dist/gen/models/V1DeleteOptions.js";
import type { ClusterAccess } from "../domain/cluster.ts";
import { Fault, toFault } from "../domain/fault.ts";
import type { ConnectCluster, KubeApi } from "../domain/kube.ts";
import { FIELD_MANAGER, idOf, type ObjectId } from "../domain/object.ts";
import type { Incomplete } from "../domain/read.ts";
import { listKind } from "./list.ts";
import { groupOf, objectPath, query, rowOf, type Subject } from "./paths.ts";
import { probeCluster } from "./probe.ts";
import { readNamed } from "./shape.ts";
import { faultOf, isClusterWide } from "./status.ts";
import { isRecord } from "./text.ts";
import { makeTransport, type Exchange, type TransportOptions } from "./transport.ts";

export interface ConnectOptions extends TransportOptions {
  /** Cap of one whole list in bytes; default 16 MiB, which parsed keeps 32 MB of an isolate's 128: some 5,000 Deployments. */
  readonly maxListBytes?: number;
  /** Cap of one object in bytes; default 4 MiB, above what etcd stores. */
  readonly maxObjectBytes?: number;
}

const MIB = 1024 * 1024;
const JSON_TYPE = "application/json";
const AS_METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/** Makes the port's factory. Nothing is called twice here, except as `list.ts` says: the next pass tries again. */
export function connect(options: ConnectOptions): ConnectCluster {
  return (access) => makeClient(options, access);
}

function makeClient(options: ConnectOptions, access: ClusterAccess): KubeApi {
  const { maxListBytes = 16 * MIB, maxObjectBytes = 4 * MIB } = options;
  const send = makeTransport(options, access);

  /** Sends about one object; throws the fault of a failed answer. */
  async function ask(
    id: ObjectId,
    verb: Subject["verb"],
    more: Partial<Exchange> & { parameters?: Record<string, string> },
  ) {
    const { parameters = {}, ...exchange } = more;
    const row = rowOf(id);
    const answer = await send({
      method: "GET",
      path: objectPath(row, id) + query(parameters),
      accept: JSON_TYPE,
      maxBytes: maxObjectBytes,
      ...exchange,
    });
    if (answer.status < 400) return { row, body: answer.body };
    const { namespace, name } = id;
    throw faultOf(answer, { verb, group: groupOf(row.apiVersion), plural: row.plural, namespace, name });
  }

  return {
    async list(kind, listOptions) {
      try {
        return await listKind(send, rowOf(kind), listOptions, maxListBytes);
      } catch (error) {
        return incomplete(toFault(error));
      }
    },

    async get(id, metadataOnly) {
      try {
        const { row, body } = await ask(id, "get", metadataOnly ? { accept: AS_METADATA } : {});
        return readNamed(body, row, id);
      } catch (error) {
        if (error instanceof Fault && error.reason === "NotFound") return undefined;
        throw toFault(error);
      }
    },

    async apply(object, { manager, force, dryRun }) {
      const id = idOf(object);
      const { row, body } = await ask(id, "patch", {
        method: "PATCH",
        // JSON is YAML, and the only spelling of a body that both this type and every server version take.
        body: { type: "application/apply-patch+yaml", text: JSON.stringify(object) },
        parameters: {
          fieldManager: manager,
          force: String(force),
          fieldValidation: "Strict",
          ...(dryRun ? { dryRun: "All" } : {}),
        },
      });
      return readNamed(body, row, id);
    },

    async patch(id, steps) {
      const { row, body } = await ask(id, "patch", {
        method: "PATCH",
        body: { type: "application/json-patch+json", text: JSON.stringify(steps) },
        parameters: { fieldManager: FIELD_MANAGER, fieldValidation: "Strict" },
      });
      return readNamed(body, row, id);
    },

    async remove(id, uid) {
      const how: V1DeleteOptions = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        preconditions: { uid },
        propagationPolicy: "Background",
      };
      try {
        const { row, body } = await ask(id, "delete", {
          method: "DELETE",
          body: { type: JSON_TYPE, text: JSON.stringify(how) },
        });
        // Gone is answered with a Status, by some kinds with the last object; finalizers leave one with a deletion time.
        if (isRecord(body) && body["kind"] === "Status") return "gone";
        return readNamed(body, row, id).metadata.deletionTimestamp === undefined ? "gone" : "terminating";
      } catch (error) {
        if (error instanceof Fault && error.reason === "NotFound") return "gone";
        throw toFault(error);
      }
    },

    async probe() {
      return await probeCluster(send);
    },
  };
}

function incomplete(fault: Fault): Incomplete {
  const { reason, message, retryAfterSeconds } = fault;
  return {
    complete: false,
    reason,
    message,
    scope: isClusterWide(fault) ? "cluster" : "kind",
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}
