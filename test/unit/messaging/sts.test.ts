import { describe, expect, it } from "vitest";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { stsService } from "../../../lib/region/services/sts.ts";
import { invoke, makeRegion, permissionsOf } from "./make-region.ts";

const account = "111122223333";
const roleArn = `arn:aws:iam::${account}:role/SeniorEngineer`;
const operator = { type: "user", arn: `arn:aws:iam::${account}:user/operator` } as const;

/** STS in an account with the role, which trusts whom it is told to. */
function makeSts(trusted = account) {
  const { context, kernel } = makeRegion();
  const identities = new Identities({ kernel, account, region: context.region });
  const Statement = { Effect: "Allow", Principal: { AWS: trusted }, Action: "sts:AssumeRole" } as const;
  identities.createRole({ name: "SeniorEngineer", assumeRolePolicy: { Statement } });
  return { model: stsService(context, identities), identities, kernel };
}

describe("GetCallerIdentity", () => {
  it("knows a role's session by the assumed-role ARN, without the role's path", async () => {
    const identity = await invoke(
      makeSts().model,
      "GetCallerIdentity",
      {},
      { type: "role", arn: "arn:aws:iam::111122223333:role/service-role/deployer", session: "ci" },
    );

    expect(identity).toEqual({
      Account: account,
      Arn: "arn:aws:sts::111122223333:assumed-role/deployer/ci",
      UserId: expect.stringMatching(/^AROA[A-Z0-9]{17}:ci$/),
    });
  });

  it("knows a user by the user's own ARN", async () => {
    const arn = "arn:aws:iam::111122223333:user/ada";

    expect(await invoke(makeSts().model, "GetCallerIdentity", {}, { type: "user", arn })).toEqual({
      Account: account,
      Arn: arn,
      UserId: expect.stringMatching(/^AIDA[A-Z0-9]{17}$/),
    });
  });

  it("needs no permission", () => {
    expect(permissionsOf(makeSts().model, "GetCallerIdentity", {})).toEqual([]);
  });
});

describe("AssumeRole", () => {
  it("lends a role to a caller whom it trusts, and its keys are that role's from then on", async () => {
    const { model, identities, kernel } = makeSts();

    const lent = await invoke(model, "AssumeRole", { RoleArn: roleArn, RoleSessionName: "ada" }, operator);

    const sessionArn = `arn:aws:sts::${account}:assumed-role/SeniorEngineer/ada`;
    expect(lent).toMatchObject({
      AssumedRoleUser: { Arn: sessionArn, AssumedRoleId: expect.stringMatching(/^AROA.{17}:ada$/) },
      Credentials: { Expiration: new Date(kernel.now + 3_600_000), SessionToken: expect.any(String) },
    });
    const { AccessKeyId } = Object(lent["Credentials"]);
    expect(identities.principalOf(AccessKeyId)).toEqual({ type: "role", arn: roleArn, session: "ada" });
  });

  it("asks for the caller's own permission as well", () => {
    expect(permissionsOf(makeSts().model, "AssumeRole", { RoleArn: roleArn })).toEqual([
      { action: "sts:AssumeRole", resource: roleArn },
    ]);
  });

  it.each([
    ["the role trusts somebody else", "999999999999", roleArn],
    ["there is no such role", account, `${roleArn}s`],
  ])("refuses in the same words when %s", async (_when, trusted, RoleArn) => {
    const assumed = invoke(
      makeSts(trusted).model,
      "AssumeRole",
      { RoleArn, RoleSessionName: "ada" },
      operator,
    );

    await expect(assumed).rejects.toMatchObject({
      code: "AccessDenied",
      message: `User: ${operator.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    });
  });

  it.each([{ RoleSessionName: "a" }, { DurationSeconds: 60 }, { DurationSeconds: 3_601 }])(
    "refuses %j, which is out of AWS's limits",
    async (wrong) => {
      const input = { RoleArn: roleArn, RoleSessionName: "ada", ...wrong };

      await expect(invoke(makeSts().model, "AssumeRole", input, operator)).rejects.toMatchObject({
        code: "ValidationError",
      });
    },
  );
});
