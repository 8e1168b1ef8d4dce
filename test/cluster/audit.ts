// Reads the API server's audit log: the meter that counts requests.

import { open, stat } from "node:fs/promises";

/** The fields of an audit line that tests read (level Metadata: no bodies). */
export type AuditEvent = {
  auditID: string;
  /** A request has one ResponseComplete; a watch also has a ResponseStarted, written when it begins. */
  stage: "ResponseStarted" | "ResponseComplete" | "Panic";
  verb: string;
  requestURI: string;
  userAgent?: string;
  user: { username: string; groups?: string[] };
  objectRef?: {
    resource?: string;
    namespace?: string;
    name?: string;
    apiGroup?: string;
    apiVersion?: string;
    subresource?: string;
  };
  responseStatus?: { code?: number; reason?: string; message?: string };
  requestReceivedTimestamp: string;
  stageTimestamp: string;
};

/** Returns the place where the log ends now; give it to readAudit later to see only what came after. */
export async function markAudit(file: string): Promise<number> {
  return (await stat(file)).size;
}

/** Returns the audit lines written since a mark, oldest first; without one, all of them. */
export async function readAudit(file: string, since = 0): Promise<AuditEvent[]> {
  const log = await open(file);
  try {
    const length = Math.max(0, (await log.stat()).size - since);
    const { buffer, bytesRead } = await log.read(Buffer.alloc(length), 0, length, since);
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
    // What stands after the last newline is a line that is still being written.
    const events: AuditEvent[] = lines.slice(0, -1).map((line: string) => JSON.parse(line));
    return events;
  } finally {
    await log.close();
  }
}
