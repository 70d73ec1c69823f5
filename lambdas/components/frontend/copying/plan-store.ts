import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { StepbackError } from "../../../contracts/errors.ts";
import { asked, isNamed } from "../../aws-call.ts";
import { DoneRow, PlanCursor, PlanHead, PlanRow } from "./frozen-plan.ts";

/**
 * The frozen plan of one component in the report bucket, as JSON lines, and what was done of it. It stays there as
 * evidence; small parts keep memory bounded and let another invocation go on.
 */
export class PlanStore {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #folder: string;

  /** @param folder `<environment>/<rollbackId>/<component>/` */
  constructor(s3: S3Client, place: { readonly bucket: string; readonly folder: string }) {
    this.#s3 = s3;
    this.#bucket = place.bucket;
    this.#folder = place.folder;
  }

  async head(): Promise<PlanHead | undefined> {
    return (await this.#lines("plan-head.json", PlanHead))?.[0];
  }

  /** Written once: the first one stands, whoever writes it. */
  async writeHead(head: PlanHead): Promise<void> {
    try {
      await this.#write("plan-head.json", [head], "absent");
    } catch (error) {
      if (!isNamed(error, "PreconditionFailed")) throw error;
    }
  }

  async cursor(): Promise<PlanCursor | undefined> {
    return (await this.#lines("plan-cursor.json", PlanCursor))?.[0];
  }

  writeCursor(cursor: PlanCursor): Promise<void> {
    return this.#write("plan-cursor.json", [cursor]);
  }

  async rows(part: string): Promise<PlanRow[]> {
    const rows = await this.#lines(part, PlanRow);
    if (rows) return rows;
    const where = `s3://${this.#bucket}/${this.#folder}${part}`;
    throw new StepbackError("LedgerCorrupt", `The frozen plan's part ${where} is gone; make a new plan.`);
  }

  writeRows(part: string, rows: readonly PlanRow[]): Promise<void> {
    return this.#write(part, rows);
  }

  async done(mark: string): Promise<DoneRow[]> {
    return (await this.#lines(mark, DoneRow)) ?? [];
  }

  writeDone(mark: string, rows: readonly DoneRow[]): Promise<void> {
    return this.#write(mark, rows);
  }

  async #lines<T>(name: string, schema: z.ZodType<T>): Promise<T[] | undefined> {
    try {
      const { Body } = await asked(
        `Reading ${name} of the frozen plan`,
        this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: this.#folder + name })),
      );
      const text = (await Body?.transformToString()) ?? "";
      return text.split("\n").flatMap((line) => (line ? [schema.parse(JSON.parse(line))] : []));
    } catch (error) {
      if (isNamed(error, "NoSuchKey")) return undefined;
      throw error;
    }
  }

  async #write(name: string, lines: readonly object[], onlyIf?: "absent"): Promise<void> {
    await asked(
      `Writing ${name} of the frozen plan`,
      this.#s3.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: this.#folder + name,
          Body: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
          ContentType: name.endsWith(".json") ? "application/json" : "application/jsonl",
          ...(onlyIf === "absent" ? { IfNoneMatch: "*" } : {}),
        }),
      ),
    );
  }
}
