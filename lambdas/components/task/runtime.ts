import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { journalOf } from "../../platform/ledger/journal-of.ts";
import { CLIENT_OPTIONS } from "../../platform/platform.ts";
import type { MakeDriver, MakeObserver } from "../component.ts";
import { taskDriver } from "./driver.ts";
import { taskObserver } from "./observe.ts";

/** Tasks at run time: one export a use, so that a function carries only what it needs. */
export const taskObserving: MakeObserver<"task"> = () => taskObserver({ ecs: new ECSClient(CLIENT_OPTIONS) });

export const taskMoving: MakeDriver = (platform) => {
  const clients = { ecs: new ECSClient(CLIENT_OPTIONS), logs: new CloudWatchLogsClient(CLIENT_OPTIONS) };
  return (request) =>
    taskDriver({
      ...clients,
      clock: platform.clock,
      rollbackId: request.rollbackId,
      journal: journalOf(platform, request),
    });
};
