import type { Permission } from "../../service-model.ts";
import type { WebAcls } from "./web-acls.ts";

/** An action on a web ACL, an IP set or a protected resource, with the tags that it has. */
export function onArn(acls: WebAcls, action: string, arn: string | undefined): Permission {
  const tags = [...acls.tagsOf(arn ?? "")].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  return { action, resource: arn ?? "*", context: Object.fromEntries(tags) };
}
