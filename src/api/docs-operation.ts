/** Knows how one operation is told to a reader: what it does, what it takes, what comes back, and a curl to try it. */
import { html } from "hono/html";
import { readableJson } from "./docs-json.ts";
import { fieldTable, meaningOf, type Schema, typeOf } from "./docs-schema.ts";
import type { OpenApiDocument } from "./document.ts";
import type { Markup } from "./page.ts";
import { PROBLEMS } from "./problem.ts";

type PathItem = NonNullable<OpenApiDocument["paths"]>[string];
type OperationObject = NonNullable<PathItem["get"]>;
type Parameter = Exclude<NonNullable<OperationObject["parameters"]>[number], { $ref: string }>;

/** The order in which a reader meets them: make it, look at it, change it, remove it. */
const METHODS = ["put", "get", "patch", "delete", "post"] as const;

/** One operation with where it is. */
export interface Described {
  readonly method: (typeof METHODS)[number];
  readonly path: string;
  readonly operation: OperationObject;
}

/** Lists the operations of a document in its own order. */
export function listOperations(document: OpenApiDocument): Described[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}

/** Renders one operation. */
export function operationSection({ method, path, operation }: Described): Markup {
  const parameters = (operation.parameters ?? []).filter((each): each is Parameter => !("$ref" in each));
  const body = jsonOf(operation.requestBody);
  return html`<article id="${operation.operationId ?? ""}">
    <h3>${operation.summary ?? ""}</h3>
    <p class="path"><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></p>
    ${operation.description === undefined ? "" : html`<p>${operation.description}</p>`}
    ${parameters.length === 0 ? "" : parameterTable(parameters)}
    ${
      body?.schema === undefined
        ? ""
        : html`<h4>Body: ${typeOf(body.schema)}</h4>
            ${"$ref" in body.schema ? "" : fieldTable(body.schema)}`
    }
    <h4>Try it</h4>
    <pre><code>${curl({ method, path, operation }, parameters)}</code></pre>
    <h4>Answers</h4>
    ${answerTable(operation)} ${answerExample(operation)}
  </article>`;
}

function parameterTable(parameters: readonly Parameter[]): Markup {
  return html`<h4>Parameters</h4>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Where</th>
            <th scope="col">Type</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          ${parameters.map(
            (each) =>
              html`<tr>
                <td><code>${each.name}</code></td>
                <td>${each.in}</td>
                <td>${each.schema === undefined ? "" : typeOf(each.schema)}</td>
                <td>${parameterMeaning(each)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function parameterMeaning({ description = "", schema }: Parameter): Markup {
  return schema === undefined || "$ref" in schema ? html`${description}` : meaningOf(schema);
}

function answerTable({ responses = {} }: OperationObject): Markup {
  return html`<div class="wide">
    <table>
      <tbody>
        ${Object.entries(responses).map(([status, response]) => {
          const slug = slugOf(status);
          const schema = jsonOf(response)?.schema;
          return html`<tr>
            <td><code>${status}</code></td>
            <td>
              ${slug === undefined ? response.description : html`<a href="/docs/problems/${slug}">${response.description}</a>`}
            </td>
            <td>${schema === undefined ? "" : typeOf(schema)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

function answerExample({ responses = {} }: OperationObject): Markup | "" {
  const [example] = Object.values(responses).flatMap((response) => {
    const found: unknown = jsonOf(response)?.example;
    return found === undefined ? [] : [found];
  });
  if (example === undefined) return "";
  return html`<details>
    <summary>Example</summary>
    <pre><code>${readableJson(example)}</code></pre>
  </details>`;
}

function slugOf(status: string): string | undefined {
  return Object.entries(PROBLEMS).find(([, problem]) => String(problem.status) === status)?.[0];
}

/** Spells a call that works when it is pasted, once FARHELM and TOKEN are set. */
function curl({ method, path, operation }: Described, parameters: readonly Parameter[]): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    return exampleOf(parameters.find((each) => each.in === "path" && each.name === name));
  });
  const verb = method === "get" ? "" : `-X ${method.toUpperCase()} `;
  const open = operation.security?.length === 0;
  const example: unknown = jsonOf(operation.requestBody)?.example;
  return [
    `curl ${verb}"$FARHELM${filled}"`,
    ...(open ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...(example === undefined
      ? []
      : [
          '-H "Content-Type: application/json"',
          `--data '${readableJson(example).replaceAll("'", String.raw`'\''`)}'`,
        ]),
  ].join(" \\\n  ");
}

function exampleOf(parameter: Parameter | undefined): string {
  const own: unknown = parameter?.example;
  const schema = parameter?.schema;
  const fromSchema: unknown = schema === undefined || "$ref" in schema ? undefined : schema.example;
  const example = own ?? fromSchema;
  return typeof example === "string" ? example : "myweb";
}

/** The JSON part of a request body or an answer. */
function jsonOf(carrier: unknown): { schema?: Schema; example?: unknown } | undefined {
  const content: unknown =
    typeof carrier === "object" && carrier !== null ? Reflect.get(carrier, "content") : undefined;
  if (typeof content !== "object" || content === null) return undefined;
  const [media]: unknown[] = Object.values(content);
  return typeof media === "object" && media !== null ? media : undefined;
}
