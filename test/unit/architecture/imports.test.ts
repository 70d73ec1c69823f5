import { describe, expect, it } from "vitest";
import { type Import, type Source, sourcesIn } from "./sources.ts";

/** One way only: contracts ← domain ← components ← steps; platform is wiring (docs/architecture.md). */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  domain: ["contracts"],
  components: ["contracts", "domain", "platform"],
  platform: ["contracts"],
  steps: ["contracts", "domain", "components", "platform"],
};

/** What each layer may use from outside; the domain is pure. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  contracts: /^zod$/,
  domain: /^(zod|node:crypto)$/,
  // Copies of objects are signed and sent without the client's own layers (docs/dependencies.md).
  components:
    /^(zod|node:crypto|@aws-sdk\/(client-[\w-]+|signature-v4a)|@smithy\/(core\/\w+|signature-v4|types))$/,
  platform:
    /^(zod|node:dns\/promises|node:net|@aws-sdk\/client-[\w-]+|@aws-lambda-powertools\/[\w/-]+|@middy\/core)$/,
  steps: /^(zod|@aws-sdk\/client-[\w-]+|@aws-lambda-powertools\/metrics)$/,
};

/**
 * Services meet in the region, not in one another. SNS filter policies are event patterns with one more operator, so
 * they share the pure functions that evaluate them.
 */
const SHARED_BETWEEN_SERVICES = [
  "lib/region/services/sns/filter-policy.ts → lib/region/services/eventbridge/event-pattern.ts",
  "lib/region/services/sns/filter-policy.ts → lib/region/services/eventbridge/leaf-rule.ts",
];

describe.each(Object.keys(LAYERS))("lambdas/%s", (layer) => {
  const sources = sourcesIn(`lambdas/${layer}/**/*.ts`);

  it("imports only the layers below it", () => {
    const allowed = [layer, ...(LAYERS[layer] ?? [])].map((name) => `lambdas/${name}/`);

    const wrong = linksOf(sources, ({ isLocal, isType, target }) => {
      // Wiring hands its parts over as the components' own types.
      if (layer === "platform" && isType && target === "lambdas/components/component.ts") return false;
      return isLocal && !allowed.some((folder) => target.startsWith(folder));
    });

    expect(sources.length).toBeGreaterThan(1);
    expect(wrong).toEqual([]);
  });

  it("uses only the packages that belong there", () => {
    expect(linksOf(sources, ({ isLocal, target }) => !isLocal && !PACKAGES[layer]?.test(target))).toEqual([]);
  });
});

describe("lib/stack", () => {
  const sources = sourcesIn("lib/stack/**/*.ts");

  it("imports lambdas/contracts and nothing else of the project", () => {
    const inside = ["lib/stack/", "lambdas/contracts/"];

    expect(sources.length).toBeGreaterThan(10);
    expect(
      linksOf(
        sources,
        ({ isLocal, target }) => isLocal && !inside.some((folder) => target.startsWith(folder)),
      ),
    ).toEqual([]);
  });
});

describe("lib/region", () => {
  const sources = sourcesIn("lib/region/**/*.ts");

  it("knows nothing of Stepback except what the template says", () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(linksOf(sources, ({ isLocal, target }) => isLocal && !target.startsWith("lib/region/"))).toEqual(
      [],
    );
  });

  it("has services that do not know one another", () => {
    const serviceOf = (path: string) => /^lib\/region\/services\/([^/]+)/.exec(path)?.[1];
    const across = sources.flatMap((source) => {
      const own = serviceOf(source.path);
      if (own === undefined) return [];
      return linksOf([source], ({ target }) => (serviceOf(target) ?? own) !== own);
    });

    expect(across.sort()).toEqual(SHARED_BETWEEN_SERVICES);
  });

  it("shares between services only what is pure: patterns of events", () => {
    const shared = SHARED_BETWEEN_SERVICES.map((link) => link.split(" → ")[1]);
    const modules = sources.filter(({ path }) => shared.includes(path));

    const needed = linksOf(modules, ({ target }) => !shared.includes(target));
    expect(needed.filter((link) => !link.endsWith("/wildcard-pattern.ts"))).toEqual([]);
  });
});

describe("the project", () => {
  const sources = sourcesIn("{bin,lib,lambdas,scripts}/**/*.ts");
  const byPath = new Map(sources.map((source) => [source.path, source]));

  it("imports only files that exist", () => {
    expect(linksOf(sources, ({ isLocal, target }) => isLocal && !byPath.has(target))).toEqual([]);
  });

  it("has no circle of imports", () => {
    expect(circlesIn(byPath)).toEqual([]);
  });

  it("ships nothing of its tests", () => {
    expect(linksOf(sources, ({ target }) => target.startsWith("test/") || target === "vitest")).toEqual([]);
  });
});

function linksOf(sources: readonly Source[], which: (imported: Import) => boolean): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.filter(which).map(({ target }) => `${path} → ${target}`),
  );
}

/** Circles that exist when the program runs; types may refer to each other. */
function circlesIn(sources: ReadonlyMap<string, Source>): readonly string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
    if (done.has(path)) return;
    done.add(path);
    for (const { target, isType } of sources.get(path)?.imports ?? []) {
      if (!isType) visit(target, [...trail, path]);
    }
  };
  for (const path of sources.keys()) visit(path, []);
  return circles;
}
