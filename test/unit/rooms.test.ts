/** Guards the floor plan: who may import whom, how long a file may be, and what its first line must say. */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Rooms by floor; an import may only go down. `src/index.ts` and `src/env.ts` are the door, above all. */
const FLOORS: readonly (readonly string[])[] = [
  ["domain"],
  ["manifests", "diff", "health", "imports", "db", "kube", "vault", "runtime"],
  ["control"],
  ["api", "scheduled", "queue"],
  ["door"],
];
/** Rooms that do I/O: they implement ports, and only the door names them. */
const ADAPTERS = ["db", "kube", "vault", "runtime"];
/** Packages with one owner, so that replacing one means opening one room. */
const OWNED_PACKAGES: readonly { readonly name: RegExp; readonly rooms: readonly string[] }[] = [
  { name: /^drizzle-orm(\/|$)/, rooms: ["db"] },
  { name: /^(hono|@hono\/zod-openapi)(\/|$)/, rooms: ["api"] },
  { name: /^@kubernetes\/client-node(\/|$)/, rooms: ["kube", "manifests"] },
  { name: /^cloudflare:/, rooms: ["door"] },
  { name: /^yaml$/, rooms: ["imports"] },
  { name: /^node:/, rooms: [] },
];
const FORBIDDEN_NAMES = ["utils", "helpers", "common", "types", "manager", "service", "index"];
/** Rooms with a file per Kubernetes kind, where `service.ts` means the kind Service. */
const KIND_ROOMS = /^(src\/(manifests|health)|sandbox\/\w+)\/service\.ts$/;
const MAX_LINES = 250;

interface SourceFile {
  /** Path from the root, such as `src/api/app.ts`. */
  readonly name: string;
  readonly text: string;
}

const src = filesUnder("src");
const sandbox = filesUnder("sandbox");

describe("the floors", () => {
  it("finds the files that it guards", () => {
    expect(src.map((file) => file.name)).toEqual(
      expect.arrayContaining(["src/index.ts", "src/api/app.ts", "src/domain/fault.ts"]),
    );
  });

  it("lets every import of src go down, or stay in its room", () => {
    expect(src.flatMap(wrongArrows)).toEqual([]);
  });

  it("keeps every package in the room that owns it", () => {
    expect(src.flatMap(strayPackages)).toEqual([]);
  });

  it("keeps the sandbox apart from what it is used to judge", () => {
    const crossings = [...src, ...sandbox].flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith(".") && topOf(resolve(file, target)) !== topOf(file.name))
        .map((target) => `${file.name} imports ${resolve(file, target)}`),
    );
    expect(crossings).toEqual([]);
  });

  it.each([
    [
      "an upward arrow",
      "src/domain/app.ts",
      "../control/pass.ts",
      "src/domain/app.ts (floor 0, domain) imports",
    ],
    [
      "a sideways arrow",
      "src/diff/plan.ts",
      "../health/judge.ts",
      "src/diff/plan.ts (floor 1, diff) imports",
    ],
    [
      "an adapter named by an entrypoint",
      "src/api/app.ts",
      "../db/store.ts",
      "only the door may name an adapter",
    ],
    ["a room without a floor", "src/attic/box.ts", "../domain/app.ts", "attic has no floor"],
  ])("sees %s", (_, name, target, words) => {
    const found = wrongArrows({ name, text: `import { x } from "${target}";` });
    expect(found.join("\n")).toContain(words);
  });
});

describe("each file", () => {
  const files = [...src, ...sandbox];

  it(`has at most ${MAX_LINES} lines`, () => {
    const long = files.filter((file) => lines(file) > MAX_LINES);
    expect(long.map((file) => `${file.name} has ${lines(file)} lines: move an idea out`)).toEqual([]);
  });

  it("says in its first line what it knows", () => {
    const silent = files.filter((file) => !/^\/\*\*\s+(\* )?\w/.test(file.text));
    expect(silent.map((file) => `${file.name} does not begin with a doc comment`)).toEqual([]);
  });

  it("has a name of its own", () => {
    const vague = files.filter(
      ({ name }) =>
        FORBIDDEN_NAMES.includes(path.basename(name, ".ts")) &&
        name !== "src/index.ts" &&
        !KIND_ROOMS.test(name),
    );
    expect(vague.map((file) => `${file.name}: call it by what it knows`)).toEqual([]);
    const spelt = files.filter(({ name }) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(path.basename(name)));
    expect(spelt.map((file) => `${file.name}: write it in kebab-case`)).toEqual([]);
  });

  it("is no barrel and exports by name", () => {
    const barrels = files.filter(({ text }) => /^export \* from /m.test(text));
    expect(barrels.map((file) => `${file.name} passes on another file whole`)).toEqual([]);
    const defaults = files.filter(
      ({ name, text }) => name !== "src/index.ts" && /^export default /m.test(text),
    );
    expect(defaults.map((file) => `${file.name} has a default export`)).toEqual([]);
  });
});

describe("test/README.md", () => {
  it("says of every test file what it protects", () => {
    const table = fs.readFileSync(path.join(ROOT, "test/README.md"), "utf8");
    const tests = filesUnder("test").map((file) => file.name.replace("test/", ""));
    const untold = tests.filter((name) => name.endsWith(".test.ts") && !table.includes(`| \`${name}\` |`));
    expect(untold.map((name) => `add a row for ${name}`)).toEqual([]);
    const told = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? "");
    expect(told.filter((name) => !tests.includes(name)).map((name) => `${name} is gone`)).toEqual([]);
  });
});

function wrongArrows(file: SourceFile): string[] {
  const from = roomOf(file.name);
  if (floorOf(from) === undefined) return [`${file.name}: the room ${from} has no floor: add it to FLOORS`];
  return importsOf(file)
    .filter((target) => target.startsWith("."))
    .flatMap((target) => {
      const to = roomOf(resolve(file, target));
      const problem = arrowProblem(from, to);
      const where = `${file.name} (floor ${floorOf(from)}, ${from}) imports ${target} (floor ${floorOf(to)}, ${to})`;
      return problem === undefined ? [] : [`${where}: ${problem}`];
    });
}

function arrowProblem(from: string, to: string): string | undefined {
  if (from === to) return undefined;
  const [above, below] = [floorOf(from), floorOf(to)];
  if (above === undefined || below === undefined) return "that room has no floor";
  if (below >= above) return below === above ? "sideways" : "upward";
  if (ADAPTERS.includes(to) && from !== "door") return "only the door may name an adapter";
  return undefined;
}

function strayPackages(file: SourceFile): string[] {
  return importsOf(file).flatMap((target) => {
    const owner = OWNED_PACKAGES.find(({ name }) => name.test(target));
    const stray = owner !== undefined && !owner.rooms.includes(roomOf(file.name));
    return stray
      ? [`${file.name} imports ${target}, which belongs to ${owner.rooms.join(", ") || "nobody"}`]
      : [];
  });
}

function floorOf(room: string): number | undefined {
  const floor = FLOORS.findIndex((rooms) => rooms.includes(room));
  return floor < 0 ? undefined : floor;
}

function roomOf(name: string): string {
  const parts = name.split("/");
  return parts.length === 2 ? "door" : (parts[1] ?? "");
}

function topOf(name: string): string {
  return name.split("/")[0] ?? "";
}

function resolve(file: SourceFile, target: string): string {
  return path.posix.join(path.posix.dirname(file.name), target);
}

/** Takes the targets of static and dynamic imports and re-exports; text in comments begins with no keyword. */
function importsOf({ text }: SourceFile): string[] {
  const statements = text.matchAll(
    /^(?:import|export)\b[^;"']*?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm,
  );
  return [...statements].map((match) => match[1] ?? match[2] ?? "");
}

function lines({ text }: SourceFile): number {
  return text.trimEnd().split("\n").length;
}

function filesUnder(folder: string): SourceFile[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({
      name: path.posix.join(folder, name.split(path.sep).join("/")),
      text: fs.readFileSync(path.join(ROOT, folder, name), "utf8"),
    }));
}
