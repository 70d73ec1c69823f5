import type { Random } from "../../kernel/random.ts";
import type { RegionContext } from "../../region-context.ts";
import { ExpressionEvaluator } from "../../states-language/expression.ts";
import { IntegrationCatalogue } from "../../states-language/integrations/integration-catalogue.ts";
import type { SdkService } from "../../states-language/integrations/sdk-integration.ts";
import { TaskTokens } from "../../states-language/task-tokens.ts";

/** What all machines and executions of the region share. */
export interface StatesWorld {
  readonly context: RegionContext;
  readonly random: Random;
  readonly tokens: TaskTokens;
  readonly evaluator: ExpressionEvaluator;
  readonly integrations: IntegrationCatalogue;
}

export function statesWorld(context: RegionContext, sdkServices: readonly SdkService[]): StatesWorld {
  const random = context.kernel.random.fork("states");
  return {
    context,
    random,
    tokens: new TaskTokens(random.fork("tokens")),
    evaluator: new ExpressionEvaluator(context.kernel, random.fork("expressions")),
    integrations: new IntegrationCatalogue(sdkServices),
  };
}
