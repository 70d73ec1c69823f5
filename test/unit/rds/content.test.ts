import { describe, expect, it } from "vitest";
import { Content } from "../../../lib/region/services/rds/content.ts";

const write = (at: number, rows: number) => ({ kind: "write" as const, at, table: "orders", rows });

describe("what a database holds", () => {
  it("stays in a view as it was when somebody looked, whatever is written afterwards", () => {
    const content = new Content([{ kind: "password", at: 1, label: "v1" }, write(1, 10)]);

    const view = content.view(5);
    content.append(write(5, 7));
    content.append({ kind: "password", at: 5, label: "v2" });

    expect(view).toMatchObject({ rows: { orders: 10 }, writes: [write(1, 10)], password: "v1" });
    expect(content.view(5)).toMatchObject({ rows: { orders: 17 }, password: "v2" });
    expect(content.view(4)).toMatchObject({ rows: { orders: 10 }, password: "v1" });
  });

  it("goes back and forward again with a backtrack, rows and everything else alike", () => {
    const content = new Content([{ kind: "revision", at: 1, revision: "a" }, write(2, 1)]);
    content.append({ kind: "revision", at: 3, revision: "b" });
    content.append({ kind: "corruption", at: 3, table: "orders" });
    content.append(write(4, 2));
    content.backtrack(5, 2);
    content.append(write(6, 4));

    expect(content.view(4)).toMatchObject({ rows: { orders: 3 }, revision: "b", corrupted: ["orders"] });
    expect(content.view(6)).toMatchObject({ rows: { orders: 5 }, revision: "a", corrupted: [] });

    content.backtrack(7, 4);
    expect(content.view(7)).toMatchObject({ rows: { orders: 3 }, revision: "b", corrupted: ["orders"] });
    expect(content.rowsAt(7)).toBe(3);
  });
});
