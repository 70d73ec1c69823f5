import type { MetricDatum, PutMetricDataInput, StatisticSet } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../service-model.ts";
import type { Summary } from "./distribution.ts";
import { dimensionRecord } from "./metric-id.ts";
import type { Sample } from "./metric-store.ts";

/** Reads a PutMetricData request whole, so that nothing is stored of a request that has a fault. */
export function samplesFrom({ Namespace = "", MetricData = [] }: PutMetricDataInput, now: number): Sample[] {
  // AWS/ belongs to the services [PutMetricData, Namespace]; the message, and the pattern [^:].* of at most
  // 255 characters, are from memory of the API reference: unverified.
  if (!/^[^:].{0,254}$/.test(Namespace) || Namespace.startsWith("AWS/")) {
    invalid(
      `The value ${Namespace.startsWith("AWS/") ? "AWS/" : Namespace} for parameter Namespace is invalid.`,
    );
  }
  if (MetricData.length === 0) missing("The parameter MetricData is required.");
  if (MetricData.length > 1_000) invalid("The collection MetricData must not have a size greater than 1000.");
  return MetricData.map((datum, index) =>
    sampleFrom(Namespace, datum, `MetricData.member.${index + 1}`, now),
  );
}

const hour = 3_600_000;

function sampleFrom(namespace: string, datum: MetricDatum, where: string, now: number): Sample {
  const { MetricName, Dimensions = [], Timestamp, StorageResolution = 60, Unit = "None" } = datum;
  if (!MetricName || MetricName.length > 255)
    return missing(`The parameter ${where}.MetricName is required.`);
  if (StorageResolution !== 1 && StorageResolution !== 60) {
    return invalid(`The parameter ${where}.StorageResolution must be 1 or 60.`);
  }
  if (Dimensions.length > 30)
    invalid(`The collection ${where}.Dimensions must not have a size greater than 30.`);
  if (Dimensions.some(({ Name, Value }) => !Name || !Value))
    invalid(`The parameter ${where}.Dimensions has an empty member.`);
  const at = Timestamp?.getTime() ?? now;
  if (at < now - 14 * 24 * hour) {
    invalid(`The parameter ${where}.Timestamp must specify a time within the past two weeks.`);
  }
  if (at > now + 2 * hour) {
    invalid(`The parameter ${where}.Timestamp must specify a time no more than two hours in the future.`);
  }
  return {
    metric: { namespace, name: MetricName, dimensions: dimensionRecord(Dimensions) },
    at,
    unit: Unit,
    resolutionSeconds: StorageResolution,
    ...contentOf(datum, where),
  };
}

function contentOf(
  { Value, Values, Counts, StatisticValues }: MetricDatum,
  where: string,
): Pick<Sample, "values" | "summaries"> {
  if ([Value, Values, StatisticValues].filter((content) => content !== undefined).length !== 1) {
    throw new AwsError(
      "InvalidParameterCombinationException",
      `Exactly one of Value, Values and StatisticValues must be given in ${where}.`,
    );
  }
  if (StatisticValues) return { values: [], summaries: [summaryFrom(StatisticValues, where)] };
  const numbers = Values ?? [Value ?? Number.NaN];
  const counts = Counts ?? numbers.map(() => 1);
  if (numbers.length === 0 || numbers.length > 150) invalid(`${where}.Values must have 1 to 150 members.`);
  if (counts.length !== numbers.length)
    invalid(`The parameters ${where}.Values and ${where}.Counts must be of the same size.`);
  const pairs = numbers.map(
    (number, index) => [checked(number, where), checked(counts[index] ?? 0, where)] as const,
  );
  if (pairs.some(([, count]) => count <= 0)) invalid(`The parameter ${where}.Counts must be positive.`);
  return { values: pairs };
}

function summaryFrom({ SampleCount, Sum, Minimum, Maximum }: StatisticSet, where: string): Summary {
  const summary = {
    SampleCount: checked(SampleCount, where),
    Sum: checked(Sum, where),
    Minimum: checked(Minimum, where),
    Maximum: checked(Maximum, where),
  };
  if (summary.SampleCount <= 0 || summary.Maximum < summary.Minimum) {
    invalid(`The parameter ${where}.StatisticValues is not a set of statistics.`);
  }
  return summary;
}

/** From -2^360 to 2^360, no NaN, no infinities [PutMetricData]. */
function checked(number: number | undefined, where: string): number {
  if (number !== undefined && Math.abs(number) <= 2 ** 360) return number;
  return invalid(`The value ${number} for parameter ${where}.Value is invalid.`);
}

function invalid(message: string): never {
  throw new AwsError("InvalidParameterValueException", message);
}

function missing(message: string): never {
  throw new AwsError("MissingRequiredParameterException", message);
}
