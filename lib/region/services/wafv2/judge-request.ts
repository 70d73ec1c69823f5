import { BlockList, isIPv6 } from "node:net";
import type { RuleAction, Statement } from "@aws-sdk/client-wafv2";
import type { WebAcls } from "./web-acls.ts";

/**
 * Whether a request from this address reaches the resource: the first rule, by priority, that matches and allows or
 * blocks decides, else the web ACL's default action. An unprotected resource lets everybody in.
 */
export function judgeRequest(
  { effective }: WebAcls,
  resourceArn: string,
  sourceIp: string,
): "allowed" | "blocked" {
  const stored = effective.webAcls.get(effective.associations.get(resourceArn) ?? "");
  if (!stored) return "allowed";
  const { Rules = [], DefaultAction } = stored.acl;
  const inOrder = [...Rules].sort((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0));
  const deciding = inOrder.find(
    ({ Statement, Action }) => decides(Action) && requestMatches(effective, Statement, sourceIp),
  );
  const action = deciding?.Action ?? DefaultAction;
  return action?.Block ? "blocked" : "allowed";
}

/** Count looks on and lets the next rule decide. */
function decides(action: RuleAction | undefined): boolean {
  return action?.Block !== undefined || action?.Allow !== undefined;
}

/**
 * Statements about the content of a request (managed groups, rates, patterns, countries) never match: the sample
 * application's users send nothing that such rules look for.
 */
function requestMatches(
  effective: WebAcls["effective"],
  statement: Statement | undefined,
  sourceIp: string,
): boolean {
  const { IPSetReferenceStatement, AndStatement, OrStatement, NotStatement } = statement ?? {};
  const matches = (inner: Statement) => requestMatches(effective, inner, sourceIp);
  if (AndStatement) return (AndStatement.Statements ?? []).every(matches);
  if (OrStatement) return (OrStatement.Statements ?? []).some(matches);
  if (NotStatement?.Statement) return !matches(NotStatement.Statement);
  if (!IPSetReferenceStatement) return false;
  return isWithin(effective.ipSets.get(IPSetReferenceStatement.ARN ?? "")?.addresses ?? [], sourceIp);
}

function isWithin(blocks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const block of blocks) {
    const [network = "", prefix] = block.split("/");
    list.addSubnet(network, Number(prefix), isIPv6(network) ? "ipv6" : "ipv4");
  }
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
