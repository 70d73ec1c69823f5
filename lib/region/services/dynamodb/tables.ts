import type { Kernel } from "../../kernel/kernel.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { Table, type TableSettings } from "./table.ts";
import { validationError } from "./validation-error.ts";

/** The tables of the region by name. Requests may name a table by its name or by its ARN. */
export class Tables {
  readonly context: RegionContext;
  readonly #random: Kernel["random"];
  readonly #tables = new Map<string, Table>();

  constructor(context: RegionContext) {
    this.context = context;
    this.#random = context.kernel.random.fork("dynamodb");
  }

  names(): string[] {
    return [...this.#tables.keys()].sort();
  }

  arnOf(nameOrArn: string | undefined): string {
    return arnOf(this.context, "dynamodb", `table/${tableName(nameOrArn)}`);
  }

  /**
   * The table in any status, undefined when there is none: for authorisation, which happens before
   * validation.
   */
  find(nameOrArn: string | undefined): Table | undefined {
    return this.#tables.get(tableName(nameOrArn));
  }

  /** A table whose items can be read and written. */
  active(nameOrArn: string | undefined): Table {
    const table = this.find(nameOrArn);
    if (table?.status !== "ACTIVE") {
      throw new AwsError("ResourceNotFoundException", "Requested resource not found");
    }
    return table;
  }

  /** A table in any status, for operations on the table itself. */
  described(nameOrArn: string | undefined): Table {
    const table = this.find(nameOrArn);
    if (table !== undefined) return table;
    const name = tableName(nameOrArn);
    throw new AwsError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
  }

  /** @param creationMs how long the table stays CREATING; 0 makes it active at once */
  create(settings: TableSettings, creationMs: number): Table {
    if (!/^[\w.-]{3,255}$/.test(settings.name)) {
      throw validationError(
        `1 validation error detected: Value '${settings.name}' at 'tableName' failed to satisfy constraint: ` +
          "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have length 3 to 255",
      );
    }
    if (this.#tables.has(settings.name)) {
      throw new AwsError("ResourceInUseException", `Table already exists: ${settings.name}`);
    }
    const table = new Table(this.context, this.#random, settings, creationMs > 0 ? "CREATING" : "ACTIVE");
    this.#tables.set(settings.name, table);
    this.context.kernel.log.write("dynamodb", "table created", { table: settings.name });
    if (creationMs > 0) {
      this.context.kernel.schedule(creationMs, () => {
        table.status = "ACTIVE";
      });
    }
    return table;
  }

  /** Creation and deletion of an empty table take seconds; the range is a model. */
  changeMs(): number {
    return this.#random.between(4_000, 12_000);
  }

  delete(nameOrArn: string | undefined): Table {
    const table = this.described(nameOrArn);
    if (table.status !== "ACTIVE") {
      const change = table.status === "CREATING" ? "created" : "deleted";
      throw new AwsError(
        "ResourceInUseException",
        `Attempt to change a resource which is still in use: Table is being ${change}: ${table.name}`,
      );
    }
    if (table.deletionProtection) {
      throw validationError(
        "Resource cannot be deleted as it is currently protected against deletion. " +
          "Disable deletion protection first.",
      );
    }
    table.status = "DELETING";
    this.context.kernel.log.write("dynamodb", "table deleted", { table: table.name });
    this.context.kernel.schedule(this.changeMs(), () => this.#tables.delete(table.name));
    return table;
  }
}

function tableName(nameOrArn: string | undefined): string {
  return (nameOrArn ?? "").replace(/^arn:aws:dynamodb:[^:]*:\d*:table\//, "");
}
