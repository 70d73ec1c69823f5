import type { Random } from "../kernel/random.ts";

/** The longest names of the types whose limit a generated name can reach (each service's Create operation). */
const LONGEST: Readonly<Record<string, number>> = {
  "AWS::IAM::Role": 64,
  "AWS::Lambda::Function": 64,
  "AWS::S3::Bucket": 63,
  "AWS::SQS::Queue": 80,
  "AWS::StepFunctions::StateMachine": 80,
};

const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * The name that CloudFormation makes up for a resource: `<stack>-<logical id>-<12 characters>`, shortened to what the
 * type allows. How it shortens is unverified; here stack name and logical id share the room evenly.
 */
export function physicalName(type: string, stackName: string, logicalId: string, random: Random): string {
  const suffix = Array.from({ length: 12 }, () => CHARACTERS.charAt(random.integer(0, 35))).join("");
  const room = (LONGEST[type] ?? 255) - suffix.length - 2;
  const fits = stackName.length + logicalId.length <= room;
  const half = Math.floor(room / 2);
  const name = fits
    ? `${stackName}-${logicalId}-${suffix}`
    : `${stackName.slice(0, half)}-${logicalId.slice(0, half)}-${suffix}`;
  return type === "AWS::S3::Bucket" ? name.toLowerCase() : name;
}
