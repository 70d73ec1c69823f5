import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Region } from "../../lib/region/region.ts";
import { codesOf, ROOT, rowsOf, sectionOf, textOf } from "./documents.ts";

const TEXT = textOf("docs/fidelity.md");

const NAMES: Readonly<Record<string, string>> = {
  appconfig: "AppConfig",
  "application-autoscaling": "Application Auto Scaling",
  cloudfront: "CloudFront",
  "cloudfront-keyvaluestore": "CloudFront KeyValueStore",
  monitoring: "CloudWatch",
  logs: "CloudWatch Logs",
  codedeploy: "CodeDeploy",
  dynamodb: "DynamoDB",
  ec2: "EC2",
  ecr: "ECR",
  ecs: "ECS",
  elasticloadbalancing: "Elastic Load Balancing",
  elasticache: "ElastiCache",
  events: "EventBridge",
  kms: "KMS",
  lambda: "Lambda",
  rds: "RDS",
  s3: "S3",
  scheduler: "EventBridge Scheduler",
  secretsmanager: "Secrets Manager",
  sns: "SNS",
  sqs: "SQS",
  sts: "STS",
  states: "Step Functions",
  ssm: "Systems Manager",
  wafv2: "WAF",
};

/** The rows of the table of what is modelled, as they have to be. */
function modelled(): string[] {
  const region = new Region({ account: "111122223333", region: "eu-west-1", seed: 1, start: 0 });
  const rows = region.endpoint.services.map(({ signingName, operations, resources }) => {
    const name = `${NAMES[signingName] ?? signingName} (\`${signingName}\`)`;
    const types = [...resources.keys()].map((type) => `\`${type}\``);
    return `| ${name} | ${[...operations.keys()].sort().join(", ")} | ${types.join(", ")} |`;
  });
  return rows.sort();
}

describe("docs/fidelity.md", () => {
  it("lists exactly the operations and resources that the region models", () => {
    const table = sectionOf(TEXT, "What is modelled")
      .split("\n")
      .filter((line) => /^\| .*\(`[\w-]+`\) \|/.test(line));

    expect(table).toEqual(modelled());
  });

  it("lists exactly the files that hold something unverified", () => {
    const files = globSync("{lib/region,lib/stack,lambdas}/**/*.ts", { cwd: ROOT }).filter((file) =>
      /unverified/i.test(readFileSync(`${ROOT}/${file}`, "utf8")),
    );
    const rows = rowsOf(sectionOf(TEXT, "Not known about AWS"));

    expect(files.length).toBeGreaterThan(10);
    expect(rows.map(([file = ""]) => codesOf(file)[0]).sort()).toEqual(files.sort());
    for (const [file, ...words] of rows) expect(words.join(" ").length, file).toBeGreaterThan(15);
  });
});
