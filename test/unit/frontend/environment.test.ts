import { describe, expect, it } from "vitest";
import { brokenReferences } from "../../../lambdas/contracts/broken-references.ts";
import { FrontendComponent } from "../../../lambdas/contracts/kinds/frontend.ts";

const problems = (release: object, header?: string) => {
  const probe = { host: "www.example.com", ...(header ? { header } : {}) };
  const web = { kind: "frontend", bucket: "site", distribution: "E1234567890", release, probe };
  return brokenReferences({ web: FrontendComponent.parse(web) });
};

describe("a frontend that is probed by a header", () => {
  it("is refused where releases have no names that a header could say", () => {
    expect(problems({ strategy: "versioned-bucket" }, "x-version")).toEqual([
      { path: ["web", "probe", "header"], message: expect.stringContaining("x-amz-meta-") },
    ]);
  });

  it.each([
    [{ strategy: "versioned-bucket" }, "x-amz-meta-release"],
    [{ strategy: "versioned-bucket" }, undefined],
    [{ strategy: "release-prefix" }, "x-version"],
  ])("is fine otherwise: %o, %s", (release, header) => {
    expect(problems(release, header)).toEqual([]);
  });
});
