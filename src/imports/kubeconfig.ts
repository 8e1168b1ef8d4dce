/** Knows how to take address and token out of a kubeconfig, and which of its other parts cannot work at the edge. */
import { isScalar, parseDocument, visit } from "yaml";

export type KubeconfigReading =
  | { readonly ok: true; readonly server: string; readonly token: string }
  | { readonly ok: false; readonly detail: string };

type Entry = Readonly<Record<string, unknown>>;

/** Reading a hostile text costs more than its length; one context fits many times over. */
const MAX_CHARACTERS = 64 * 1024;
const MAX_DEPTH = 32;
const CREATE_TOKEN =
  "create a ServiceAccount token (kubectl -n farhelm-system create token farhelm --duration 24h) and register that";

interface Refusal {
  readonly fields: readonly string[];
  readonly detail: string;
}

/** What a cluster entry may not hold, because a Worker's TLS and routing cannot be changed. */
const CLUSTER_REFUSALS: readonly Refusal[] = [
  {
    fields: ["certificate-authority", "certificate-authority-data"],
    detail:
      "it names a private CA, and Workers trust public CAs only: put a tunnel or a publicly trusted certificate in front " +
      "and register that address with a token; see deploy/README.md",
  },
  {
    fields: ["insecure-skip-tls-verify"],
    detail:
      "it skips the verification of the server's certificate, which would give the token to anybody in between: " +
      "put a tunnel or a publicly trusted certificate in front",
  },
  {
    fields: ["tls-server-name"],
    detail:
      "it sets tls-server-name, which Workers cannot: register the name that stands in the certificate as the address",
  },
  {
    fields: ["proxy-url"],
    detail: "it goes through a proxy (proxy-url), which Workers cannot: put a tunnel in front of the cluster",
  },
];

/** What a user entry may not hold: anything but a bearer token. */
const USER_REFUSALS: readonly Refusal[] = [
  {
    fields: ["client-certificate", "client-certificate-data", "client-key", "client-key-data"],
    detail: `it logs in with a client certificate, which Workers cannot present: ${CREATE_TOKEN}`,
  },
  {
    fields: ["exec"],
    detail: `it runs a program to log in (exec), and there is none at the edge: ${CREATE_TOKEN}`,
  },
  {
    fields: ["auth-provider"],
    detail: `it logs in through an auth-provider, which Kubernetes removed in 1.26: ${CREATE_TOKEN}`,
  },
  {
    fields: ["username", "password"],
    detail: `it logs in with a user name and password, which Kubernetes removed in 1.19: ${CREATE_TOKEN}`,
  },
  {
    fields: ["tokenFile"],
    detail: "it points to a token file on your machine: put the token itself into the field token",
  },
  {
    fields: ["as", "as-uid", "as-groups", "as-user-extra"],
    detail: `it impersonates another user, which needs too wide rights: ${CREATE_TOKEN}`,
  },
];

/** Reads the current context of a kubeconfig. A refusal names every obstacle at once and never repeats a value. */
export function readKubeconfig(text: string): KubeconfigReading {
  if (text.length > MAX_CHARACTERS)
    return refuse([
      "it is longer than 64 KiB: give what kubectl config view --minify --flatten --raw prints",
    ]);
  const config = parseYaml(text);
  if (config === undefined) return refuse(["it is not YAML, or uses aliases, or is nested too deeply"]);
  if (!isEntry(config))
    return refuse(["it is not a YAML mapping: paste the whole output of kubectl config view"]);
  const current = config["current-context"];
  if (!isText(current)) {
    return refuse(["it has no current-context: choose one with kubectl config use-context"]);
  }
  const context = named(config["contexts"], current, "context");
  if (context === undefined) return refuse(["its current-context is not among its contexts"]);
  const cluster = named(config["clusters"], context["cluster"], "cluster");
  const user = named(config["users"], context["user"], "user");
  const problems = [
    ...(cluster === undefined ? ["the cluster of its current context is missing"] : clusterProblems(cluster)),
    ...(user === undefined ? ["the user of its current context is missing"] : userProblems(user)),
  ];
  const { server } = cluster ?? {};
  const { token } = user ?? {};
  if (problems.length > 0 || !isText(server) || !isText(token)) return refuse(problems);
  return { ok: true, server, token };
}

function clusterProblems(cluster: Entry): string[] {
  const problems = refusals(CLUSTER_REFUSALS, cluster);
  return isText(cluster["server"]) ? problems : [...problems, "its cluster has no server"];
}

function userProblems(user: Entry): string[] {
  const problems = refusals(USER_REFUSALS, user);
  if (problems.length > 0 || isText(user["token"])) return problems;
  return [`it holds no token: ${CREATE_TOKEN}`];
}

function refusals(rows: readonly Refusal[], entry: Entry): string[] {
  return rows.filter(({ fields }) => fields.some((field) => isSet(entry[field]))).map(({ detail }) => detail);
}

/** Plain data only: no aliases, which could blow up a small text, and no tags. */
function parseYaml(text: string): unknown {
  try {
    const document = parseDocument(text, {
      schema: "core",
      merge: false,
      // Both would cost a large text many seconds: each key held against all others, each error drawn with its line.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "error",
    });
    if (document.errors.length > 0 || document.warnings.length > 0 || repeatsKey(document)) return undefined;
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return isShallow(value, MAX_DEPTH) ? value : undefined;
  } catch {
    // Aliases and very deep nesting are thrown; the parser's message could repeat a secret.
    return undefined;
  }
}

function repeatsKey(document: ReturnType<typeof parseDocument>): boolean {
  let repeats = false;
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set(items.map(({ key }) => String(isScalar(key) ? key.value : key)));
      repeats ||= keys.size < items.length;
      return repeats ? visit.BREAK : undefined;
    },
  });
  return repeats;
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1));
}

function named(list: unknown, name: unknown, member: string): Entry | undefined {
  if (!Array.isArray(list) || !isText(name)) return undefined;
  const entry = list.find((each: unknown) => isEntry(each) && each["name"] === name);
  const value: unknown = isEntry(entry) ? entry[member] : undefined;
  return isEntry(value) ? value : undefined;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Empty values mean the same as none, as in client-go. */
function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== "" && value !== false;
}

function refuse(problems: readonly string[]): KubeconfigReading {
  return { ok: false, detail: `this kubeconfig cannot be used: ${problems.join("; ")}` };
}
