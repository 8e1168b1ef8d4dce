/** Knows the frame of every HTML page: no script, nothing from elsewhere, one style sheet of our own. */
import { html } from "hono/html";

export type Markup = ReturnType<typeof html>;

/** Path of the style sheet that every page loads. */
export const STYLE_PATH = "/docs/style.css";

/** What a browser may do with our pages: read them and their style sheet. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Wraps the body of a page. */
export function page(title: string, body: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Farhelm</title>
        <link rel="stylesheet" href="${STYLE_PATH}" />
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}

/** The style sheet; colours follow what the reader's system prefers. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1b1f24, #e6e8eb);
  --quiet: light-dark(#57606a, #9aa4af);
  --line: light-dark(#d8dee4, #30363d);
  --ground: light-dark(#ffffff, #101418);
  --panel: light-dark(#f6f8fa, #181d23);
  --link: light-dark(#0757ba, #79b8ff);
  --get: light-dark(#0757ba, #79b8ff);
  --put: light-dark(#1a7f37, #56d364);
  --post: light-dark(#7d4e00, #e3b341);
  --patch: light-dark(#6639ba, #d2a8ff);
  --delete: light-dark(#b62324, #ff8f87);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
a { color: var(--link); }
code, pre { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { padding: 0.75rem 1rem; overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 6rem; }
h1 { margin: 0 0 0.25rem; font-size: 2rem; line-height: 1.2; }
h2 { margin: 3rem 0 0.25rem; font-size: 1.5rem; }
h3 { margin: 0; font-size: 1.125rem; }
h4 { margin: 1.25rem 0 0.25rem; font-size: 0.875rem; color: var(--quiet); }
p { margin: 0.5rem 0; }
summary { margin-top: 0.75rem; color: var(--link); cursor: pointer; }
ul { padding-left: 1.25rem; }
.quiet { color: var(--quiet); }
.layout { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
.layout > nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: 0.875rem; }
nav h2 { margin: 1.25rem 0 0.25rem; font-size: 0.875rem; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 0.15rem 0; color: inherit; text-decoration: none; }
nav a:hover, nav a:focus { color: var(--link); text-decoration: underline; }
article { margin: 1.5rem 0 2.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.path { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: baseline; margin: 0.25rem 0 0.5rem; }
.path code { font-size: 1rem; overflow-wrap: anywhere; }
.method { font: 600 0.8rem/1 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.get { color: var(--get); } .put { color: var(--put); } .post { color: var(--post); }
.patch { color: var(--patch); } .delete { color: var(--delete); }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
th, td { padding: 0.35rem 0.75rem 0.35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--quiet); }
td code { overflow-wrap: anywhere; }
@media (max-width: 52rem) {
  .layout { display: block; }
  .layout > nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
}
`;
