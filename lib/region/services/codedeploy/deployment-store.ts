import type { Random } from "../../kernel/random.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { ApplicationRecord, DeploymentRecord, GroupRecord } from "./records.ts";

/** The account's applications, deployment groups and deployments, and the answers when one is not there. */
export class DeploymentStore {
  readonly context: RegionContext;
  readonly random: Random;
  readonly applications = new Map<string, ApplicationRecord>();

  constructor(context: RegionContext) {
    this.context = context;
    this.random = context.kernel.random.fork("codedeploy");
  }

  application(name: string | undefined): ApplicationRecord {
    const found = this.applications.get(name ?? "");
    if (found) return found;
    throw new AwsError("ApplicationDoesNotExistException", `No application found for name: ${name}`);
  }

  group(application: string | undefined, name: string | undefined): GroupRecord {
    const { groups } = this.application(application);
    if (name === undefined) {
      throw new AwsError("DeploymentGroupNameRequiredException", "Deployment Group name is missing");
    }
    const found = groups.get(name);
    if (found) return found;
    throw new AwsError("DeploymentGroupDoesNotExistException", `No Deployment Group found for name: ${name}`);
  }

  /** Every deployment of the account, oldest first within its group. */
  deployments(): DeploymentRecord[] {
    const groups = [...this.applications.values()].flatMap((application) => [...application.groups.values()]);
    return groups.flatMap((group) => group.deployments);
  }

  find(id: string | undefined): DeploymentRecord | undefined {
    return this.deployments().find((deployment) => deployment.id === id);
  }

  deployment(id: string | undefined): DeploymentRecord {
    if (!/^d-[A-Z0-9]{9}$/.test(id ?? "")) {
      throw new AwsError(
        "InvalidDeploymentIdException",
        `Specified DeploymentId is not in the valid format: ${id}`,
      );
    }
    const found = this.find(id);
    if (!found)
      throw new AwsError("DeploymentDoesNotExistException", `The deployment ${id} could not be found`);
    return found;
  }

  /** `d-` and nine capitals or digits, as in CodeDeploy's examples. */
  newDeploymentId(): string {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    return `d-${Array.from({ length: 9 }, () => alphabet[this.random.integer(0, 35)]).join("")}`;
  }

  applicationArn(name: string | undefined): string {
    return arnOf(this.context, "codedeploy", `application:${name ?? ""}`);
  }

  groupArn(application: string | undefined, group: string | undefined): string {
    return arnOf(this.context, "codedeploy", `deploymentgroup:${application ?? ""}/${group ?? ""}`);
  }
}
