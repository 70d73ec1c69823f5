/**
 * A circle among dependencies, from one name back to itself (`["a", "b", "a"]`); undefined when everything can be
 * ordered. Dependencies on names outside the map hold nobody up.
 */
export function circleIn(dependsOn: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const stuck = new Map(dependsOn);
  for (;;) {
    const free = [...stuck].filter(([, names]) => names.every((name) => !stuck.has(name)));
    if (free.length === 0) break;
    for (const [name] of free) stuck.delete(name);
  }
  // Whoever is stuck waits for somebody who is: following them leads into a circle.
  const walk: string[] = [];
  let next = [...stuck.keys()][0];
  while (next !== undefined && !walk.includes(next)) {
    walk.push(next);
    next = stuck.get(next)?.find((name) => stuck.has(name));
  }
  return next === undefined ? undefined : [...walk.slice(walk.indexOf(next)), next];
}
