/** Bounds how many calls are in flight: a Worker has six connections that wait for headers. */

/** Connections that one invocation may have waiting at once (Workers limits). */
export const MAX_IN_FLIGHT = 6;

/** Runs the work over all items, at most {@link MAX_IN_FLIGHT} at once, and keeps the order of the results. */
export async function mapBounded<In, Out>(
  items: readonly In[],
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const lane = async () => {
    for (let at = next; at < items.length; at = next) {
      next += 1;
      const item = items[at];
      if (item !== undefined) results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(MAX_IN_FLIGHT, items.length) }, lane));
  return results;
}
