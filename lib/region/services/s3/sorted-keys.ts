/**
 * The keys of a bucket in the order of their UTF-8 bytes. New keys are merged in when somebody lists, so that writing
 * n keys and paging through them costs n log n, not n² (a frontend has 100,000 of them).
 */
export class SortedKeys {
  readonly #known = new Set<string>();
  #sorted: string[] = [];
  #pending: string[] = [];

  add(key: string): void {
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#pending.push(key);
  }

  /** Forgets the keys for which `isAlive` is false, at the next merge; until then whoever lists passes over them. */
  *from(start: string, isAlive: (key: string) => boolean): Generator<string> {
    this.#merge(isAlive);
    const keys = this.#sorted;
    for (let index = this.#firstAtOrAfter(start); index < keys.length; index++) {
      const key = keys[index];
      if (key !== undefined && isAlive(key)) yield key;
    }
  }

  #merge(isAlive: (key: string) => boolean): void {
    if (this.#pending.length === 0) return;
    const [old, added] = [this.#sorted, this.#pending.sort(compareUtf8)];
    const merged: string[] = [];
    for (let left = 0, right = 0; left < old.length || right < added.length; ) {
      const [a, b] = [old[left], added[right]];
      const takesLeft = b === undefined || (a !== undefined && compareUtf8(a, b) < 0);
      const key = takesLeft ? a : b;
      if (takesLeft) left++;
      else right++;
      if (key === undefined) continue;
      if (isAlive(key)) merged.push(key);
      else this.#known.delete(key);
    }
    this.#sorted = merged;
    this.#pending = [];
  }

  #firstAtOrAfter(start: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const key = this.#sorted[middle];
      if (key !== undefined && compareUtf8(key, start) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The order of two texts' UTF-8 bytes, which is that of their code points. JavaScript compares UTF-16 units, where the
 * surrogates of the characters above U+FFFF stand below U+E000 to U+FFFF.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
