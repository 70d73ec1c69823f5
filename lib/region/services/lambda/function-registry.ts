import type { LambdaFunction } from "../../lambda-runtime/lambda-function.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError, type Permission, type PolicyStatement } from "../../service-model.ts";

/** A deployed function with all that Lambda keeps about it. */
export interface DeployedFunction extends LambdaFunction {
  readonly description: string;
  readonly architecture: string;
  readonly kmsKeyArn: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly reservedConcurrency: number | undefined;
  readonly deadLetterArn: string | undefined;
  readonly lastModified: Date;
  readonly revisionId: string;
  /** The resource policy, statement by statement. */
  readonly policy: PolicyStatement[];
  /** The id in `https://<id>.lambda-url.<region>.on.aws/`, once the function has a URL. */
  urlId: string | undefined;
  asyncSettings: AsyncSettings | undefined;
}

/** `AWS::Lambda::EventInvokeConfig` */
export interface AsyncSettings {
  readonly retries: number;
  readonly maximumAgeSeconds: number;
  readonly onFailureArn: string | undefined;
  readonly onSuccessArn: string | undefined;
}

/** The account's functions, found by any form of name that Lambda takes. */
export class FunctionRegistry {
  readonly #context: RegionContext;
  readonly #functions = new Map<string, DeployedFunction>();

  constructor(context: RegionContext) {
    this.#context = context;
  }

  arn(name: string): string {
    return arnOf(this.#context, "lambda", `function:${name}`);
  }

  add(fn: DeployedFunction): void {
    if (this.#functions.has(fn.name)) {
      throw new AwsError("ResourceConflictException", `Function already exist: ${fn.name}`, 409);
    }
    this.#functions.set(fn.name, fn);
  }

  names(): string[] {
    return [...this.#functions.keys()].sort();
  }

  /** Finds a function by name, ARN or partial ARN, with `$LATEST` as the only qualifier: versions and aliases are not modelled. */
  find(nameOrArn: string, qualifier?: string): DeployedFunction {
    const asked = qualifierOf(nameOrArn) ?? qualifier;
    if (asked !== undefined && asked !== "$LATEST") {
      throw new AwsError(
        "NotImplemented",
        `The region's Lambda has no versions and aliases: ${nameOrArn}, qualifier ${asked}`,
        501,
      );
    }
    const name = functionName(nameOrArn);
    const fn = this.#functions.get(name);
    if (fn) return fn;
    const arn = asked === undefined ? this.arn(name) : `${this.arn(name)}:${asked}`;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, 404);
  }

  findByUrl(urlId: string): DeployedFunction | undefined {
    return [...this.#functions.values()].find((fn) => fn.urlId === urlId);
  }

  /**
   * What a caller needs. A call without a qualifier is checked against the unqualified ARN, one with `$LATEST` against
   * the qualified: Lambda's authorisation strategy since 2022, as aws/aws-cdk's commit fd1fff904 explains it.
   */
  permission(
    action: string,
    nameOrArn: string,
    qualifier?: string,
    context: Permission["context"] = {},
  ): Permission {
    const asked = qualifierOf(nameOrArn) ?? qualifier;
    const arn = this.arn(functionName(nameOrArn));
    const statements = this.#functions.get(functionName(nameOrArn))?.policy ?? [];
    return {
      action,
      resource: asked === undefined ? arn : `${arn}:${asked}`,
      context,
      ...(statements.length > 0
        ? { resourcePolicy: { Version: "2012-10-17", Statement: [...statements] } }
        : {}),
    };
  }
}

const NAME_FORMS =
  /^(?:(?:arn:aws:lambda:[a-z0-9-]+:)?\d{12}:function:)?([A-Za-z0-9_-]+)(?::([$A-Za-z0-9_-]+))?$/;

/** `name`, `name:qualifier`, `account:function:name` or a whole ARN. */
export function functionName(nameOrArn: string): string {
  const name = NAME_FORMS.exec(nameOrArn)?.[1];
  if (name !== undefined) return name;
  const message = `1 validation error detected: Value '${nameOrArn}' at 'functionName' failed to satisfy constraint`;
  throw new AwsError("ValidationException", message, 400);
}

function qualifierOf(nameOrArn: string): string | undefined {
  return NAME_FORMS.exec(nameOrArn)?.[2];
}
