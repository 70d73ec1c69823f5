import {
  type CloudFrontKeyValueStoreClient,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  PutKeyCommand,
} from "@aws-sdk/client-cloudfront-keyvaluestore";
import type { MaintenanceSwitch } from "../../contracts/kinds/maintenance.ts";
import { asked, isNamed } from "../aws-call.ts";
import type { Position, Switch } from "./switches.ts";

type Configured = Extract<MaintenanceSwitch, { readonly by: "key-value-store" }>;

/** A key that a function at CloudFront's edge reads: it answers for the frontend and for what is behind it. */
export function keyValueSwitch(store: CloudFrontKeyValueStoreClient, configured: Configured): Switch {
  const { keyValueStore: KvsARN, key: Key } = configured;
  const position = async (): Promise<Position | { readonly problem: string }> => {
    try {
      const { Value } = await asked(`Reading the key ${Key}`, store.send(new GetKeyCommand({ KvsARN, Key })));
      if (Value === configured.on) return "on";
      return Value === configured.off ? "off" : "other";
    } catch (error) {
      if (!isNamed(error, "ResourceNotFoundException")) throw error;
      return {
        problem: `the KeyValueStore or its key ${Key} does not exist; make it with the value for off.`,
      };
    }
  };
  return {
    // "seconds to low tens of seconds" (docs/facts/frontend-secrets-config.md §A.0; unverified there, §K 1).
    settleSeconds: 20,
    name: `the key ${Key} of the KeyValueStore`,
    byHand: (to) => {
      const store = `--kvs-arn ${KvsARN}`;
      const etag = `"$(aws cloudfront-keyvaluestore describe-key-value-store ${store} --query ETag --output text)"`;
      return [
        `aws cloudfront-keyvaluestore put-key ${store} --key ${Key} --value '${configured[to]}' --if-match ${etag}`,
      ];
    },
    async look() {
      const found = await position();
      return typeof found === "string" ? [found] : found;
    },
    async turn(to) {
      // The ETag is that of the whole store and comes first: what is read afterwards is not older (§A.2).
      const { ETag } = await asked(
        "Reading the KeyValueStore",
        store.send(new DescribeKeyValueStoreCommand({ KvsARN })),
      );
      if ((await position()) !== (to === "on" ? "off" : "on")) return "collided";
      const command = new PutKeyCommand({ KvsARN, Key, Value: configured[to], IfMatch: ETag });
      try {
        await asked(`Writing the key ${Key}`, store.send(command));
        return "turned";
      } catch (error) {
        if (isNamed(error, "ConflictException")) return "collided";
        throw error;
      }
    },
  };
}
