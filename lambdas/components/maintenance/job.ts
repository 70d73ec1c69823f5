import type { CloudFrontKeyValueStoreClient } from "@aws-sdk/client-cloudfront-keyvaluestore";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { WAFV2Client } from "@aws-sdk/client-wafv2";
import type { MaintenanceMove } from "../../contracts/kinds/maintenance.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Answers } from "../answers.ts";
import type { Clock, Journal } from "../component.ts";
import type { MeasuredStep, Steps } from "../steps.ts";

/** The AWS that shows users a page, or keeps them out. */
export interface Clients {
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly keyValueStore: CloudFrontKeyValueStoreClient;
  readonly ssm: SSMClient;
  readonly waf: WAFV2Client;
}

export interface DriverServices extends Clients {
  readonly clock: Clock;
  readonly journal: Journal;
}

/** One tick's view of one move. */
export interface Job extends DriverServices {
  readonly move: Move;
  readonly details: MaintenanceMove;
  readonly steps: Steps<Step>;
  readonly answer: Answers;
}

export type Step = MeasuredStep | "on-intended" | "off-began" | `${BarrierName}-${"shut" | "lift"}-intended`;

/** What isolation is made of. */
export type BarrierName = "web-acl" | "security-groups";

export const WAIT_SECONDS = 5;
