import type { PlanRow, Stage } from "./frozen-plan.ts";

/** The parts of a frontend's configuration that decide the order of writing. */
export interface Sequence {
  /** In front of every key of the live frontend. */
  readonly live: string;
  readonly entryPoints: readonly string[];
  readonly serviceWorker?: string | undefined;
  /** The manifest's own key, in the bucket. */
  readonly manifest?: string | undefined;
}

/** Where a key's row belongs. */
export function stageOf(key: string, removed: boolean, sequence: Sequence): Stage {
  const page = rankOf(key, sequence) > 0 || key.endsWith(".html");
  if (removed) return page ? "removed-pages" : "removals";
  if (rankOf(key, sequence) > 0) return "entry-points";
  if (page) return "pages";
  return /\.(json|webmanifest)$/.test(key) ? "config" : "assets";
}

/** The order in which entry points are written, one by one: as configured; then the service worker, which makes open tabs look; then what says the release's name. */
export function inOrder(rows: readonly PlanRow[], sequence: Sequence): PlanRow[] {
  return rows.toSorted((a, b) => rankOf(a.key, sequence) - rankOf(b.key, sequence));
}

/** 0 for what is no entry point. A deployment writes its manifest last of all, and so does a rollback. */
function rankOf(key: string, { live, entryPoints, serviceWorker, manifest }: Sequence): number {
  if (key === manifest) return 1_003;
  const name = key.startsWith(live) ? key.slice(live.length) : key;
  const place = entryPoints.indexOf(name);
  if (name === serviceWorker || (place >= 0 && name.endsWith("service-worker.js"))) return 1_001;
  if (place >= 0 && name.endsWith("version.json")) return 1_002;
  return place + 1;
}
