import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { AlarmBook } from "./alarm-book.ts";

/** Declares the operations on alarm mute rules. `arnOfRule` gives the ARN of a rule's name. */
export function addMuteOperations(
  model: ServiceModel,
  book: AlarmBook,
  arnOfRule: (name: string) => string,
): void {
  model
    .on(cloudwatch.PutAlarmMuteRuleCommand, {
      accepts: ["Name", "Description", "Rule.Schedule", "MuteTargets.AlarmNames", "StartDate", "ExpireDate"],
      // On the rule itself and on each alarm it targets [PutAlarmMuteRule, Permissions].
      authorize: ({ Name = "", MuteTargets }) =>
        [arnOfRule(Name), ...(MuteTargets?.AlarmNames ?? []).map((name) => book.arn(name))].map(
          (resource) => ({
            action: "cloudwatch:PutAlarmMuteRule",
            resource,
          }),
        ),
      handle: (input) => {
        const unknown = (input.MuteTargets?.AlarmNames ?? []).filter((name) => !book.get(name));
        if (unknown.length > 0) {
          throw new AwsError("ValidationException", `The alarms ${unknown.join(", ")} do not exist`);
        }
        book.mutes.put(arnOfRule(input.Name ?? ""), input);
        return {};
      },
    })
    .on(cloudwatch.GetAlarmMuteRuleCommand, {
      accepts: ["AlarmMuteRuleName"],
      authorize: ({ AlarmMuteRuleName = "" }) => [
        { action: "cloudwatch:GetAlarmMuteRule", resource: arnOfRule(AlarmMuteRuleName) },
      ],
      handle: ({ AlarmMuteRuleName = "" }) => {
        const rule = book.mutes.get(AlarmMuteRuleName);
        if (!rule) {
          throw new AwsError(
            "ResourceNotFoundException",
            `The alarm mute rule ${AlarmMuteRuleName} does not exist`,
          );
        }
        const { Description, Rule, MuteTargets, StartDate, ExpireDate } = rule.input;
        return {
          ...{
            Name: rule.name,
            AlarmMuteRuleArn: rule.arn,
            Description,
            Rule,
            MuteTargets,
            StartDate,
            ExpireDate,
          },
          Status: book.mutes.status(rule),
          LastUpdatedTimestamp: new Date(rule.updatedAt),
        };
      },
    })
    .on(cloudwatch.DeleteAlarmMuteRuleCommand, {
      accepts: ["AlarmMuteRuleName"],
      authorize: ({ AlarmMuteRuleName = "" }) => [
        { action: "cloudwatch:DeleteAlarmMuteRule", resource: arnOfRule(AlarmMuteRuleName) },
      ],
      handle: ({ AlarmMuteRuleName = "" }) => {
        book.mutes.delete(AlarmMuteRuleName);
        return {};
      },
    });
}
