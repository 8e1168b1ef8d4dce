/** Knows how a JSON schema of the document is told to a reader: a table of fields, each with its type in plain words. */
import { html } from "hono/html";
import type { OpenApiDocument } from "./document.ts";
import type { Markup } from "./page.ts";

type Schemas = NonNullable<NonNullable<OpenApiDocument["components"]>["schemas"]>;

/** One schema of the document, or a reference to one. */
export type Schema = Schemas[string];

/** Renders all named schemas in order of name. */
export function schemaSections(schemas: Schemas): Markup[] {
  return Object.entries(schemas)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => {
      const about = "$ref" in schema ? undefined : schema.description;
      return html`<article id="schema-${name}">
        <h3>${name}</h3>
        ${about === undefined ? "" : html`<p>${about}</p>`} ${fieldTable(schema)}
      </article>`;
    });
}

/** Renders the fields of an object, those of nested objects below it; anything else in one line. */
export function fieldTable(schema: Schema): Markup {
  const rows = fieldRows(schema, "");
  if (rows.length === 0) return html`<p>${typeOf(schema)}</p>`;
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Type</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function fieldRows(schema: Schema, prefix: string): Markup[] {
  if ("$ref" in schema) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const required = schema.required?.includes(name) === true;
    const inner = "$ref" in field ? field : (field.items ?? field);
    const below = inner === field ? `${path}.` : `${path}[].`;
    return [
      html`<tr>
        <td><code>${path}</code></td>
        <td>${typeOf(field)}${required ? "" : html`<span class="quiet">, optional</span>`}</td>
        <td>${meaningOf(field)}</td>
      </tr>`,
      ...fieldRows(inner, below),
    ];
  });
}

/** Renders a type in plain words, with links to named schemas. */
export function typeOf(schema: Schema): Markup {
  if ("$ref" in schema) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.enum !== undefined) {
    return html`${schema.enum.map((value, at) => html`${at === 0 ? "" : " | "}<code>${value}</code>`)}`;
  }
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) {
    return html`${choices.map((choice, at) => html`${at === 0 ? "" : " or "}${typeOf(choice)}`)}`;
  }
  if (schema.items !== undefined) return html`list of ${typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === "object") {
    return html`map of ${typeOf(schema.additionalProperties)}`;
  }
  return html`${[schema.type ?? "anything"].flat().join(" or ")}`;
}

/** Renders what a field means and which limits it has. */
export function meaningOf(schema: Schema): Markup {
  if ("$ref" in schema) return html``;
  const limits = [
    schema.default === undefined ? "" : `default ${JSON.stringify(schema.default)}`,
    schema.minimum === undefined ? "" : `at least ${schema.minimum}`,
    schema.maximum === undefined ? "" : `at most ${schema.maximum}`,
    schema.maxLength === undefined ? "" : `at most ${schema.maxLength} characters`,
    schema.maxItems === undefined ? "" : `at most ${schema.maxItems} entries`,
  ].filter((limit) => limit !== "");
  return html`${schema.description ?? ""} <span class="quiet">${limits.join(", ")}</span>`;
}
