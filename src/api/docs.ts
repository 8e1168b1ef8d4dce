/** Knows the paths under which the contract can be read: as data, as a page, and one page per type of problem. */
import type { Context } from "hono";
import { Fault } from "../domain/fault.ts";
import type { Api } from "./contract.ts";
import { docsPage } from "./docs-page.ts";
import { buildDocument, type OpenApiDocument } from "./document.ts";
import { type Markup, PAGE_POLICY, STYLE, STYLE_PATH } from "./page.ts";
import { isProblemSlug, problemPage } from "./problem-pages.ts";

/** Adds the documentation of all routes that are added before; needs no token, for it holds no secret. */
export function addDocs(app: Api): void {
  let built: OpenApiDocument | undefined;
  const document = () => (built ??= buildDocument(app));

  app.get("/openapi.json", (c) => c.json(document()));
  app.get("/docs", async (c) => await answerPage(c, docsPage(document())));
  app.get(STYLE_PATH, (c) => c.body(STYLE, 200, { "Content-Type": "text/css; charset=utf-8" }));
  app.get("/docs/problems/:slug", async (c) => {
    const slug = c.req.param("slug");
    if (!isProblemSlug(slug)) throw new Fault("not_found", "there is no type of problem with this name");
    return await answerPage(c, problemPage(slug));
  });
}

async function answerPage(c: Context, markup: Markup): Promise<Response> {
  return await c.html(markup, 200, { "Content-Security-Policy": PAGE_POLICY });
}
