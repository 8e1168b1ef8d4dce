/** Knows how moments are written on the wire: RFC 3339 in UTC. Formats given times, never asks what time it is. */

/** Spells epoch milliseconds, such as `2026-11-23T12:00:00.000Z`. */
export function showTime(at: number): string {
  // oxlint-disable-next-line no-restricted-globals -- formatting a given number is deterministic and reads no clock
  return new Date(at).toISOString();
}

/** Spells a moment that may not have come yet. */
export function showTimeOrNull(at: number | null): string | null {
  return at === null ? null : showTime(at);
}
