import type { Ec2 } from "../../services/ec2/ec2-service.ts";
import { ADDRESSES, GROUPS } from "../complete-names.ts";

/** Who reaches whom inside the network: the security groups decide, from the point of view of whoever speaks now. */
export class Network {
  readonly #groups: Ec2["securityGroups"];
  #speaker: readonly string[] = [GROUPS.application];

  constructor({ securityGroups }: Ec2) {
    this.#groups = securityGroups;
  }

  /** Does something as somebody behind these groups; the API unless told. */
  as<T>(groups: readonly string[], work: () => T): T {
    const before = this.#speaker;
    this.#speaker = groups;
    try {
      return work();
    } finally {
      this.#speaker = before;
    }
  }

  /** Whether whoever speaks now, or the proxy behind `proxyGroups`, opens a connection to something behind `groups`. */
  admits(groups: readonly string[], port: number, proxyGroups?: readonly string[]): boolean {
    return (proxyGroups ?? this.#speaker).some((source) => this.#groups.allows(groups, source, port));
  }
}

/** Makes the groups, as they were before the story. */
export function installSecurityGroups({ securityGroups }: Ec2, databasePort: number): void {
  const from = (port: number, ...sources: string[]) => [
    {
      IpProtocol: "tcp",
      FromPort: port,
      ToPort: port,
      UserIdGroupPairs: sources.map((GroupId) => ({ GroupId })),
    },
  ];
  const fromAddresses = (CidrIp: string) => [
    { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp }] },
  ];
  const ingress: readonly (readonly [
    keyof typeof GROUPS,
    ReturnType<typeof from> | ReturnType<typeof fromAddresses>,
  ])[] = [
    ["world", fromAddresses("0.0.0.0/0")],
    ["allowList", fromAddresses(ADDRESSES.allowList)],
    ["application", from(8080, GROUPS.world, GROUPS.allowList)],
    ["tasks", []],
    ["proxy", from(databasePort, GROUPS.application, GROUPS.tasks)],
    ["database", from(databasePort, GROUPS.application, GROUPS.tasks, GROUPS.proxy)],
    ["quarantine", from(databasePort, GROUPS.tasks)],
    ["cache", from(6379, GROUPS.application, GROUPS.tasks)],
  ];
  for (const [name, rules] of ingress) {
    securityGroups.install({ name: `boardroom-${name}`, id: GROUPS[name], ingress: rules });
  }
}
