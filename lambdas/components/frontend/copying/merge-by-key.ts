import { byUtf8 } from "./utf8-order.ts";

/** What two lists say of one key. */
export interface Pair<L, R> {
  readonly key: string;
  readonly left: L | undefined;
  readonly right: R | undefined;
}

type Sequence<T> = AsyncIterable<T> | Iterable<T>;

/** Walks two lists, both in the order of their keys, side by side; neither is held in memory. */
export async function* mergeByKey<L, R>(
  left: Sequence<readonly [key: string, value: L]>,
  right: Sequence<readonly [key: string, value: R]>,
): AsyncGenerator<Pair<L, R>> {
  const [lefts, rights] = [iteratorOf(left), iteratorOf(right)];
  let [a, b] = await Promise.all([lefts(), rights()]);
  while (a || b) {
    const order = !a ? 1 : !b ? -1 : byUtf8(a[0], b[0]);
    const [takesLeft, takesRight] = [order <= 0, order >= 0];
    const key = (takesLeft ? a : b)?.[0] ?? "";
    yield { key, left: takesLeft ? a?.[1] : undefined, right: takesRight ? b?.[1] : undefined };
    [a, b] = await Promise.all([takesLeft ? lefts() : a, takesRight ? rights() : b]);
  }
}

function iteratorOf<T>(sequence: Sequence<T>): () => Promise<T | undefined> {
  const iterator =
    Symbol.asyncIterator in sequence ? sequence[Symbol.asyncIterator]() : sequence[Symbol.iterator]();
  return async () => {
    const { done, value } = await iterator.next();
    return done ? undefined : value;
  };
}
