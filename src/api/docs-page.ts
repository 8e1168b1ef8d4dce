/** Knows the page that lists every operation, made from the OpenAPI document alone. */
import { html } from "hono/html";
import { type Described, listOperations, operationSection } from "./docs-operation.ts";
import { schemaSections } from "./docs-schema.ts";
import type { OpenApiDocument } from "./document.ts";
import { type Markup, page } from "./page.ts";
import { PROBLEMS } from "./problem.ts";

/** Renders the whole page. */
export function docsPage(document: OpenApiDocument): Markup {
  const byTag = Map.groupBy(listOperations(document), ({ operation }) => operation.tags?.[0] ?? "");
  const tags = (document.tags ?? []).map(({ name, description = "" }) => ({
    name,
    description,
    operations: byTag.get(name) ?? [],
  }));
  return page(
    "API",
    html`<div class="layout">
      <nav aria-label="Operations">
        <a href="#top"><strong>Farhelm API</strong></a>
        ${tags.map(
          ({ name, operations }) =>
            html`<h2>${name}</h2>
              <ul>
                ${operations.map(navEntry)}
              </ul>`,
        )}
        <h2>Reference</h2>
        <ul>
          <li><a href="#problems">Problems</a></li>
          <li><a href="#schemas">Schemas</a></li>
        </ul>
      </nav>
      <main id="top">
        <h1>Farhelm API</h1>
        <p>${document.info.description ?? ""}</p>
        <p>
          The same as data: <a href="/openapi.json">openapi.json</a>. For the examples, set where and who:
        </p>
        <pre><code>export FARHELM=https://farhelm.example TOKEN=fhm_…</code></pre>
        ${tags.map(
          ({ name, description, operations }) =>
            html`<section>
              <h2>${name}</h2>
              <p class="quiet">${description}</p>
              ${operations.map(operationSection)}
            </section>`,
        )}
        <section id="problems">
          <h2>Problems</h2>
          <ul>
            ${Object.entries(PROBLEMS).map(
              ([slug, { status, title }]) =>
                html`<li><code>${status}</code> <a href="/docs/problems/${slug}">${title}</a></li>`,
            )}
          </ul>
        </section>
        <section id="schemas">
          <h2>Schemas</h2>
          ${schemaSections(document.components?.schemas ?? {})}
        </section>
      </main>
    </div>`,
  );
}

function navEntry({ method, operation }: Described): Markup {
  return html`<li>
    <a href="#${operation.operationId ?? ""}"
      ><span class="method ${method}">${method.toUpperCase()}</span> ${operation.summary ?? ""}</a
    >
  </li>`;
}
