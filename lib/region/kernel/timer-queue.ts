/** Something that will happen; `cancel` makes it not happen. */
export interface Timer {
  readonly at: number;
  cancel(): void;
}

interface Entry extends Timer {
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

/** A binary heap ordered by time, then by the order of asking: equal moments keep their order. */
export class TimerQueue {
  readonly #heap: Entry[] = [];
  #order = 0;

  add(at: number, action: () => void): Timer {
    const entry: Entry = {
      at,
      order: this.#order++,
      action,
      cancelled: false,
      cancel() {
        entry.cancelled = true;
      },
    };
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
    return entry;
  }

  nextAt(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.at;
  }

  take(): { readonly at: number; readonly action: () => void } | undefined {
    this.#dropCancelled();
    return this.#pop();
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.cancelled) this.#pop();
  }

  #pop(): Entry | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (last && top !== last) {
      this.#heap[0] = last;
      this.#down(0);
    }
    return top;
  }

  #up(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #down(from: number): void {
    let index = from;
    for (;;) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.#heap.length && this.#before(child, first)) first = child;
      }
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (!left || !right) return false;
    return left.at - right.at < 0 || (left.at === right.at && left.order < right.order);
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (!left || !right) return;
    this.#heap[a] = right;
    this.#heap[b] = left;
  }
}
