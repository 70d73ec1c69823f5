import { describe, expect, it } from "vitest";
import { makeStage } from "./make-stage.ts";

const makeCopy = () =>
  makeStage({
    release: { strategy: "versioned-bucket" },
    configuration: { probe: undefined },
    site: { files: 9 },
  });

describe("copying", () => {
  it("keeps objects encrypted with their KMS key, and a copy whose answer was lost is recognised by its checksum", async () => {
    const stage = makeCopy();
    const { bucket } = stage.site;
    const encryption = {
      algorithm: "aws:kms",
      keyArn: "arn:aws:kms:eu-west-1:123456789012:key/site",
      bucketKey: true,
    } as const;
    for (const key of [...stage.content().keys()]) {
      const current = bucket.current(key);
      if (current) bucket.put(key, { ...current, encryption });
    }
    const then = stage.content();
    await stage.checkpoint("cp-1", stage.kernel.date().toISOString());
    await stage.wait(60);
    stage.site.deploy({ name: "r3", commit: "ccccccc" });
    await stage.wait(60);
    stage.faults.add({ service: "s3", operation: "CopyObject", skip: 2, times: 3, effect: "lost-reply" });

    const end = await stage.run(await stage.plan());

    expect(end).toMatchObject({ status: "done", verb: "confirm" });
    expect(stage.content()).toEqual(then);
    expect(stage.faults.struck("s3", "CopyObject")).toBe(3);
  });

  it("keeps storage classes and the redirects of empty objects", async () => {
    const stage = makeCopy();
    const { bucket } = stage.site;
    const put = (key: string, body: string) => {
      const current = bucket.current("index.html");
      if (!current) throw new Error("The site has no page");
      const more = { storageClass: "STANDARD_IA", websiteRedirect: body ? undefined : "/new" } as const;
      bucket.put(key, { ...current, ...more, body: Buffer.from(body) });
    };
    put("old", "");
    put("rare.bin", "one");
    await stage.checkpoint("cp-1", stage.kernel.date().toISOString());
    await stage.wait(60);
    put("old", "x");
    put("rare.bin", "two");
    stage.site.deploy({ name: "r3", commit: "ccccccc" });
    await stage.wait(60);

    expect(await stage.run(await stage.plan())).toMatchObject({ status: "done" });

    expect(bucket.current("old")).toMatchObject({ websiteRedirect: "/new", storageClass: "STANDARD_IA" });
    expect(bucket.current("rare.bin")).toMatchObject({
      storageClass: "STANDARD_IA",
      etag: bucket
        .versionsOf("rare.bin")
        .flatMap((one) => (one.kind === "object" ? one.etag : []))
        .at(-1),
    });
  });
});
