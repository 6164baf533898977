import type { MigrateInstanceResult } from '../contracts/migrate-instance';
import { describeFailure, list } from './describe-failure';

const EXIT_CODES: Readonly<Record<MigrateInstanceResult['kind'], number>> = { Planned: 0, Completed: 0, Refused: 3, RolledBack: 4, NeedsOperator: 5 };

/** Prints how a migration ended and sets the exit code that says so. */
export function printResult(result: MigrateInstanceResult, json: boolean): void {
  process.exitCode = EXIT_CODES[result.kind];
  console.log(json ? JSON.stringify(result, null, 2) : describe(result));
}

function describe(result: MigrateInstanceResult): string {
  switch (result.kind) {
    case 'Planned':
      return describePlan(result);
    case 'Completed':
      return `completed: ${result.instanceId} is replaced by ${result.replacementId} (${result.shape} in ${result.zone}${result.region === undefined ? '' : `, region ${result.region}`})`;
    default:
      return describeFailure(result);
  }
}

function describePlan({ plan, planHash }: Extract<MigrateInstanceResult, { kind: 'Planned' }>): string {
  const { cost } = plan;
  return [
    `plan ${planHash.slice(0, 12)} for ${plan.instanceId} (${plan.from.shape} in ${plan.from.zone})${plan.region === undefined ? '' : ` to ${plan.region}`}; nothing was changed`,
    `why:\n${list(plan.why)}`,
    `would create:\n${list(plan.creates)}`,
    `would change:\n${list(plan.changes)}`,
    `would terminate:\n${list(plan.terminates)}`,
    `places, in this order:\n${list(plan.rungs.map((rung) => `${rung.shape} in ${rung.zone}, ${rung.usdPerHour.toFixed(4)} USD/h`))}`,
    `cost: ${cost.hourlyBeforeUsd.toFixed(4)} -> ${cost.hourlyAfterUsd.toFixed(4)} USD/h; both run for about ${Math.round(cost.doubleRunningMs / 60_000)} min, ${cost.doubleRunningUsd.toFixed(4)} USD`,
  ].join('\n');
}
