import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { Request } from "../../lambdas/contracts/request.ts";
import { KINDS } from "../../lambdas/contracts/vocabulary.ts";
import { answerCommand } from "../../lib/cli/answer.ts";
import { demoCommand } from "../../lib/cli/demo.ts";
import { drillCommand } from "../../lib/cli/drill.ts";
import { finishCommand } from "../../lib/cli/finish.ts";
import { listCommand } from "../../lib/cli/list.ts";
import { localCommand } from "../../lib/cli/local.ts";
import { schemasCommand } from "../../lib/cli/schemas.ts";
import { startCommand } from "../../lib/cli/start.ts";
import packageJson from "../../package.json" with { type: "json" };
import { codesOf, DOCUMENTS, ROOT, rowsOf, sectionOf, textOf } from "./documents.ts";

const ALL = DOCUMENTS.map((file) => textOf(file).replace(/\\\n\s*/g, "")).join("\n");

const scriptsNamed = new Set(
  [...ALL.matchAll(/npm (?:run ([\w-]+)|(test)\b)/g)].map(([, script, test]) => script ?? test),
);

/** Every `stepback <command> …` of the documents, with its line, from a terminal's or from running text. */
const uses = [...ALL.matchAll(/(?:npx |`)stepback ([a-z]+)([^\n`]*)/g)].map(
  ([, command = "", rest = ""]) => ({
    command,
    options: [...rest.replace(/#.*/, "").matchAll(/ (--[a-z-]+)/g)].map(([, option]) => option),
  }),
);

/** Jobs that a person does through an npm script. */
const BY_SCRIPT: Readonly<Record<string, string>> = { schemas: "fix" };

/** The commands themselves, as commander knows them. */
const COMMANDS = [
  demoCommand(),
  drillCommand(),
  localCommand(),
  startCommand(),
  answerCommand("approve"),
  answerCommand("reject"),
  finishCommand(),
  listCommand(),
  schemasCommand(),
];
const NAMES = COMMANDS.map((command) => command.name());

const optionsOf = (name: string) =>
  COMMANDS.filter((command) => command.name() === name).flatMap(({ options }) =>
    options.map(({ long }) => long),
  );

describe("the documents", () => {
  it("name only npm scripts that exist", () => {
    const unknown = [...scriptsNamed].filter((script) => !Object.hasOwn(packageJson.scripts, script ?? ""));

    expect(scriptsNamed.size).toBeGreaterThan(5);
    expect(unknown).toEqual([]);
  });

  it("know the commands that the command line has", () => {
    const help = execFileSync(process.execPath, ["bin/stepback.ts", "--help"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const names = [...(help.split("Commands:")[1] ?? "").matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);

    expect(names.filter((name) => name !== "help")).toEqual(NAMES);
  });

  it("name only stepback commands and options that exist", () => {
    const unknown = uses.filter(({ command }) => !NAMES.includes(command)).map(({ command }) => command);
    const wrong = uses.flatMap(({ command, options }) =>
      options
        .filter((option) => !optionsOf(command).includes(option))
        .map((option) => `${command} ${option}`),
    );

    expect(uses.length).toBeGreaterThan(10);
    expect(unknown).toEqual([]);
    expect(wrong).toEqual([]);
  });

  it("show every stepback command", () => {
    const shown = new Set<string | undefined>([...uses.map(({ command }) => command), ...scriptsNamed]);
    const hidden = NAMES.filter((name) => !shown.has(name) && !shown.has(BY_SCRIPT[name]));

    expect(hidden).toEqual([]);
  });

  it("show only requests that would be understood", () => {
    const shown = [...ALL.matchAll(/--input '(.*?)'|^(\{ "reason".*)$/gm)].map(([, a, b]) => a ?? b ?? "");
    const targets = [...ALL.matchAll(/--target '(.*?)'/g)].map(([, target = ""]) => target);
    const requests = [
      ...shown.map((text): unknown => JSON.parse(text)),
      ...targets.map((text): unknown => ({ reason: "shown in the documents", target: JSON.parse(text) })),
    ];

    expect(requests.length).toBeGreaterThan(3);
    for (const request of requests) expect(() => Request.parse(request)).not.toThrow();
  });
});

describe("the README", () => {
  const README = textOf("README.md");

  it("says of every kind of component how it goes back", () => {
    const kinds = rowsOf(sectionOf(README, "What goes back")).map(([kind = ""]) => codesOf(kind)[0]);

    expect(kinds).toEqual([...KINDS]);
  });

  it("has at most 150 lines", () => {
    expect(README.split("\n").length - 1).toBeLessThanOrEqual(150);
  });

  it("begins with the two commands that prove it, and they exist", () => {
    expect(README).toContain("npm ci && npm run demo\nnpm ci && npm test\n");
    expect(packageJson.scripts).toMatchObject({ demo: expect.any(String), test: expect.any(String) });
  });

  it("asks for a Node that can start everything", () => {
    const [, least] = /Node (\d+) or newer/.exec(README) ?? [];

    expect(z.coerce.number().parse(least)).toBe(20);
  });
});
