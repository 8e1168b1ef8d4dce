/** Makes an API token and stores its hash: `npm run token -- --local` or `--remote`; the token is shown once. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { makeToken } from "./credentials.ts";

const USAGE = `usage: npm run token -- --remote|--local [--name NAME] [--project PROJECT] [--scopes read,write] [--days 90]

Stores the hash of a new API token in the database and prints the token, once.
  --remote   in the deployed database (needs \`wrangler login\`)
  --local    in the database of \`npm run dev\``;

function readOptions() {
  const { values } = parseArgs({
    options: {
      remote: { type: "boolean", default: false },
      local: { type: "boolean", default: false },
      name: { type: "string", default: "first" },
      project: { type: "string", default: "default" },
      scopes: { type: "string", default: "read,write" },
      days: { type: "string", default: "90" },
    },
  });
  const scopes = values.scopes.split(",");
  const days = Number(values.days);
  if (values.remote === values.local) throw new Error("give exactly one of --remote and --local");
  if (!scopes.every((scope) => ["read", "write"].includes(scope)))
    throw new Error("--scopes takes read and write");
  if (!Number.isInteger(days) || days < 1 || days > 365)
    throw new Error("--days takes a whole number from 1 to 365");
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(values.project))
    throw new Error("--project takes an RFC 1123 label");
  return { ...values, scopes, days };
}

function main(): number {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : "bad arguments"}\n\n${USAGE}`);
    return 2;
  }
  const token = makeToken(options, Date.now());
  const root = path.resolve(import.meta.dirname, "..");
  const dir = mkdtempSync(path.join(tmpdir(), "farhelm-token-"));
  const file = path.join(dir, "token.sql");
  writeFileSync(file, token.sql, { mode: 0o600 });
  const where = options.remote
    ? ["--remote"]
    : ["--local", "--persist-to", path.join(root, ".farhelm/dev/state")];
  const wrangler = path.join(root, "node_modules/wrangler/bin/wrangler.js");
  const ran = spawnSync(
    process.execPath,
    [wrangler, "d1", "execute", "DB", ...where, "--file", file, "--yes"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  rmSync(dir, { recursive: true });
  if (ran.status !== 0) {
    console.error(
      `the token was not stored; were the migrations applied (npm run migrate)?\n${ran.stdout}${ran.stderr}`,
    );
    return 1;
  }
  console.log(token.text);
  return 0;
}

process.exitCode = main();
