import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageReference, pinned } from "../../../lambdas/components/ecs-service/image-reference.ts";

const digest = `sha256:${"0a".repeat(32)}`;
const ecr = { account: "123456789012", region: "eu-west-1", repository: "team/shop" };
const ecrName = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop";

describe("an image reference", () => {
  it.each([
    ["nginx", { name: "nginx" }],
    ["nginx:1.27", { name: "nginx", tag: "1.27" }],
    ["registry.local:5000/shop", { name: "registry.local:5000/shop" }],
    ["registry.local:5000/shop:v1", { name: "registry.local:5000/shop", tag: "v1" }],
    ["public.ecr.aws/nginx/nginx:1", { name: "public.ecr.aws/nginx/nginx", tag: "1" }],
    [`${ecrName}:v1`, { name: ecrName, tag: "v1", ecr }],
    [`${ecrName}@${digest}`, { name: ecrName, digest, ecr }],
    [`${ecrName}:v1@${digest}`, { name: ecrName, tag: "v1", digest, ecr }],
    [
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/shop",
      {
        name: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/shop",
        ecr: { account: "123456789012", region: "cn-north-1", repository: "shop" },
      },
    ],
  ])("%s is taken apart", (image, parts) => {
    expect(imageReference(image)).toEqual(parts);
  });

  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const name = fc
    .tuple(
      fc.option(fc.tuple(word, fc.option(fc.nat(65_535)))),
      fc.array(word, { minLength: 1, maxLength: 3 }),
    )
    .map(([host, path]) => {
      const registry = host ? `${host[0]}.example${host[1] === null ? "" : `:${host[1]}`}/` : "";
      return `${registry}${path.join("/")}`;
    });
  const tag = fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,12}$/), { nil: undefined });
  const sha = fc.option(fc.stringMatching(/^sha256:[0-9a-f]{64}$/), { nil: undefined });

  it("puts together again what it takes apart", () => {
    fc.assert(
      fc.property(name, tag, sha, (written, writtenTag, writtenDigest) => {
        const image = `${written}${writtenTag === undefined ? "" : `:${writtenTag}`}${writtenDigest === undefined ? "" : `@${writtenDigest}`}`;

        const parts = imageReference(image);

        expect(parts).toEqual({
          name: written,
          ...(writtenTag === undefined ? {} : { tag: writtenTag }),
          ...(writtenDigest === undefined ? {} : { digest: writtenDigest }),
        });
      }),
    );
  });

  it("is pinned to the digest given, whatever it said before, and once is enough", () => {
    fc.assert(
      fc.property(name, tag, sha, (written, writtenTag, writtenDigest) => {
        const image = `${written}${writtenTag === undefined ? "" : `:${writtenTag}`}${writtenDigest === undefined ? "" : `@${writtenDigest}`}`;

        const once = pinned(image, digest);

        expect(once).toBe(`${written}@${digest}`);
        expect(pinned(once, digest)).toBe(once);
      }),
    );
  });
});
