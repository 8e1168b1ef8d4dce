/** Knows one long life of an object under several managers and records every answer; refuses to judge the answers. */
import { normalise } from "./normalise.ts";
import type { Subject } from "./subjects.ts";
import { pluralOf, type Loose, type Seen, type Tester } from "./tester.ts";

/** Is one recorded answer. */
export interface Recorded {
  step: string;
  status: number;
  body: Loose;
}

/** Leads an object through its life and records what the server answered. */
export async function live(t: Tester, { name, object, foreign, less }: Subject): Promise<Recorded[]> {
  const plural = pluralOf(object);
  const at = [plural, name] as const;
  const record: Recorded[] = [];
  const note = (step: string, seen: Seen): Seen => {
    record.push({ step, status: seen.status, body: normalise(seen.body, t.namespace) });
    return seen;
  };
  const bare = { apiVersion: object.apiVersion, kind: object.kind, metadata: { name } };
  note("apply", await t.apply(object));
  note("apply the same", await t.apply(object));
  note("patch by another", await t.patch("strategic", at, foreign, "?fieldManager=kubectl-set"));
  note("apply against the other", await t.apply(object));
  note("apply with force", await t.apply(object, "farhelm", "&force=true"));
  note("apply less", await t.apply(less, "farhelm", "&force=true"));
  note("apply less as somebody else", await t.apply(less, "neighbour", "&force=true"));
  note(
    "strip a label",
    await t.patch(
      "merge",
      at,
      { metadata: { labels: { "farhelm.dev/app": null } } },
      "?fieldManager=kubectl-label",
    ),
  );
  note(
    "annotate",
    await t.patch(
      "json",
      at,
      [{ op: "add", path: "/metadata/annotations", value: { by: "hand" } }],
      "?fieldManager=kubectl-annotate",
    ),
  );
  note("apply everything again", await t.apply(object, "farhelm", "&force=true"));
  note("apply the bare name", await t.apply(bare));
  note("apply on a dry run", await t.apply(object, "farhelm", "&force=true&dryRun=All"));
  await replace(t, plural, name, note);
  note("read", await t.ask("GET", t.path(plural, name)));
  note("delete", await t.remove(plural, name));
  note("read what is gone", await t.ask("GET", t.path(plural, name)));
  note("create anew", await t.post(object, "?fieldManager=creator"));
  note("apply over a creation", await t.apply(less));
  note("take it over", await t.apply(less, "farhelm", "&force=true"));
  note("delete again", await t.remove(plural, name));
  return record;
}

/** A controller may write in between, so the replacement is tried until its version is the current one. */
async function replace(
  t: Tester,
  plural: string,
  name: string,
  note: (step: string, seen: Seen) => Seen,
): Promise<void> {
  await t.until(async () => {
    const object = await t.read(plural, name);
    object.metadata.labels = { ...object.metadata.labels, replaced: "yes" };
    const seen = await t.ask("PUT", t.path(plural, name, "?fieldManager=replacer"), { body: object });
    if (seen.status === 409) return false;
    note("replace", seen);
    return true;
  });
}
