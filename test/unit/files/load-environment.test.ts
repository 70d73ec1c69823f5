import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { Environment } from "../../../lambdas/contracts/environment.ts";
import { SCHEMA_FILES, schemaText } from "../../../lib/cli/schemas.ts";
import { checkedYaml, FileError } from "../../../lib/files/checked-yaml.ts";
import { loadEnvironment } from "../../../lib/files/load-environment.ts";

const root = `${import.meta.dirname}/../../..`;
const example = readFileSync(`${root}/environments/example.yaml`, "utf8");

/** What is said of the example with one text of it replaced by another. */
function problemOf(from: string, to: string): string {
  if (!example.includes(from)) throw new Error(`The example does not say ${from}`);
  return thrownBy(() => checkedYaml(example.replace(from, to), "environments/example.yaml", Environment));
}

function thrownBy(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
  throw new Error("It is fine");
}

const lineOf = (text: string) => example.slice(0, example.indexOf(text)).split("\n").length;
const at = (text: string, rest: string) => `environments/example.yaml, line ${lineOf(text)}: ${rest}`;

describe("an environment file says file, line, field and expectation of", () => {
  it.each<[string, string, string, string]>([
    [
      "an unknown key",
      "  bakeMinutes: 10",
      "  bakeMinuts: 10",
      at("  bakeMinutes: 10", 'policy: Unrecognized key: "bakeMinuts"'),
    ],
    [
      "an unknown key with lines below it, by its own line",
      "notify:\n",
      "notifi:\n",
      at("notify:", 'the file: Unrecognized key: "notifi"'),
    ],
    [
      "an unknown key of a component",
      "    service: boardroom-web",
      "    service: boardroom-web\n    replicas: 2",
      at("repositories: [boardroom/web]", 'components.web: Unrecognized key: "replicas"'),
    ],
    [
      "a wrong type",
      "    minutes: 5",
      "    minutes: five",
      at("    minutes: 5", "alarms.0.minutes: Invalid input: expected number, received string"),
    ],
    [
      "an account that YAML takes for a number",
      'account: "111122223333"',
      "account: 111122223333",
      at("account:", "account: twelve digits, in quotes"),
    ],
    [
      "a missing field",
      "application: boardroom\n",
      "",
      at("# yaml", "application: Invalid input: expected string, received undefined"),
    ],
    [
      "an unknown kind",
      "    kind: ecs-service",
      "    kind: ecs-servce",
      at(
        "    kind: ecs-service",
        "components.api.kind: Invalid discriminator value. Expected 'ecs-service' | 'database' | 'frontend' | 'secret' | 'parameter' | 'cache' | 'task' | 'maintenance'",
      ),
    ],
    [
      "a component's name",
      "  api:\n",
      "  API:\n",
      at("  api:", "components.API: lower-case letters, digits and hyphens, 1 to 30, starting with a letter"),
    ],
    [
      "an unknown component in an alarm",
      "    components: [api]\n  - recipe: running-below-desired",
      "    components: [app]\n  - recipe: running-below-desired",
      at("    components: [api]", 'alarms.3.components.0: unknown component "app"; known are api, web'),
    ],
    [
      "an unknown component to depend on",
      "    dependsOn: [api]",
      "    dependsOn: [app]",
      at("    dependsOn: [api]", 'components.web.dependsOn.0: unknown component "app"; known are api, web'),
    ],
    [
      "schedules without the roles that writing them passes",
      "    service: boardroom-web",
      "    service: boardroom-web\n    connectedTasks: { schedules: [jobs/nightly] }",
      at(
        "    repositories: [boardroom/web]",
        "components.web.connectedTasks.scheduleRoles: schedules need scheduleRoles: name the role that the target of each schedule uses",
      ),
    ],
    [
      "a schedule in two groups",
      "    service: boardroom-web",
      "    service: boardroom-web\n    connectedTasks: { schedules: [a/b/c] }",
      at(
        "    repositories: [boardroom/web]",
        "components.web.connectedTasks.schedules.0: a schedule's name, or its group and name like jobs/nightly",
      ),
    ],
    [
      "a component that depends on itself",
      "    dependsOn: [api]",
      "    dependsOn: [web]",
      at(
        "    dependsOn: [api]",
        "components.web.dependsOn: these wait for one another: web -> web; one of them must go back first",
      ),
    ],
    [
      "two alarms of one name",
      "    name: api-memory",
      "    name: api-latency",
      at("    name: api-memory", 'alarms.3.name: another alarm is called "api-latency"; names are used once'),
    ],
    [
      "an approver group that does not exist",
      "    senior: [",
      "    boss: [",
      at("    senior: [", 'policy.approvers: Unrecognized key: "boss"'),
    ],
    [
      "a flow sequence that does not end",
      "components: [api, web]",
      "components: [api, web",
      at(
        "    loadBalancer:",
        "not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      ),
    ],
  ])("%s", (_, from, to, problem) => {
    expect(problemOf(from, to).split("\n")[0]).toBe(problem);
  });

  it("a circle of dependencies, once", () => {
    const component = (dependsOn: string) => ({
      kind: "ecs-service",
      cluster: "c",
      service: "s",
      dependsOn: [dependsOn],
    });
    const text = JSON.stringify({
      name: "example",
      application: "shop",
      account: "111122223333",
      region: "eu-west-1",
      components: { a: component("b"), b: component("c"), c: component("b") },
    });

    expect(thrownBy(() => checkedYaml(text, "x.yaml", Environment))).toBe(
      "x.yaml, line 1: components.b.dependsOn: these wait for one another: b -> c -> b; one of them must go back first",
    );
  });

  it.each([
    [
      "rename",
      { instance: "prod", cutOver: { strategy: "rename" } },
      "RDS may refuse a rename while it backs up",
    ],
    [
      "a cluster",
      { cluster: "prod", cutOver: { strategy: "proxy", proxy: "front" } },
      "only the copy of an instance",
    ],
  ])("a copy that is to serve while it is backed up, with %s", (_, parts, problem) => {
    const database = { kind: "database", writers: [], serveDuringBackups: true, ...parts };
    const from = "components:\n";
    const found = problemOf(from, `components:\n  data: ${JSON.stringify(database)}\n`);

    expect(found).toContain(`components.data.serveDuringBackups: ${problem}`);
  });

  it("an alias without an anchor", () => {
    expect(thrownBy(() => checkedYaml("name: *nobody", "x.yaml", Environment))).toBe(
      "x.yaml: not YAML: Unresolved alias (the anchor must be set before the alias): nobody",
    );
  });

  it("everything that is wrong, one line each", () => {
    expect(problemOf("region: eu-west-1", "region: Ireland\nregoin: x").split("\n")).toHaveLength(2);
  });

  it.each(["", "just a sentence", "- a list", "42"])("a file that holds %j", (text) => {
    expect(thrownBy(() => checkedYaml(text, "x.yaml", Environment))).toMatch(
      /^x\.yaml, line 1: the file: Invalid input: expected object, received/,
    );
  });
});

describe("loading an environment", () => {
  it("fills in the runbooks' defaults", () => {
    const { policy, components, alarms } = loadEnvironment("example");

    expect(Object.keys(components)).toEqual(["api", "web"]);
    expect(alarms[0]).toMatchObject({ severity: "critical", userImpact: "high", stability: "unstable" });
    expect(policy).toMatchObject({
      eventMaxAgeMinutes: 5,
      cooldownMinutes: 30,
      maxRollbacksPerDay: 3,
      shadow: false,
    });
  });

  it.each([
    [
      "../secrets",
      '"../secrets" is not an environment\'s name: lower-case letters, digits and hyphens, like example.',
    ],
    [
      "nowhere",
      "environments/nowhere.yaml does not exist. Copy environments/example.yaml to it and fill it in.",
    ],
  ])("refuses %s with a sentence", (name, sentence) => {
    expect(thrownBy(() => loadEnvironment(name))).toBe(sentence);
  });

  it("refuses a file that calls itself something else", () => {
    const directory = `${import.meta.dirname}/misnamed`;

    expect(thrownBy(() => loadEnvironment("prod", directory))).toBe(
      'environments/prod.yaml: its "name" is "test", but the file is called prod.yaml; make them the same.',
    );
  });
});

describe("the JSON schemas for editors", () => {
  it.each(Object.keys(SCHEMA_FILES) as (keyof typeof SCHEMA_FILES)[])("are up to date: %s", (file) => {
    expect(readFileSync(`${root}/${file}`, "utf8")).toBe(schemaText(file));
  });

  it("accept what the loader accepts: what has a default may be left out", () => {
    const schema = z
      .object({ required: z.array(z.string()) })
      .parse(JSON.parse(schemaText("environments/environment.schema.json")));

    expect(schema.required).toEqual(["name", "application", "account", "region", "components"]);
  });
});
