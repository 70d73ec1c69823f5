import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type DescribeSecurityGroupsCommandInput,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
  type RevokeSecurityGroupIngressCommandInput,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { makeEdgeRegion } from "../make-edge-region.ts";

const world: IpPermission = {
  IpProtocol: "tcp",
  FromPort: 443,
  ToPort: 443,
  IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "the world" }],
  Ipv6Ranges: [{ CidrIpv6: "::/0" }],
};

/** A public load balancer's group, and the tasks' group that lets only it in. */
function makeGroups() {
  const edge = makeEdgeRegion();
  const { install, allows } = edge.ec2.securityGroups;
  const front = install({ name: "front", ingress: [world], tags: { "rollback:managed": "true" } });
  const tasks = install({
    name: "tasks",
    ingress: [{ IpProtocol: "tcp", FromPort: 8080, ToPort: 8090, UserIdGroupPairs: [{ GroupId: front }] }],
  });
  const { ec2: client } = edge.clients;
  return {
    ...edge,
    client,
    front,
    tasks,
    opens: (source: string) => allows([front], source, 443),
    reaches: (source: string, port: number) => allows([tasks], source, port),
    rulesOf: async (id: string) => {
      const Filters = [{ Name: "group-id", Values: [id] }];
      const answer = await edge.run(() => client.send(new DescribeSecurityGroupRulesCommand({ Filters })));
      return (answer.SecurityGroupRules ?? []).filter(({ IsEgress }) => IsEgress === false);
    },
    revoke: (input: Partial<RevokeSecurityGroupIngressCommandInput>) =>
      edge.run(() => client.send(new RevokeSecurityGroupIngressCommand({ GroupId: front, ...input }))),
    authorize: (IpPermissions: IpPermission[]) =>
      edge.run(() =>
        client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: front, IpPermissions })),
      ),
  };
}

describe("security group rules", () => {
  it("close a group to new connections seconds after they were revoked, and open it again by what was answered", async () => {
    const { rulesOf, revoke, authorize, opens, pass, front } = makeGroups();
    const ids = (await rulesOf(front)).map(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? "");

    const { RevokedSecurityGroupRules: revoked } = await revoke({ SecurityGroupRuleIds: ids });

    expect(revoked).toMatchObject([
      { SecurityGroupRuleId: ids[0], CidrIpv4: "0.0.0.0/0", FromPort: 443, Description: "the world" },
      { SecurityGroupRuleId: ids[1], CidrIpv6: "::/0" },
    ]);
    expect(opens("198.51.100.7")).toBe(true);
    await pass(6);
    expect([opens("198.51.100.7"), opens("2001:db8::1")]).toEqual([false, false]);
    const undone = await authorize([world]);
    await pass(6);
    expect([opens("198.51.100.7"), opens("2001:db8::1")]).toEqual([true, true]);
    expect(undone.SecurityGroupRules?.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId)).not.toEqual(ids);
  });

  it("are added all or none: one that exists refuses the others", async () => {
    const { authorize, rulesOf, front } = makeGroups();
    const office = { ...world, Ipv6Ranges: [], IpRanges: [{ CidrIp: "192.0.2.77/24" }] };
    await authorize([office]);

    await expect(
      authorize([{ ...office, IpRanges: [{ CidrIp: "203.0.113.0/24" }, { CidrIp: "192.0.2.0/24" }] }]),
    ).rejects.toMatchObject({ name: "InvalidPermission.Duplicate" });

    expect((await rulesOf(front)).map(({ CidrIpv4 }) => CidrIpv4)).toEqual([
      "0.0.0.0/0",
      undefined,
      "192.0.2.0/24",
    ]);
  });

  it("are revoked all or none: one that does not exist keeps the others", async () => {
    const { revoke, rulesOf, front } = makeGroups();
    const IpRanges = [{ CidrIp: "0.0.0.0/0" }, { CidrIp: "192.0.2.0/24" }];

    await expect(revoke({ IpPermissions: [{ ...world, IpRanges }] })).rejects.toMatchObject({
      name: "InvalidPermission.NotFound",
    });
    await expect(revoke({ SecurityGroupRuleIds: ["sgr-0"] })).rejects.toMatchObject({
      name: "InvalidSecurityGroupRuleId.NotFound",
    });
    await expect(revoke({ GroupId: "sg-0", CidrIp: "0.0.0.0/0" })).rejects.toMatchObject({
      name: "InvalidGroup.NotFound",
    });

    expect(await rulesOf(front)).toHaveLength(2);
  });

  it("let in a group, a port within the range and a block within the block, nobody else", () => {
    const { opens, reaches, front } = makeGroups();

    expect([reaches(front, 8080), reaches(front, 8090), reaches(front, 8091)]).toEqual([true, true, false]);
    expect([reaches("sg-0", 8080), reaches("0.0.0.0/0", 8080)]).toEqual([false, false]);
    expect([opens("10.0.0.0/8"), opens(front)]).toEqual([true, false]);
  });
});

describe("EC2's query protocol", () => {
  it("describes groups with lists, structures and tags, filtered and page by page", async () => {
    const { client, run, ec2, front, tasks } = makeGroups();
    for (let index = 0; index < 5; index++) ec2.securityGroups.install({ name: `extra-${index}` });
    const list = (input: DescribeSecurityGroupsCommandInput) =>
      run(() => client.send(new DescribeSecurityGroupsCommand(input)));

    const tagged = await list({ Filters: [{ Name: "tag:rollback:managed", Values: ["true"] }] });
    const first = await list({ MaxResults: 5 });
    const second = await list({ MaxResults: 5, NextToken: first.NextToken });

    expect(tagged.SecurityGroups).toMatchObject([
      {
        GroupId: front,
        IpPermissions: [world],
        IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
        Tags: [{ Key: "rollback:managed", Value: "true" }],
      },
    ]);
    expect([first.SecurityGroups?.length, second.SecurityGroups?.length, second.NextToken]).toEqual([
      5,
      2,
      undefined,
    ]);
    const [group] = (await list({ GroupIds: [tasks] })).SecurityGroups ?? [];
    expect(group?.IpPermissions?.[0]?.UserIdGroupPairs).toEqual([{ GroupId: front, UserId: "123456789012" }]);
    await expect(list({ Filters: [{ Name: "colour", Values: ["red"] }] })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });

  it("answers a dry run with an error that tells what would have happened", async () => {
    const { clientsOf, run, front, rulesOf, revoke } = makeGroups();
    const { ec2: blind } = clientsOf("blind", { Effect: "Allow", Action: "ec2:Describe*", Resource: "*" });
    const DryRun = true;

    await expect(
      revoke({ CidrIp: "0.0.0.0/0", IpProtocol: "tcp", FromPort: 443, ToPort: 443, DryRun }),
    ).rejects.toMatchObject({
      name: "DryRunOperation",
      $metadata: { httpStatusCode: 412 },
    });
    await expect(
      run(() => blind.send(new RevokeSecurityGroupIngressCommand({ GroupId: front, DryRun }))),
    ).rejects.toMatchObject({ name: "UnauthorizedOperation", $metadata: { httpStatusCode: 403 } });
    expect(await rulesOf(front)).toHaveLength(2);
  });

  it("refuses what the region does not model, operations and members", async () => {
    const { client, run, authorize } = makeGroups();

    await expect(run(() => client.send(new DescribeInstancesCommand({})))).rejects.toMatchObject({
      name: "NotImplemented",
    });
    await expect(authorize([{ ...world, PrefixListIds: [{ PrefixListId: "pl-1" }] }])).rejects.toThrow(
      "does not model the member IpPermissions.PrefixListIds",
    );
  });
});

describe("a grant by tag", () => {
  it("reaches the group that has the tag, and one that is tagged later", async () => {
    const { client, clientsOf, run, front, tasks } = makeGroups();
    const { ec2: limited } = clientsOf("limited", {
      Effect: "Allow",
      Action: "ec2:RevokeSecurityGroupIngress",
      Resource: "arn:aws:ec2:eu-west-1:123456789012:security-group/*",
      Condition: { StringEquals: { "aws:ResourceTag/rollback:managed": "true" } },
    });
    const revoke = (GroupId: string, IpPermissions: IpPermission[]) =>
      run(() => limited.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions })));
    const inner = { IpProtocol: "tcp", FromPort: 8080, ToPort: 8090, UserIdGroupPairs: [{ GroupId: front }] };

    await revoke(front, [world]);
    await expect(revoke(tasks, [inner])).rejects.toMatchObject({ name: "UnauthorizedOperation" });
    const Tags = [{ Key: "rollback:managed", Value: "true" }];
    await run(() => client.send(new CreateTagsCommand({ Resources: [tasks], Tags })));

    await revoke(tasks, [inner]);
  });
});
