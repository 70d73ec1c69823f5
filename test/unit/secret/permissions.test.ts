import { describe, expect, it } from "vitest";
import { FORBIDDEN_ACTIONS } from "../../../lib/stack/boundary.ts";
import {
  grantAssessSecret,
  grantKeepSecret,
  grantMoveSecret,
  grantObserveSecret,
} from "../../../lib/stack/components/secret.ts";
import { granted } from "./granted.ts";
import { makeSecretStage, moveIn, ROTATION_FUNCTION } from "./make-secret-stage.ts";

const customerKey = (stage: ReturnType<typeof makeSecretStage>) => stage.kms.install({ alias: "alias/shop" });

describe("what Stepback may do with a secret", () => {
  it("is enough to observe, to assess, to move, to rotate and to keep, each with its own grant", async () => {
    const stage = makeSecretStage({ secret: { rotation: { lambdaArn: ROTATION_FUNCTION } } });
    stage.record(3, "proven");
    const { configuration } = stage;

    stage.actAs(
      stage.roleWith("observer", ...granted((scope, to) => grantObserveSecret(scope, to, configuration))),
    );
    expect(await stage.readVersion()).toBeDefined();
    stage.actAs(
      stage.roleWith("planner", ...granted((scope, to) => grantAssessSecret(scope, to, configuration))),
    );
    const back = moveIn(
      await stage.assess({ target: { components: { password: stage.ids[0] ?? "" } }, ...breach }),
    );
    stage.actAs(
      stage.roleWith("mover", ...granted((scope, to) => grantMoveSecret(scope, to, configuration))),
    );
    expect(await stage.carryOut(back)).toMatchObject({ status: "done" });
    stage.actAs(
      stage.roleWith("keeper", ...granted((scope, to) => grantKeepSecret(scope, to, configuration))),
    );
    expect(await stage.keep(stage.ids[1] ?? "", "cp-00000001")).toContain("is kept");
  });

  it("covers an old version's own key, and taking a moved label back", async () => {
    const stage = makeSecretStage();
    const { arn, versionIds } = stage.secrets.install({
      name: "shop/keyed",
      versions: [
        { createdAt: Date.UTC(2026, 10, 1), keyId: customerKey(stage) },
        { createdAt: Date.UTC(2026, 10, 2) },
      ],
    });
    stage.configuration.secretArn = arn;
    const { configuration } = stage;
    stage.actAs(
      stage.roleWith("mover", ...granted((scope, to) => grantMoveSecret(scope, to, configuration))),
    );

    const move = moveIn(await stage.assess({ target: { components: { password: versionIds[0] ?? "" } } }));

    expect(await stage.carryOut(move)).toMatchObject({ status: "done" });
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });
  });

  it("leaves values, other secrets and labels that are not Stepback's alone", async () => {
    const stage = makeSecretStage();
    const other = stage.secrets.install({
      name: "shop/other",
      versions: [{ createdAt: 0 }, { createdAt: 1 }],
    });
    const { configuration } = stage;
    const statements = granted((scope, to) => grantMoveSecret(scope, to, configuration));

    const actions = statements.flatMap(({ Action }) => Action);
    const forbidden = FORBIDDEN_ACTIONS.map(String);

    expect(actions.filter((action) => /Value|Delete|Put/.test(String(action)))).toEqual([]);
    expect(forbidden).toEqual(expect.arrayContaining(["secretsmanager:GetSecretValue"]));
    configuration.secretArn = other.arn;
    stage.actAs(stage.roleWith("mover", ...statements));
    await expect(stage.readVersion()).rejects.toMatchObject({ name: "NotAllowed" });
    const keeper = granted((scope, to) => grantKeepSecret(scope, to, configuration));
    const { Condition } = keeper.find(({ Action }) => String(Action).includes("Update")) ?? {};
    expect(Condition).toEqual({ StringLike: { "secretsmanager:VersionStage": ["stepback-*"] } });
  });
});

const breach = { authorization: "security" } as const;
