/** Holds the reading of a body in workerd: whole pieces, characters cut between two of them, the cap to the byte. */
import { describe, expect, test } from "vitest";
import { readText } from "../../src/kube/body.ts";

const NO_DEADLINE = new AbortController().signal;
const PIECE = 64 * 1024;

/** The same bytes as each kind of body that occurs: the runtime's own, and one that a script makes. */
function bodiesOf(bytes: Uint8Array): readonly [kind: string, response: Response][] {
  const scripted = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (let from = 0; from < bytes.length; from += 1000)
        controller.enqueue(bytes.slice(from, from + 1000));
      controller.close();
    },
  });
  return [
    ["native", new Response(bytes)],
    ["scripted", new Response(scripted)],
  ];
}

describe("the text of an answer", () => {
  test.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])(
    "of %i bytes is read whole at that cap, and not at one below",
    async (size) => {
      const bytes = new Uint8Array(size).fill(0x61);
      for (const [kind, response] of bodiesOf(bytes)) {
        const read = await readText(response, NO_DEADLINE, size, true);
        expect({ kind, ...read }).toEqual({ kind, text: "a".repeat(size), bytes: size, whole: true });
      }
      if (size === 0) return;
      for (const [kind, response] of bodiesOf(bytes)) {
        const read = await readText(response, NO_DEADLINE, size - 1, true);
        expect({ kind, whole: read.whole }).toEqual({ kind, whole: false });
      }
    },
  );

  test.each([0, 1, 2, 3])("keeps characters that a piece's end cuts after %i bytes", async (cut) => {
    const text = "a".repeat(PIECE - cut) + "🚢".repeat(PIECE / 2);
    for (const [kind, response] of bodiesOf(new TextEncoder().encode(text))) {
      const read = await readText(response, NO_DEADLINE, 4 * PIECE, true);
      expect({ kind, same: read.text === text }).toEqual({ kind, same: true });
    }
  });

  test("that ends amid a character is garbage when it must be exact, and legible when not", async () => {
    const bytes = new Uint8Array([0x61, 0xf0, 0x9f]);
    for (const [, response] of bodiesOf(bytes)) {
      await expect(readText(response, NO_DEADLINE, 10, true)).rejects.toMatchObject({ reason: "Garbage" });
    }
    for (const [, response] of bodiesOf(bytes)) {
      expect(await readText(response, NO_DEADLINE, 10, false)).toMatchObject({
        text: "a\uFFFD",
        whole: true,
      });
    }
  });
});
