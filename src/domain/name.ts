/** Knows what a valid name is, as Kubernetes and this API understand it. */
import { z } from "zod";

/** RFC 1123 label: what Kubernetes accepts as the name of a namespace, a Service or a container. */
export const Name = z
  .string()
  .min(1)
  .max(63, "is longer than 63 characters")
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    "must be an RFC 1123 label: lower case letters, digits and '-', beginning and ending with a letter or digit",
  )
  .meta({ id: "Name", description: "RFC 1123 label, at most 63 characters", example: "myweb" });

/**
 * RFC 1035 label: a Service's name and a port's name must begin with a letter. Apps own a Service, so they use it.
 * 52 characters leave room for the suffixes that the cluster adds (ReplicaSet hash, pod suffix).
 */
export const AppName = z
  .string()
  .min(1)
  .max(52, "is longer than 52 characters")
  .regex(
    /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    "must begin with a lower case letter and hold only lower case letters, digits and '-', not ending with '-'",
  )
  .meta({ id: "AppName", description: "RFC 1035 label, at most 52 characters", example: "myweb" });

const LABEL_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Says whether a text may be a Kubernetes label key: an optional DNS prefix, '/', a name of at most 63 characters. */
export function isLabelKey(key: string): boolean {
  const slash = key.lastIndexOf("/");
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  if (prefix !== undefined && (prefix.length > 253 || !DNS_SUBDOMAIN.test(prefix))) return false;
  return LABEL_NAME.test(key.slice(slash + 1));
}

/** Labels as a person writes them; keys under `farhelm.dev/` are ours and refused. */
export const Labels = z
  .record(z.string(), z.string())
  .check((ctx) => {
    for (const [key, value] of Object.entries(ctx.value)) {
      const problem = labelProblem(key, value);
      if (problem !== undefined) {
        ctx.issues.push({ code: "custom", message: problem, path: [key], input: value });
      }
    }
    if (Object.keys(ctx.value).length > 64) {
      ctx.issues.push({ code: "custom", message: "holds more than 64 labels", path: [], input: ctx.value });
    }
  })
  .meta({ id: "Labels", description: "Kubernetes labels", example: { region: "eu" } });

function labelProblem(key: string, value: string): string | undefined {
  if (key.startsWith("farhelm.dev/")) return "keys under farhelm.dev/ are set by Farhelm";
  if (!isLabelKey(key)) return "is not a valid Kubernetes label key";
  if (value !== "" && !LABEL_NAME.test(value)) {
    return "must be at most 63 letters, digits, '-', '_' or '.', beginning and ending with a letter or digit";
  }
  return undefined;
}
