/** Holds how ETags, preconditions and cursors are read: exactly, or not at all. */
import { describe, expect, it } from "vitest";
import { readCursor, readNumberCursor, writeCursor } from "../../../src/api/cursor.ts";
import { etag, readPrecondition } from "../../../src/api/precondition.ts";
import { Fault } from "../../../src/domain/fault.ts";

function faultOf(work: () => unknown): Fault | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

describe("readPrecondition", () => {
  it("takes back what etag wrote", () => {
    expect(readPrecondition(etag(12), undefined)).toEqual({ ifMatch: [12], ifNoneMatch: false });
  });

  it.each([
    ["nothing", undefined, undefined, { ifMatch: null, ifNoneMatch: false }],
    ["a list", '"3", "4" ,"5"', undefined, { ifMatch: [3, 4, 5], ifNoneMatch: false }],
    ["any", " * ", undefined, { ifMatch: "*", ifNoneMatch: false }],
    ["only create", undefined, "*", { ifMatch: null, ifNoneMatch: true }],
  ])("reads %s", (_, ifMatch, ifNoneMatch, wanted) => {
    expect(readPrecondition(ifMatch, ifNoneMatch)).toEqual(wanted);
  });

  it.each([
    ["a weak tag", 'W/"3"', undefined, "If-Match"],
    ["no quotes", "3", undefined, "If-Match"],
    ["zero", '"0"', undefined, "If-Match"],
    ["a word", '"abc"', undefined, "If-Match"],
    ["a fraction", '"1.5"', undefined, "If-Match"],
    ["more digits than a number holds", `"${"9".repeat(16)}"`, undefined, "If-Match"],
    ["an empty entry", '"3",', undefined, "If-Match"],
    ["an empty header", "", undefined, "If-Match"],
    ["* within a list", '"3", *', undefined, "If-Match"],
    ["a tag where only * may be", undefined, '"3"', "If-None-Match"],
    ["both headers", '"3"', "*", "If-None-Match"],
  ])("refuses %s and names the header", (_, ifMatch, ifNoneMatch, header) => {
    const fault = faultOf(() => readPrecondition(ifMatch, ifNoneMatch));
    expect(fault?.kind).toBe("malformed");
    expect(fault?.message).toMatch(new RegExp(`^${header}: `));
  });
});

describe("cursors", () => {
  it("lead back to their place", () => {
    expect(readCursor("apps", writeCursor("apps", "my-web"))).toBe("my-web");
    expect(readNumberCursor(["events", { app: "a" }], writeCursor(["events", { app: "a" }], 42))).toBe(42);
  });

  it("are not needed for the first page", () => {
    expect(readCursor("apps", undefined)).toBeNull();
    expect(readNumberCursor("apps", undefined)).toBeNull();
  });

  it("do not show a place in clear, nor need escaping in a query", () => {
    expect(writeCursor("apps", "my-web")).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(writeCursor("apps", "my-web")).not.toContain("my-web");
  });

  const forged = (text: string) => btoa(text).replaceAll("=", "");
  it.each([
    ["another list's", writeCursor("namespaces", "a")],
    ["another filter's", writeCursor(["apps", { cluster: "eu" }], "a")],
    ["empty", ""],
    ["no base64", "%%%"],
    ["a length that base64 never has", "AAAAA"],
    ["other text", forged("hello")],
    ["a place that no name is", forged(`${"0".repeat(32)}.' OR 1=1`)],
    ["huge", "A".repeat(100_000)],
  ])("are refused when %s", (_, cursor) => {
    const fault = faultOf(() => readCursor("apps", cursor));
    expect(fault?.kind).toBe("malformed");
    expect(fault?.issues[0]?.pointer).toBe("/cursor");
  });

  it("of numbers refuse a name", () => {
    expect(faultOf(() => readNumberCursor("apps", writeCursor("apps", "my-web")))?.kind).toBe("malformed");
  });
});
