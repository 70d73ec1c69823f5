import type { IPAddressVersion, Scope, WebACL } from "@aws-sdk/client-wafv2";
import type { Random } from "../../kernel/random.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import type { AwsError } from "../../service-model.ts";
import { wafError } from "./waf-error.ts";

export interface StoredWebAcl {
  readonly arn: string;
  readonly scope: Scope;
  readonly acl: WebACL;
  readonly lockToken: string;
}

export interface StoredIpSet {
  readonly arn: string;
  readonly scope: Scope;
  readonly id: string;
  readonly name: string;
  readonly version: IPAddressVersion;
  readonly description: string | undefined;
  readonly addresses: readonly string[];
  readonly lockToken: string;
}

/** What the edges of the service go by: the same things, some time later. */
interface Configuration {
  readonly webAcls: Map<string, StoredWebAcl>;
  readonly ipSets: Map<string, StoredIpSet>;
  /** The web ACL's ARN by the ARN of the resource that it protects. */
  readonly associations: Map<string, string>;
}

/** "The propagation time can be from a few seconds to a number of minutes" [SDK]; two minutes at most is unverified. */
const PROPAGATION_MS = { from: 3_000, to: 120_000 };

/** Web ACLs, IP sets and what they protect, as configured and as it is in effect. */
export class WebAcls {
  readonly context: RegionContext;
  readonly random: Random;
  readonly configured: Configuration = emptyConfiguration();
  readonly effective: Configuration = emptyConfiguration();
  readonly #tags = new Map<string, ReadonlyMap<string, string>>();
  #settledAt = 0;

  constructor(context: RegionContext) {
    this.context = context;
    this.random = context.kernel.random.fork("wafv2");
  }

  /** `regional/webacl/<name>/<id>` under the account; CloudFront's ones are called `global`. */
  arn(
    kind: "webacl" | "ipset",
    scope: string | undefined,
    name: string | undefined,
    id: string | undefined,
  ): string {
    const where = scope === "CLOUDFRONT" ? "global" : "regional";
    return arnOf(this.context, "wafv2", `${where}/${kind}/${name ?? ""}/${id ?? ""}`);
  }

  webAcl(arn: string | undefined): StoredWebAcl {
    const found = this.configured.webAcls.get(arn ?? "");
    if (!found) throw wafError.missing();
    return found;
  }

  ipSet(arn: string | undefined): StoredIpSet {
    const found = this.configured.ipSets.get(arn ?? "");
    if (!found) throw wafError.missing();
    return found;
  }

  /** "CLOUDFRONT scope only via us-east-1" (docs/facts/frontend-secrets-config.md §E). */
  checkScope(scope: string | undefined): AwsError | undefined {
    if (scope === "REGIONAL" || (scope === "CLOUDFRONT" && this.context.region === "us-east-1"))
      return undefined;
    return wafError.invalid("SCOPE_VALUE", String(scope), "The scope is not valid.");
  }

  /** Changes the configuration at once, and what is in effect a while later, in the order of the changes. */
  change(what: string, arn: string, edit: (configuration: Configuration) => void): void {
    const { kernel } = this.context;
    edit(this.configured);
    kernel.log.write("wafv2", what, { arn });
    const due = kernel.now + this.random.integer(PROPAGATION_MS.from, PROPAGATION_MS.to);
    this.#settledAt = Math.max(due, this.#settledAt);
    kernel.schedule(this.#settledAt - kernel.now, () => {
      edit(this.effective);
      kernel.log.write("wafv2", `${what}, in effect`, { arn });
    });
  }

  /** What has existed since before the story is in effect everywhere. */
  install(
    arn: string,
    tags: Readonly<Record<string, string>>,
    edit: (configuration: Configuration) => void,
  ): void {
    edit(this.configured);
    edit(this.effective);
    this.#tags.set(arn, new Map(Object.entries(tags)));
  }

  tagsOf(arn: string): ReadonlyMap<string, string> {
    return this.#tags.get(arn) ?? new Map();
  }
}

function emptyConfiguration(): Configuration {
  return { webAcls: new Map(), ipSets: new Map(), associations: new Map() };
}
