import type { DistributionConfig } from "@aws-sdk/client-cloudfront";
import type { Random } from "../../kernel/random.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { type CloudFrontOptions, type Pace, usualPace } from "./cloudfront-options.ts";
import { Distribution } from "./distribution.ts";
import { checkConfig } from "./distribution-config.ts";
import type { EdgeFunction, FunctionCode } from "./edge-functions.ts";

/** The account's distributions and edge functions. */
export class Distributions {
  /** Change its members to slow things down. */
  readonly pace: Pace = usualPace();
  readonly edges: readonly string[];
  readonly #context: RegionContext;
  readonly #options: CloudFrontOptions;
  readonly #random: Random;
  readonly #distributions = new Map<string, Distribution>();
  readonly #functions = new Map<string, EdgeFunction>();

  constructor(context: RegionContext, options: CloudFrontOptions) {
    this.#context = context;
    this.#options = options;
    this.#random = context.kernel.random.fork("cloudfront");
    this.edges = options.edges ?? ["FRA56-P1", "IAD79-P2", "NRT57-P3"];
  }

  all(): readonly Distribution[] {
    return [...this.#distributions.values()];
  }

  get(id: string | undefined): Distribution {
    const found = this.#distributions.get(id ?? "");
    if (found === undefined) {
      throw new AwsError("NoSuchDistribution", "The specified distribution does not exist.");
    }
    return found;
  }

  create(config: DistributionConfig): Distribution {
    this.#check(config);
    const id = `E${this.#random.hex(13).toUpperCase()}`;
    const arn = `arn:aws:cloudfront::${this.#context.account}:distribution/${id}`;
    const domainName = `d${this.#random.hex(13)}.cloudfront.net`;
    const distribution = new Distribution({ id, arn, domainName }, structuredClone(config), this.edges, {
      kernel: this.#context.kernel,
      random: this.#random.fork(id),
      pace: this.pace,
      readOrigin: this.#options.readOrigin,
      storeAtEdge: this.#options.storeAtEdge ?? (() => undefined),
      functionOf: (functionArn) => this.#functions.get(functionArn),
    });
    this.#distributions.set(id, distribution);
    this.#context.kernel.log.write("cloudfront", "distribution created", { distribution: id });
    return distribution;
  }

  /** As UpdateDistribution does it, whoever asks: the caller reference stays what it was [SDK DistributionConfig]. */
  update(distribution: Distribution, config: DistributionConfig): void {
    this.#check(config);
    if (config.CallerReference !== distribution.config.CallerReference) {
      throw new AwsError("IllegalUpdate", "The update contains modifications that are not allowed.");
    }
    distribution.update(structuredClone(config));
    this.#context.kernel.log.write("cloudfront", "distribution updated", {
      distribution: distribution.identity.id,
      originPaths: (config.Origins?.Items ?? []).map(({ OriginPath }) => OriginPath ?? ""),
    });
  }

  /** Publishes a viewer-request function, with the store it reads; answers its ARN. */
  publishFunction(name: string, code: FunctionCode, storeArn?: string): string {
    const arn = `arn:aws:cloudfront::${this.#context.account}:function/${name}`;
    this.#functions.set(arn, { arn, storeArn, code });
    return arn;
  }

  #check(config: DistributionConfig): void {
    checkConfig(config, (arn) => this.#functions.has(arn));
  }
}
