/** What the rolling scheduler knows of one task that is meant to run. */
export interface RollingTask {
  /** Belongs to the PRIMARY deployment. */
  readonly current: boolean;
  readonly healthy: boolean;
  readonly running: boolean;
  /** Was healthy, now fails its health checks. */
  readonly needsReplacement: boolean;
}

export interface RollingPlan<Task> {
  readonly start: number;
  readonly stop: readonly Task[];
  /** Work is left, and the percentages allow neither a start nor a stop. */
  readonly stuck: boolean;
}

/** `minimumHealthyPercent` rounds up and `maximumPercent` down [dts DeploymentConfiguration]. */
export function rollingBounds(
  desired: number,
  minimumHealthyPercent: number,
  maximumPercent: number,
): { readonly floor: number; readonly ceiling: number } {
  return {
    floor: Math.ceil((desired * minimumHealthyPercent) / 100),
    ceiling: Math.floor((desired * maximumPercent) / 100),
  };
}

/**
 * Decides the next moves of a rolling deployment, or of a service at rest: start before stop while the ceiling
 * allows it, stop old tasks while enough healthy ones remain.
 *
 * Old tasks go down to the floor only when that is the way to make room; otherwise `desired` healthy ones stay.
 */
export function planRolling<Task extends RollingTask>(
  desired: number,
  bounds: { readonly floor: number; readonly ceiling: number },
  tasks: readonly Task[],
): RollingPlan<Task> {
  const current = tasks.filter((task) => task.current && !task.needsReplacement);
  const replaced = tasks.filter((task) => task.current && task.needsReplacement);
  const old = tasks.filter((task) => !task.current);
  const missing = Math.max(0, desired - current.length);
  const start = Math.min(missing, Math.max(0, bounds.ceiling - tasks.length));
  const cramped = start < missing;

  let healthy = tasks.filter((task) => task.healthy).length;
  const stop: Task[] = [];
  const surplus = leastUsefulFirst(current).slice(0, Math.max(0, current.length - desired));
  for (const task of surplus) {
    stop.push(task);
    if (task.healthy) healthy -= 1;
  }
  const keep = cramped ? bounds.floor : Math.max(bounds.floor, desired);
  for (const task of leastUsefulFirst(old)) {
    if (task.healthy && healthy - 1 < keep) continue;
    stop.push(task);
    if (task.healthy) healthy -= 1;
  }
  const replacementsReady = current.filter((task) => task.healthy).length >= desired;
  if (replacementsReady) stop.push(...replaced);
  else if (cramped && stop.length === 0) stop.push(...replaced.slice(0, 1));

  const waiting = current.some((task) => !task.healthy);
  return { start, stop, stuck: missing > 0 && start === 0 && stop.length === 0 && !waiting };
}

/** Tasks that serve nobody are stopped before tasks that do. */
function leastUsefulFirst<Task extends RollingTask>(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((a, b) => usefulness(a) - usefulness(b));
}

function usefulness(task: RollingTask): number {
  return (task.healthy ? 2 : 0) + (task.running ? 1 : 0);
}
