/** Knows how to read the text of an answer within a size and a deadline; knows nothing of what the text says. */
import { garbage } from "./outage.ts";

/** A text as far as it was read; `whole` is false when the cap ended it. */
export interface Text {
  readonly text: string;
  readonly bytes: number;
  readonly whole: boolean;
}

/** Workers hand out a body by the kilobyte; reading a list of many so costs twice what parsing it does. */
const PIECE_BYTES = 64 * 1024;

interface Pieces {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason: unknown): Promise<void>;
}

/** Reads at most `cap` bytes: content-length is never believed, and the deadline ends a stalled stream. */
export async function readText(
  response: Response,
  signal: AbortSignal,
  cap: number,
  strict: boolean,
): Promise<Text> {
  const { body } = response;
  if (body === null) return { text: "", bytes: 0, whole: true };
  const pieces = openPieces(body);
  const stop = () => void pieces.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", stop);
  const decoder = new TextDecoder("utf-8", { fatal: strict, ignoreBOM: false });
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await pieces.read();
      signal.throwIfAborted();
      bytes += value?.byteLength ?? 0;
      if (bytes > cap) {
        stop();
        return { text, bytes, whole: false };
      }
      // The last piece may come together with the end.
      text += decode(decoder, value, done);
      if (done) return { text, bytes, whole: true };
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function openPieces(body: ReadableStream<Uint8Array>): Pieces {
  const reader = openBytes(body);
  if (reader === undefined) return body.getReader();
  return {
    read: async () => await reader.readAtLeast(PIECE_BYTES, new Uint8Array(PIECE_BYTES)),
    cancel: async (reason) => await reader.cancel(reason),
  };
}

/** Only workerd can wait for a whole piece, and only on its own streams: one that a script makes has no byte reader. */
function openBytes(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  if (!("readAtLeast" in ReadableStreamBYOBReader.prototype)) return undefined;
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

function decode(decoder: TextDecoder, piece: Uint8Array | undefined, last: boolean): string {
  try {
    return decoder.decode(piece, { stream: !last });
  } catch {
    throw garbage("is not UTF-8");
  }
}
