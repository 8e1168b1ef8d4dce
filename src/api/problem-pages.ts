/** Knows what each type of problem means to a person and what to do about it; these texts stand behind the type's URI. */
import { html } from "hono/html";
import { type Markup, page } from "./page.ts";
import { PROBLEMS, type ProblemSlug } from "./problem.ts";

interface Advice {
  readonly means: string;
  readonly todo: readonly string[];
}

const ADVICE: Readonly<Record<ProblemSlug, Advice>> = {
  "malformed-request": {
    means:
      "The request could not be read: its body is not JSON, or holds keys given twice, names with a meaning in JavaScript or " +
      "more than 32 levels; or a query parameter, a cursor or a header has not the form it must have.",
    todo: [
      "Read detail and errors: each entry points to one wrong place.",
      "Send ETags back exactly as you got them, quotes included.",
      "Begin a list again without its cursor.",
    ],
  },
  unauthenticated: {
    means:
      "The request carries no bearer token, or one that is unknown or expired. Which of these, is not told.",
    todo: ["Send Authorization: Bearer <token>.", "Make a new token with npm run token."],
  },
  forbidden: {
    means:
      "The token is good, but lacks the scope that this method needs: read to look, write to change anything.",
    todo: ["Use a token with that scope; detail names it."],
  },
  "not-found": {
    means: "Nothing of this name exists in the token's project. Things of other projects look the same.",
    todo: [
      "Check the spelling and the project of the token.",
      "List what there is: GET on the path without the name.",
    ],
  },
  "method-not-allowed": {
    means: "The path exists, but not with this method.",
    todo: ["Use one of the methods in the answer's Allow header."],
  },
  conflict: {
    means:
      "The request is right in itself, but contradicts what exists: the thing is being removed, is still in use, or belongs to " +
      "somebody else.",
    todo: ["Do first what detail asks for, then repeat the request."],
  },
  "stale-generation": {
    means:
      "If-Match or If-None-Match does not hold, or somebody else changed the thing at the same moment. Nothing was written.",
    todo: ["Read the thing again, make your change on that, and send the new ETag."],
  },
  "too-large": {
    means: "The body is larger than this path takes: 256 KiB for apps and namespaces, 512 KiB for clusters.",
    todo: ["Move large values out of the declaration.", "Send only the current context of a kubeconfig."],
  },
  "unsupported-media-type": {
    means: "The body is not declared as JSON.",
    todo: ["Send Content-Type: application/json."],
  },
  "invalid-spec": {
    means: "The body is JSON, but what it declares breaks a rule. Nothing was written.",
    todo: ["Read errors: each entry has the JSON pointer of a wrong place and says what would be right."],
  },
  throttled: {
    means: "Too much was asked in too short a time, of Farhelm or of a cluster behind it.",
    todo: ["Wait as long as Retry-After says, then repeat."],
  },
  internal: {
    means: "Something failed that should not. Whether a change was written may be unknown.",
    todo: [
      "Read the thing again before you repeat a change.",
      "Give whoever runs Farhelm the id in instance: the log has the cause under it.",
    ],
  },
  "cluster-rejected": {
    means:
      "The cluster answered and refused: a permission is missing, or it does not accept what it was sent.",
    todo: [
      "Read detail, then POST to the cluster's probe: it lists every missing permission.",
      "Apply the roles in deploy/rbac.yaml.",
    ],
  },
  "not-ready": {
    means: "Some cluster is more than two intervals overdue: the clock or the queue does not run.",
    todo: ["Check the Worker's cron trigger, its queue consumer and its log."],
  },
  "cluster-unreachable": {
    means:
      "No trustworthy answer came from the cluster: no connection, no trusted certificate, no answer in time.",
    todo: [
      "Read reason and detail; POST to the cluster's probe to try again.",
      "A private cluster needs a tunnel; a private CA is not trusted by Workers.",
    ],
  },
};

/** Says whether there is a page of this name. */
export function isProblemSlug(text: string): text is ProblemSlug {
  return Object.hasOwn(PROBLEMS, text);
}

/** Renders the page behind a problem's type. */
export function problemPage(slug: ProblemSlug): Markup {
  const { status, title } = PROBLEMS[slug];
  const { means, todo } = ADVICE[slug];
  return page(
    title,
    html`<main>
      <p><a href="/docs">Farhelm API</a> / problems</p>
      <h1>${title}</h1>
      <p class="quiet">Status ${status}, type <code>${slug}</code></p>
      <p>${means}</p>
      <h2>What to do</h2>
      <ul>
        ${todo.map((step) => html`<li>${step}</li>`)}
      </ul>
    </main>`,
  );
}
