import type { DatabaseDrill } from "./databases.ts";
import type { RdsWorld } from "./rds-world.ts";

/** The knobs of a drill, over the world that they turn. */
export function databaseDrill(world: RdsWorld): DatabaseDrill {
  return {
    get pace() {
      return world.pace;
    },
    set pace(pace) {
      world.pace = pace;
    },
    get restorableLagMs() {
      return world.restorableLagMs;
    },
    set restorableLagMs(lag) {
      world.restorableLagMs = lag;
    },
    get parameterGroupAfterRestore() {
      return world.parameterGroupAfterRestore;
    },
    set parameterGroupAfterRestore(status) {
      world.parameterGroupAfterRestore = status;
    },
    get renameShowsPending() {
      return world.renameShowsPending;
    },
    set renameShowsPending(shows) {
      world.renameShowsPending = shows;
    },
    get proxyMembersNameTheirCluster() {
      return world.proxyMembersNameTheirCluster;
    },
    set proxyMembersNameTheirCluster(name) {
      world.proxyMembersNameTheirCluster = name;
    },
    failNextRestore: (status, message) => {
      world.failures.push({ status, message });
    },
    failNextMember: (status, message) => {
      world.memberFailures.push({ status, message });
    },
    failNextSnapshot: () => {
      world.snapshotFailures += 1;
    },
    deleteParameterGroup: (name) => {
      const had = [world.groups.parameterGroups, world.groups.clusterParameterGroups].map((groups) =>
        groups.delete(name),
      );
      if (!had.includes(true)) throw new Error(`There is no parameter group ${name} to delete`);
    },
    setQuota: (name, max) => {
      world.quotas[name] = max;
    },
    disableKey: (arn) => {
      world.disabledKeys.add(arn);
    },
    securityGroup: (id, { admits }) => world.groups.admit(id, admits),
    blueGreenDeployment: (name, sourceArn) => {
      const id = `bgd-${world.bench.random.hex(17)}`;
      world.blueGreenDeployments.push({ name, id, sourceArn });
    },
    pendingMaintenance: (resourceArn, action) => {
      world.maintenance.push({ resourceArn, action });
    },
  };
}
