/** What was finished, and what stopped the rest. */
export interface Finished<R> {
  readonly results: readonly R[];
  /** The first error; after it nothing new was begun, and what was under way was waited for. */
  readonly error?: unknown;
}

/** Works through items, at most `width` at a time, until all are done, one throws or `isEnough` says so. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
  isEnough: (result: R) => boolean = () => false,
): Promise<Finished<R>> {
  const results: R[] = [];
  const errors: unknown[] = [];
  let next = 0;
  let stopped = false;
  const worker = async () => {
    while (!stopped && next < items.length) {
      const item = items[next++];
      if (item === undefined) return;
      try {
        const result = await work(item);
        results.push(result);
        if (isEnough(result)) stopped = true;
      } catch (error) {
        stopped = true;
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return errors.length > 0 ? { results, error: errors[0] } : { results };
}
