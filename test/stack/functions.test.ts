import { execFileSync } from "node:child_process";
import { globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import type { FrontendComponent } from "../../lambdas/contracts/kinds/frontend.ts";
import { SETTINGS } from "../../lambdas/contracts/settings.ts";
import { loadEnvironment } from "../../lib/files/load-environment.ts";
import { assemblyOf, type Resource } from "../support/assembly.ts";
import { grantsTo } from "../support/granted.ts";
import { makeSmallEnvironment } from "../support/make-environment.ts";

/** Every kind, so that every step is there. */
const assembly = assemblyOf(loadEnvironment("complete"));
const functions = assembly.of("AWS::Lambda::Function");
const dist = join(import.meta.dirname, "../../dist");

/** A bundle above this starts noticeably slower (docs/facts/toolchain.md §5). */
const LARGEST_BUNDLE = 850 * 1024;
/** These look at every kind, and so carry the clients of all of them. */
const LOOKS_AT_EVERY_KIND: ReadonlySet<string> = new Set([
  "plan-rollback",
  "record-checkpoint",
  "judge-checkpoint",
]);
const LARGEST_OF_THOSE = 1_600 * 1024;

describe("the functions", () => {
  it("are one for each step of lambdas/steps, each from its own bundle", () => {
    const steps = globSync("lambdas/steps/*.ts", { cwd: join(dist, "..") }).map((file) =>
      basename(file, ".ts"),
    );

    expect(functions.map(bundleOf).sort()).toEqual(steps.sort());
  });

  it.each(functions.map((fn) => [bundleOf(fn), fn] as const))("%s is what every function is", (_, fn) => {
    expect(fn.properties).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      TracingConfig: { Mode: "Active" },
      LoggingConfig: { LogFormat: "JSON" },
    });
    expect(Object.keys(variablesOf(fn))).toEqual(
      expect.arrayContaining([
        SETTINGS.ledgerTable,
        SETTINGS.environmentName,
        SETTINGS.reportBucket,
        SETTINGS.announcementTopic,
        SETTINGS.account,
      ]),
    );
    expect(fn.properties["Description"]).toMatch(/^[A-Z].{10,}/);
  });

  it.each(functions.map(bundleOf))("%s fits", (step) => {
    expect(statSync(join(dist, step, "index.js")).size).toBeLessThanOrEqual(
      LOOKS_AT_EVERY_KIND.has(step) ? LARGEST_OF_THOSE : LARGEST_BUNDLE,
    );
  });

  it.each(functions.map(bundleOf))("%s loads by itself", (step) => {
    const bundle = join(dist, step, "index.js");
    // A process of its own: a bundle must find everything it needs in itself, and nothing of this test run.
    const script = `process.stdout.write(typeof require(${JSON.stringify(bundle)}).handler)`;

    const handler = execFileSync(process.execPath, ["-e", script], { cwd: "/", env: {}, encoding: "utf8" });

    expect(handler).toBe("function");
  });

  it("ship nothing but the bundle and its source map", () => {
    for (const fn of functions)
      expect(readdirSync(join(dist, bundleOf(fn))).sort()).toEqual(["index.js", "index.js.map"]);
  });

  it.each<[string, FrontendComponent["release"], number]>([
    ["copies objects", { strategy: "versioned-bucket", live: "", deletes: false }, 1_769],
    [
      "copies releases",
      { strategy: "release-prefix", live: "", releases: "releases/", deletes: false },
      1_769,
    ],
    ["switches a path", { strategy: "origin-path", origin: "web", releases: "releases/" }, 512],
  ])("have a whole processor where the mover %s", (_, release, megabytes) => {
    const web = { kind: "frontend", bucket: "site", distribution: "E1234567890", release } as const;
    const { of } = assemblyOf(makeSmallEnvironment({ components: { web } }));
    const memory = of("AWS::Lambda::Function").map(({ id, properties }) => [
      id.includes("MoveFrontend"),
      properties["MemorySize"],
    ]);

    expect(memory.filter(([isMover]) => isMover)).toEqual([[true, megabytes]]);
    expect(memory.filter(([isMover]) => !isMover).every(([, size]) => size === 512)).toBe(true);
  });

  it("have a role and a log group each, shared with nobody", () => {
    const roles = functions.map(({ properties }) => properties["Role"]);
    const groups = functions.map(logGroupOf);

    expect(new Set(roles).size).toBe(functions.length);
    expect(new Set(groups).size).toBe(functions.length);
    expect(assembly.of("AWS::Logs::LogGroup").map(({ id }) => id)).toEqual(expect.arrayContaining(groups));
  });

  it("write their own log group and no other", () => {
    for (const fn of functions) {
      const role = String(fn.properties["Role"]).split(":").at(-1) ?? "";
      const logging = grantsTo(assembly, role).filter(({ actions }) => actions.includes("logs:PutLogEvents"));

      expect(logging.flatMap(({ resources }) => resources)).toEqual([
        expect.stringMatching(new RegExp(`:${logGroupOf(fn)}$`)),
      ]);
    }
  });

  it("keep their logs for three months", () => {
    const groups = assembly.of("AWS::Logs::LogGroup");

    expect(groups.map(({ properties }) => properties["RetentionInDays"])).toEqual(groups.map(() => 90));
  });
});

describe("the approval URL", () => {
  it("lets IAM say who calls, and nobody in without it", () => {
    const [url, ...others] = assembly.of("AWS::Lambda::Url");

    expect(others).toEqual([]);
    expect(url?.properties).toMatchObject({
      AuthType: "AWS_IAM",
      TargetFunctionArn: expect.stringContaining("AnswerApproval"),
    });
    const open = assembly
      .of("AWS::Lambda::Permission")
      .filter(({ properties }) => properties["Principal"] === "*" || "FunctionUrlAuthType" in properties);
    expect(open).toEqual([]);
  });

  it("is known to the step that tells people where to answer", () => {
    const ask = assembly.one("AWS::Lambda::Function", "FunctionsRequestApproval");
    const [url] = assembly.of("AWS::Lambda::Url");

    expect(variablesOf(ask)[SETTINGS.approvalUrl]).toBe(`${url?.id}.FunctionUrl`);
  });
});

/** The folder of `dist` that a function's asset was made from. */
function bundleOf({ properties }: Resource): string {
  const { S3Key } = Object(properties["Code"]);
  const asset = assembly.assets.find(({ key }) => key === S3Key);
  if (!asset) throw new Error(`The assembly has no asset ${S3Key}`);
  const [bundle] = readdirSync(dist).filter((step) => sameCode(join(dist, step, "index.js"), asset.path));
  if (bundle === undefined)
    throw new Error(`${relative(assembly.directory, asset.path)} is no folder of dist`);
  return bundle;
}

function sameCode(bundle: string, asset: string): boolean {
  const codeOf = (file: string) => statSync(file, { throwIfNoEntry: false }) && readFileSync(file, "utf8");
  return codeOf(bundle) !== undefined && codeOf(bundle) === codeOf(join(asset, "index.js"));
}

function logGroupOf({ properties }: Resource): string {
  return String(Object(properties["LoggingConfig"])["LogGroup"]);
}

function variablesOf({ properties }: Resource): Readonly<Record<string, unknown>> {
  return Object(Object(properties["Environment"])["Variables"]);
}
