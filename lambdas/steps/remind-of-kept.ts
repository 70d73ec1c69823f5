import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import { refusalText } from "../components/aws-call.ts";
import type { KeptReader } from "../components/component.ts";
import { keptReadersOf } from "../components/registry.ts";
import { StepbackError } from "../contracts/errors.ts";
import { type KeptAddress, KeptQuestion } from "../contracts/kept.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import type { Kind, Phase } from "../contracts/vocabulary.ts";
import { isDue } from "../domain/kept/due.ts";
import type { Kept } from "../domain/kept/kept.ts";
import { type Place, remind } from "../domain/kept/remind.ts";
import { isTransient } from "../platform/aws-errors.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { CLIENT_OPTIONS } from "../platform/platform.ts";

const Output = z.strictObject({ kept: z.number(), due: z.number(), troubles: z.number() });

interface Services {
  readonly readers: Readonly<Partial<Record<Kind, KeptReader>>>;
  readonly sns: SNSClient;
  readonly topic: string;
  readonly place: Place;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** Trouble that passes is waited for this often: a day that is missed is told of a week later only. */
const LOOKS = 3;
const BETWEEN_LOOKS_SECONDS = 20;

/**
 * Tells people, in one message, which things that rollbacks kept are due today. Reads AWS, writes nothing, deletes
 * nothing. What cannot be looked at is told as well: a reminder that is silently broken is none. EventBridge delivers at
 * least once, so a message may come twice; nobody remembers that it did.
 */
export async function remindOfKept(
  { at, components }: KeptQuestion,
  services: Services,
): Promise<z.infer<typeof Output>> {
  const moment = new Date(at);
  const looks = await Promise.all(
    Object.entries(components).map(([component, address]) => look(component, address, moment, services)),
  );
  const kept = looks.flatMap((one) => ("kept" in one ? one.kept : []));
  const troubles = looks.flatMap((one) => ("trouble" in one ? one.trouble : []));
  const { place, sns, topic } = services;
  const announcement = remind(place, moment, { kept, troubles });
  if (announcement) {
    const { subject: Subject, message: Message } = announcement;
    const phase = { DataType: "String", StringValue: "reminder" satisfies Phase };
    const environment = { DataType: "String", StringValue: place.environment };
    const MessageAttributes = { phase, environment };
    await sns.send(new PublishCommand({ TopicArn: topic, Subject, Message, MessageAttributes }));
  }
  const due = kept.filter(({ expires }) => isDue(expires, moment)).length;
  return { kept: kept.length, due, troubles: troubles.length };
}

type Look = { readonly kept: readonly Kept[] } | { readonly trouble: string };

async function look(
  component: string,
  address: KeptAddress,
  at: Date,
  { readers, sleep }: Services,
): Promise<Look> {
  const read = readers[address.kind];
  if (!read) return { kept: [] };
  for (let remaining = LOOKS - 1; ; remaining--) {
    try {
      return { kept: await read(component, address, at) };
    } catch (error) {
      if (remaining === 0 || !isBusy(error)) return { trouble: troubleOf(component, error) };
      await sleep(BETWEEN_LOOKS_SECONDS);
    }
  }
}

const isBusy = (error: unknown) =>
  isTransient(error) || (error instanceof StepbackError && error.name === "AwsBusy");

/** What AWS said, or what is wrong with the environment. A bug is none of these and ends the function. */
function troubleOf(component: string, error: unknown): string {
  const text = error instanceof StepbackError ? error.message : refusalText(error);
  if (text === undefined) throw error;
  return `${component}: ${text}`;
}

export const handler = defineHandler({
  name: "remind-of-kept",
  input: KeptQuestion,
  output: Output,
  services: (platform): Services => ({
    readers: keptReadersOf(platform),
    sns: new SNSClient(CLIENT_OPTIONS),
    topic: platform.setting("announcementTopic"),
    place: {
      application: platform.setting("applicationName"),
      environment: platform.setting("environmentName"),
      account: platform.setting("account"),
      region: platform.region,
    },
    sleep: platform.sleep,
  }),
  async run(input, services, { logger }) {
    const result = await remindOfKept(input, services);
    logger.info(LOG_EVENTS.reminded, { ...result });
    return result;
  },
});
