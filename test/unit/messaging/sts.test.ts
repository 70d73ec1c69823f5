import { describe, expect, it } from "vitest";
import { stsService } from "../../../lib/region/services/sts.ts";
import { invoke, makeRegion, permissionsOf } from "./make-region.ts";

describe("GetCallerIdentity", () => {
  it("knows a role's session by the assumed-role ARN, without the role's path", async () => {
    const model = stsService(makeRegion().context);

    const identity = await invoke(
      model,
      "GetCallerIdentity",
      {},
      {
        type: "role",
        arn: "arn:aws:iam::111122223333:role/service-role/deployer",
        session: "ci",
      },
    );

    expect(identity).toEqual({
      Account: "111122223333",
      Arn: "arn:aws:sts::111122223333:assumed-role/deployer/ci",
      UserId: expect.stringMatching(/^AROA[A-Z0-9]{17}:ci$/),
    });
  });

  it("knows a user by the user's own ARN", async () => {
    const arn = "arn:aws:iam::111122223333:user/ada";

    expect(
      await invoke(stsService(makeRegion().context), "GetCallerIdentity", {}, { type: "user", arn }),
    ).toEqual({
      Account: "111122223333",
      Arn: arn,
      UserId: expect.stringMatching(/^AIDA[A-Z0-9]{17}$/),
    });
  });

  it("needs no permission", () => {
    expect(permissionsOf(stsService(makeRegion().context), "GetCallerIdentity", {})).toEqual([]);
  });
});
