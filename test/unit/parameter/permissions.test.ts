import { describe, expect, it } from "vitest";
import {
  grantKeepParameter,
  grantMoveParameter,
  grantObserveParameter,
} from "../../../lib/stack/components/parameter.ts";
import { DAY, START } from "../region/make-configuration-region.ts";
import { granted } from "../secret/granted.ts";
import { moveIn } from "../secret/make-secret-stage.ts";
import { makeParameterStage, type ParameterStage } from "./make-parameter-stage.ts";

const versions = [
  { value: "1", modifiedAt: START - 2 * DAY, labels: ["old"] },
  { value: "2", modifiedAt: START - DAY, labels: ["live"] },
];

/** Each store with something to go back from. */
const STORES: Readonly<Record<string, (stage: ParameterStage) => void>> = {
  "read by a label": (stage) => {
    stage.ssm.install({ name: "/shop/flags", type: "String", versions });
    stage.from({ store: "ssm-label", names: ["/shop/flags"], label: "live" });
  },
  "read by its name": (stage) => {
    const key = stage.kms.install({ alias: "alias/shop" });
    stage.ssm.install({ name: "/shop/flags", type: "SecureString", keyId: key, tier: "Advanced", versions });
    stage.from({ store: "ssm-value", names: ["/shop/flags"], kmsKeys: [key] });
  },
  "in AppConfig": (stage) => {
    const profiles = [{ name: "flags", versions: [{ content: "1" }, { content: "2" }] }];
    const deployments = [1, 2].map((version) => ({
      environment: "prod",
      profile: "flags",
      version,
      startedAt: START - (3 - version) * DAY,
    }));
    const ids = stage.appconfig.install({
      name: "shop",
      environments: [{ name: "prod" }],
      profiles,
      deployments,
    });
    stage.from({
      store: "appconfig",
      application: ids.applicationId,
      environment: ids.environmentIds["prod"] ?? "",
      profile: ids.profileIds["flags"] ?? "",
      strategy: "AppConfig.AllAtOnce",
    });
  },
};

describe("what Stepback may do with configuration", () => {
  it.each(Object.entries(STORES))("is enough when it is %s, each with its own grant", async (_, install) => {
    const stage = makeParameterStage();
    install(stage);
    const { configuration } = stage;

    stage.actAs(
      stage.roleWith("observer", ...granted((scope, to) => grantObserveParameter(scope, to, configuration))),
    );
    expect(await stage.read()).toBeDefined();
    stage.actAs(
      stage.roleWith("planner", ...granted((scope, to) => grantObserveParameter(scope, to, configuration))),
    );
    const move = moveIn(await stage.assess({ target: { components: { flags: "1" } } }));
    stage.actAs(
      stage.roleWith("mover", ...granted((scope, to) => grantMoveParameter(scope, to, configuration))),
    );
    expect(await stage.carryOut(move)).toMatchObject({ status: "done" });
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });
    stage.actAs(
      stage.roleWith("keeper", ...granted((scope, to) => grantKeepParameter(scope, to, configuration))),
    );
    expect(await stage.keep()).toBeDefined();
  });

  it("does not reach other parameters, nor write with the planner's role", async () => {
    const stage = makeParameterStage();
    STORES["read by its name"]?.(stage);
    stage.ssm.install({ name: "/shop/other", type: "String", versions });
    const { configuration } = stage;
    const planner = granted((scope, to) => grantObserveParameter(scope, to, configuration));
    const move = moveIn(await stage.assess({ target: { components: { flags: "1" } } }));
    stage.actAs(stage.roleWith("planner", ...planner));

    expect(await stage.carryOut(move)).toMatchObject({
      code: "REFUSED_BY_AWS",
      note: expect.stringContaining("NotAllowed"),
    });
    stage.from({ store: "ssm-value", names: ["/shop/other"], kmsKeys: [] });
    await expect(stage.read()).rejects.toMatchObject({ name: "NotAllowed" });
  });
});
