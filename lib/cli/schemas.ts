import { writeFileSync } from "node:fs";
import { Command } from "commander";
import * as z from "zod";
import { Environment } from "../../lambdas/contracts/environment.ts";
import { Scenario } from "../drill/scenario.ts";

const root = `${import.meta.dirname}/../..`;

/** Where the JSON schemas for editors lie, and what they are made from. A test compares them. */
export const SCHEMA_FILES = {
  "environments/environment.schema.json": Environment,
  "drills/scenario.schema.json": Scenario,
} as const;

export function schemaText(file: keyof typeof SCHEMA_FILES): string {
  return `${JSON.stringify(z.toJSONSchema(SCHEMA_FILES[file], { io: "input" }), null, 2)}\n`;
}

/** `stepback schemas`: writes the JSON schemas that editors use while people write environments and drills. */
export function schemasCommand(): Command {
  return new Command("schemas")
    .description("Write the JSON schemas for environment and drill files")
    .action(() => {
      for (const file of ["environments/environment.schema.json", "drills/scenario.schema.json"] as const) {
        writeFileSync(`${root}/${file}`, schemaText(file));
        process.stdout.write(`${file}\n`);
      }
    });
}
