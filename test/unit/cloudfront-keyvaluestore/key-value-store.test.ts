import {
  DeleteKeyCommand,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  ListKeysCommand,
  PutKeyCommand,
  UpdateKeysCommand,
} from "@aws-sdk/client-cloudfront-keyvaluestore";
import { describe, expect, it } from "vitest";
import { makeKeyValueStores } from "./make-key-value-stores.ts";

describe("a key value store", () => {
  it("takes a write only with the ETag of its present state", async () => {
    const { client, run, KvsARN } = makeKeyValueStores();
    const { ETag: IfMatch = "", ...described } = await run(() =>
      client.send(new DescribeKeyValueStoreCommand({ KvsARN })),
    );
    const put = (Value: string) =>
      run(() => client.send(new PutKeyCommand({ KvsARN, Key: "release", Value, IfMatch })));

    const first = await put("r2");

    expect(described).toMatchObject({ KvsARN, ItemCount: 1, TotalSizeInBytes: 9, Status: "READY" });
    expect(first.ETag).not.toBe(IfMatch);
    await expect(put("r3")).rejects.toMatchObject({
      name: "ConflictException",
      $metadata: { httpStatusCode: 409 },
    });
    const read = await run(() => client.send(new GetKeyCommand({ KvsARN, Key: "release" })));
    expect(read).toMatchObject({ Key: "release", Value: "r2", ItemCount: 1 });
    expect(read).not.toHaveProperty("ETag");
  });

  it("changes several keys in one go or not at all", async () => {
    const { client, run, store, KvsARN } = makeKeyValueStores({ items: { maintenance: "off" } });
    const update = (Deletes: string[]) =>
      run(() =>
        client.send(
          new UpdateKeysCommand({
            KvsARN,
            IfMatch: store.etag,
            Puts: [{ Key: "release", Value: "r2" }],
            Deletes: Deletes.map((Key) => ({ Key })),
          }),
        ),
      );

    await expect(update(["nothing"])).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    expect(store.value("release")).toBe("r1");
    await update(["maintenance"]);
    expect(Object.fromEntries(store.items)).toEqual({ release: "r2" });
    await expect(update(["release"])).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("refuses keys and values beyond their sizes, and what does not exist", async () => {
    const { client, run, store, KvsARN } = makeKeyValueStores();
    const put = (Key: string, Value: string) =>
      run(() => client.send(new PutKeyCommand({ KvsARN, Key, Value, IfMatch: store.etag })));

    await expect(put("k".repeat(513), "v")).rejects.toMatchObject({ name: "ValidationException" });
    await expect(put("k", "v".repeat(1_025))).rejects.toMatchObject({ name: "ValidationException" });
    await put("k".repeat(512), "v".repeat(1_024));
    await expect(run(() => client.send(new GetKeyCommand({ KvsARN, Key: "none" })))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      $metadata: { httpStatusCode: 404 },
    });
    const foreign = KvsARN.replace(/[^/]+$/, "00000000-0000-4000-8000-000000000000");
    await expect(
      run(() => client.send(new DescribeKeyValueStoreCommand({ KvsARN: foreign }))),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("lists every key once, in pages", async () => {
    const items = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`key-${index}`, "x"]));
    const { client, run, store, KvsARN } = makeKeyValueStores({ items });
    await run(() => client.send(new DeleteKeyCommand({ KvsARN, Key: "release", IfMatch: store.etag })));

    const first = await run(() => client.send(new ListKeysCommand({ KvsARN })));
    const NextToken = first.NextToken;
    const second = await run(() => client.send(new ListKeysCommand({ KvsARN, NextToken })));

    expect(first.Items).toHaveLength(10);
    expect(second.NextToken).toBeUndefined();
    const listed = [...(first.Items ?? []), ...(second.Items ?? [])].map(({ Key }) => Key);
    expect(listed).toEqual(Object.keys(items).sort());
  });

  it("reaches each edge location within seconds, at its own time, and never goes back there", async () => {
    const { kernel, store } = makeKeyValueStores();
    const edges = ["FRA56-P1", "IAD79-P2", "NRT57-P3"];
    const seen = new Map(edges.map((edge): [string, string[]] => [edge, []]));
    store.change({ puts: [{ key: "release", value: "r2" }], deletes: [] }, store.etag);
    store.change({ puts: [{ key: "release", value: "r3" }], deletes: [] }, store.etag);
    for (let second = 0; second <= 20; second++) {
      for (const edge of edges) {
        const value = store.at(edge).get("release") ?? "";
        if (seen.get(edge)?.at(-1) !== value) seen.get(edge)?.push(value);
      }
      if (second === 1) expect([...seen.values()]).toEqual([["r1"], ["r1"], ["r1"]]);
      await kernel.runUntil(kernel.now + 1_000);
    }

    expect([...seen.values()].map((values) => values.at(-1))).toEqual(["r3", "r3", "r3"]);
    for (const values of seen.values()) expect([...values].sort()).toEqual(values);
  });
});
