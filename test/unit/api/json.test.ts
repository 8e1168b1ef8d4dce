/** Holds what a body's text may not contain, whatever its schema would say. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_DEPTH, pointer, refuseHostileJson } from "../../../src/api/json.ts";
import { Fault } from "../../../src/domain/fault.ts";

function refusal(text: string): { pointer: string; detail: string } | undefined {
  try {
    refuseHostileJson(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.kind).toBe("malformed");
    return error.issues[0];
  }
}

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

describe("refuseHostileJson", () => {
  it.each([
    ["a poisonous key", '{"a":1,"__proto__":{}}', "/__proto__"],
    ["a poisonous key below", '{"a":[{},{"constructor":1}]}', "/a/1/constructor"],
    ["a poisonous key in disguise", String.raw`{"\u005f_proto__":1}`, "/__proto__"],
    ["a poisonous key before a spaced colon", '{"prototype" \n : 1}', "/prototype"],
    ["a key given twice", '{"a":1,"b":{"a":1},"a":2}', "/a"],
    ["a key given twice, once escaped", String.raw`{"image":1,"im\u0061ge":2}`, "/image"],
    ["a key given twice in a list's entry", '[0,{"x":1,"x":1}]', "/1/x"],
    ["half a character", String.raw`{"args":["a","b\ud83d"]}`, "/args/1"],
    ["the other half", String.raw`{"secrets":{"A":"\uDEA2"}}`, "/secrets/A"],
  ])("refuses %s and points to it", (_, text, place) => {
    expect(refusal(text)?.pointer).toBe(place);
  });

  it.each([
    ["the words as values", '{"a":"__proto__","b":["constructor","x:y"]}'],
    ["one key in two objects", '{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]}'],
    ["brackets inside texts", String.raw`{"a":"[[[{{{\"}","b":"]"}`],
    ["the deepest nesting allowed", nested(MAX_DEPTH)],
    ["a text that is not JSON, for the parser refuses it", '{"a": "open'],
    ["a whole character in escapes", String.raw`{"a":"\ud83d\udea2","b":"\\ud83d"}`],
    ["an empty text", ""],
  ])("lets %s pass", (_, text) => {
    expect(refusal(text)).toBeUndefined();
  });

  it("refuses one level too many and says where", () => {
    expect(refusal(`{"a":${nested(MAX_DEPTH)}}`)).toEqual({
      pointer: `/a${"/0".repeat(MAX_DEPTH - 1)}`,
      detail: "is nested deeper than 32 levels",
    });
  });

  it("lets every plain value pass as JSON.stringify writes it", () => {
    const key = fc.string().filter((text) => !["__proto__", "constructor", "prototype"].includes(text));
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.string(),
        fc.double(),
        fc.constant(null),
        fc.array(tie("value")),
        fc.dictionary(key, tie("value")),
      ),
    })).value;
    fc.assert(fc.property(tree, (value) => refusal(JSON.stringify(value, null, 1)) === undefined));
  });

  it("takes one walk over hostile megabytes", () => {
    for (const text of ['"\\'.repeat(500_000), "[".repeat(1_000_000), `{"a":"${"\\\\".repeat(500_000)}`]) {
      expect([undefined, "is nested deeper than 32 levels"]).toContain(refusal(text)?.detail);
    }
  });
});

describe("pointer", () => {
  it("escapes as RFC 6901 asks", () => {
    expect(pointer(["a/b", "m~n", 0, ""])).toBe("/a~1b/m~0n/0/");
  });

  it("does not echo a huge key whole", () => {
    expect(pointer(["k".repeat(100_000)]).length).toBeLessThan(310);
  });
});
