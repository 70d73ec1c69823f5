import { describe, expect, it } from "vitest";
import { compileFilterPattern } from "../../../lib/region/services/logs/filter-pattern.ts";
import { logsService } from "../../../lib/region/services/logs/logs-service.ts";
import { createResource, invoke, makeRegion, permissionsOf, START } from "./make-region.ts";

const GROUP = { logGroupName: "/aws/lambda/f" };
const STREAM = { ...GROUP, logStreamName: "s" };

describe("a log group", () => {
  it("gives what the runtime appended, through every reader", async () => {
    const { region, service, model } = makeLogs();
    service.append("/aws/lambda/f", "s", "START");
    await region.kernel.runUntil(START + 1_000);
    service.append("/aws/lambda/f", "t", "ERROR boom");

    const stream = await invoke(model, "GetLogEvents", { ...STREAM, startFromHead: true });
    const found = await invoke(model, "FilterLogEvents", { ...GROUP, filterPattern: "ERROR" });

    expect(stream["events"]).toEqual([{ timestamp: START, ingestionTime: START, message: "START" }]);
    expect(found["events"]).toMatchObject([
      { timestamp: START + 1_000, logStreamName: "t", message: "ERROR boom" },
    ]);
  });

  it("pages forward and tells a reader that it is done by repeating the token", async () => {
    const { service, model } = makeLogs();
    for (const message of ["1", "2", "3"]) service.append("/aws/lambda/f", "s", message);
    const page = (nextToken?: unknown) =>
      invoke(model, "GetLogEvents", { ...STREAM, startFromHead: true, limit: 2, nextToken });

    const first = await page();
    const second = await page(first["nextForwardToken"]);
    const third = await page(second["nextForwardToken"]);

    expect([first, second, third].map(({ events }) => messagesOf(events))).toEqual([["1", "2"], ["3"], []]);
    expect(third["nextForwardToken"]).toBe(second["nextForwardToken"]);
  });

  it("drops events after its retention", async () => {
    const { region, service, model } = makeLogs();
    await createResource(model, "AWS::Logs::LogGroup", {
      LogGroupName: GROUP.logGroupName,
      RetentionInDays: 1,
    });
    service.append("/aws/lambda/f", "s", "old");

    await region.kernel.runUntil(START + 86_400_000);

    expect(await invoke(model, "FilterLogEvents", GROUP)).toEqual({ events: [] });
  });

  it("keeps no event from too far in the future, and says so", async () => {
    const { model } = makeLogs();
    await invoke(model, "CreateLogGroup", GROUP);
    await invoke(model, "CreateLogStream", STREAM);

    const output = await invoke(model, "PutLogEvents", {
      ...STREAM,
      logEvents: [
        { timestamp: START, message: "now" },
        { timestamp: START + 3 * 3_600_000, message: "future" },
      ],
    });

    expect(output).toEqual({ rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 } });
    expect(messagesOf((await invoke(model, "GetLogEvents", STREAM))["events"])).toEqual(["now"]);
  });

  it("has an ARN that ends in a star", async () => {
    const { model } = makeLogs();

    expect(await createResource(model, "AWS::Logs::LogGroup", { LogGroupName: "g" })).toEqual({
      ref: "g",
      attributes: { Arn: "arn:aws:logs:eu-central-1:111122223333:log-group:g:*" },
    });
  });

  it("is authorised by stream for writing", () => {
    const { model } = makeLogs();

    expect(permissionsOf(model, "PutLogEvents", STREAM)).toEqual([
      {
        action: "logs:PutLogEvents",
        resource: "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/f:log-stream:s",
      },
    ]);
  });

  it.each<[operation: string, input: object, code: string]>([
    ["GetLogEvents", STREAM, "ResourceNotFoundException"],
    ["CreateLogGroup", { logGroupName: "taken" }, "ResourceAlreadyExistsException"],
    ["PutRetentionPolicy", { logGroupName: "taken", retentionInDays: 2 }, "InvalidParameterException"],
    ["FilterLogEvents", { logGroupName: "taken", filterPattern: "{ $.a = 1 }" }, "NotImplemented"],
  ])("refuses %s of %j", async (operation, input, code) => {
    const { model } = makeLogs();
    await invoke(model, "CreateLogGroup", { logGroupName: "taken" });

    await expect(invoke(model, operation, input)).rejects.toMatchObject({ code });
  });
});

describe("a text filter pattern", () => {
  it.each([
    ["", "anything", true],
    ["ERROR 500", "500 is an ERROR", true],
    ["ERROR 500", "ERROR 404", false],
    ["error", "ERROR", false],
    ['"not found"', "was not found here", true],
    ["?WARN ?ERROR", "a WARN", true],
    ["?WARN ?ERROR", "an INFO", false],
    ["ERROR -retry", "ERROR: will retry", false],
    ["ERROR ?never", "ERROR", true],
  ])("%j against %j is %s", (pattern, message, expected) => {
    expect(compileFilterPattern(pattern)(message)).toBe(expected);
  });
});

function makeLogs() {
  const region = makeRegion();
  const service = logsService(region.context);
  return { region, service, model: service.model };
}

function messagesOf(events: unknown): string[] {
  return Array.isArray(events) ? events.map(({ message }) => message) : [];
}
