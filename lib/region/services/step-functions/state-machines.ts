import type {
  EncryptionConfiguration,
  LoggingConfiguration,
  Tag,
  TracingConfiguration,
} from "@aws-sdk/client-sfn";
import { arnOf } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { checkDefinition } from "../../states-language/check/check-definition.ts";
import type { StateMachineDefinition } from "../../states-language/definition.ts";
import { awsCode, failsCreation } from "./diagnostics.ts";
import type { StatesWorld } from "./states-world.ts";

export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly definitionText: string;
  readonly definition: StateMachineDefinition;
  readonly roleArn: string;
  readonly creationDate: Date;
  readonly revisionId: string;
  readonly settings: MachineSettings;
  tags: readonly Tag[];
}

/** Kept and shown; delivery of logs and traces is not modelled. */
export interface MachineSettings {
  readonly loggingConfiguration: LoggingConfiguration;
  readonly tracingConfiguration: TracingConfiguration;
  readonly encryptionConfiguration?: EncryptionConfiguration;
}

interface NewMachine {
  readonly name: string;
  readonly definitionText: string;
  readonly roleArn: string;
  readonly settings: MachineSettings;
  readonly tags: readonly Tag[];
}

/** The Standard state machines of the account. */
export class StateMachines {
  readonly #world: StatesWorld;
  readonly #byArn = new Map<string, StateMachine>();

  constructor(world: StatesWorld) {
    this.#world = world;
  }

  /** @throws AwsError InvalidDefinition with everything that is wrong, InvalidName, StateMachineAlreadyExists */
  create(machine: NewMachine): StateMachine {
    const { context, random } = this.#world;
    checkName(machine.name);
    const arn = arnOf(context, "states", `stateMachine:${machine.name}`);
    if (this.#byArn.has(arn))
      throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
    const definition = this.#definition(machine.definitionText);
    const created: StateMachine = {
      ...machine,
      arn,
      definition,
      creationDate: context.kernel.date(),
      revisionId: random.uuid(),
    };
    this.#byArn.set(arn, created);
    return created;
  }

  get(arn: string): StateMachine {
    checkArn(arn);
    const machine = this.#byArn.get(arn);
    if (!machine) throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  find(arn: string): StateMachine | undefined {
    return this.#byArn.get(arn);
  }

  list(): readonly StateMachine[] {
    return [...this.#byArn.values()];
  }

  #definition(text: string): StateMachineDefinition {
    const errors = checkDefinition(text, this.#world.integrations).filter(failsCreation);
    if (errors.length > 0) {
      const list = errors
        .map((finding) => `${awsCode(finding)}: ${finding.message} at ${finding.location}`)
        .join(", ");
      throw new AwsError("InvalidDefinition", `Invalid State Machine Definition: '${list}'`);
    }
    // The seam from JSON to the typed definition: the check above is what makes it true.
    return JSON.parse(text) as StateMachineDefinition;
  }
}

/** [SDK: the name of a state machine or execution "must not contain" …]; 80 characters at most. */
export function checkName(name: string): void {
  const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\u{fffe}\u{ffff}]/u;
  if (name.length === 0 || name.length > 80 || forbidden.test(name)) {
    throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
  }
}

/** [localstack AWS snapshots, `…_invalid_arn`] */
export function checkArn(arn: string | undefined): asserts arn is string {
  if (!arn?.startsWith("arn:"))
    throw new AwsError("InvalidArn", `Invalid Arn: 'Invalid ARN prefix: ${arn ?? ""}'`);
}
