import { Command } from 'commander';
import { digestOf } from '../../activities/digest';
import type { PlanStore, StoredPlan } from '../../activities/plan-port';
import { isPlanId } from '../../contracts/shape-fleet';
import type { FleetPlan } from '../../domain/fleet-plan/fleet-plan';
import { planFleet } from '../../domain/fleet-plan/plan-fleet';
import type { ModeChoice } from '../../domain/fleet-plan/plan-modes';
import { describeEarned, describeInstance } from '../plan/describe-plan';
import { planOrRefuse, withPlans } from '../plan-store';
import { WrongUsage } from '../report-failure';

const RECENT_PLANS = 50;

/** What a plan says of an instance, or of all, and whether it is what its inputs give. */
interface Explanation {
  readonly planId: string;
  readonly atMs: number;
  readonly lines: readonly string[];
  /** `same`: the pinned inputs give this plan bit for bit. `gone`: they are older than they are kept. */
  readonly replay: 'same' | 'different' | 'gone';
}

/** `foreshift explain` */
export function explainCommand(): Command {
  return new Command('explain')
    .description('Why was something moved, or not? Decides again from what the plan was made from, and compares')
    .argument('<id>', 'a plan, or an instance (id or name): then the latest plan that knows it')
    .option('--plan <planId>', 'of an instance: what this plan says')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  foreshift explain i-0123456789abcdef0\n  foreshift explain web-1 --plan plan-1a2b3c4d5e6f\n  foreshift explain plan-1a2b3c4d5e6f --json')
    .action(async (id: string, { plan, stack, json }: { plan?: string; stack: string; json?: boolean }) => {
      const explanation = await withPlans(stack, (plans) => explain(plans, id, plan));
      if (json === true) return console.log(JSON.stringify(explanation, null, 2));
      console.log(`${explanation.planId} of ${new Date(explanation.atMs).toISOString()}`);
      for (const line of explanation.lines) console.log(line);
      console.log(REPLAYS[explanation.replay]);
    });
}

const REPLAYS: Readonly<Record<Explanation['replay'], string>> = {
  same: 'decided again from its pinned inputs: the same plan, bit for bit',
  different: 'decided again from its pinned inputs: ANOTHER plan; it was made by another version, or it was changed',
  gone: 'its inputs are no longer kept, so that it cannot be decided again',
};

async function explain(plans: PlanStore, id: string, planId: string | undefined): Promise<Explanation> {
  const stored = isPlanId(id) ? await planOrRefuse(plans, id) : await planOf(plans, id, planId);
  const { plan: made, atMs, choice } = stored;
  const ids = stored.planId === id ? [...made.moves, ...made.held].map(({ instanceId }) => instanceId) : [id];
  return { planId: stored.planId, atMs, lines: [...ids.flatMap((one) => describeInstance(made, one)), ...describeEarned(earnedOf(made, choice, ids))], replay: await replay(plans, stored) };
}

/** Of the services of these instances alone. */
function earnedOf({ moves }: FleetPlan, { earned = {} }: ModeChoice, ids: readonly string[]): Record<string, string> {
  const services = moves.filter(({ instanceId, name }) => ids.includes(instanceId) || ids.includes(name)).map(({ service }) => service);
  return Object.fromEntries(Object.entries(earned).filter(([service]) => services.includes(service)));
}

async function planOf(plans: PlanStore, instance: string, planId: string | undefined): Promise<StoredPlan> {
  if (planId !== undefined) return planOrRefuse(plans, planId);
  const recent = await plans.listPlans(null, RECENT_PLANS);
  const found = recent.find(({ plan: made }) => [...made.moves, ...made.held].some(({ instanceId, name }) => instanceId === instance || name === instance));
  if (found === undefined) throw new WrongUsage(`none of the latest ${RECENT_PLANS} plans knows ${instance}; expected a plan, an instance id or a name`);
  return found;
}

async function replay(plans: PlanStore, { tickId, atMs, pools, policy, planHash, plan: made }: StoredPlan): Promise<Explanation['replay']> {
  const instances = await plans.readWeighed(tickId);
  if (instances.length < made.moves.length + made.held.length) return 'gone';
  return digestOf(planFleet({ atMs, instances, pools }, policy)) === planHash ? 'same' : 'different';
}
