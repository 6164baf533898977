import { randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { createAwsClients } from '../../src/adapters/aws/clients';
import { usdPerHour } from '../../src/adapters/aws/price-snapshot';
import { environment } from '../../src/contracts/config';
import { cleanUp } from './clean-up';
import { CONTRACT_STEPS } from './contract-steps';
import { contractTarget, type ContractTarget } from './contract-target';
import { contractOwner, openContractWorld, PATIENT, type ContractWorld } from './contract-world';
import { costBound } from './cost-bound';
import { lookAround } from './look-around';

const DEADLINE_MINUTES = 30;
/** Of a stand-in on this machine. */
const HASTY = { withinMs: 60_000, everyMs: 100 };
const LOCAL_CREDENTIALS = { accessKeyId: 'FORESHIFTCONTRACT', secretAccessKey: 'local-cloud-only' };

interface Options {
  readonly maxUsd: number;
  readonly usdPerHour?: number;
  readonly cleanup?: string;
}

/** Holds a real account of AWS (or a stand-in) to what the adapters rest on; exit code 1 where it does not hold or something is left, 2 where it may not begin. */
async function main(options: Options): Promise<void> {
  const target = contractTarget(environment());
  const { ec2, ebs, elb } = createAwsClients({ region: target.region, ...(target.endpoint === null ? {} : { endpoint: target.endpoint, credentials: LOCAL_CREDENTIALS }) });
  const { zone, imageGiB } = await lookAround(ec2, target);
  const runId = options.cleanup ?? `${Date.now().toString(36)}-${randomBytes(3).toString('hex')}`;
  const world = openContractWorld({ ec2, ebs, elb }, { zone, subnetId: target.subnetId, imageId: target.imageId, shape: target.shape }, contractOwner(runId), target.endpoint === null ? PATIENT : HASTY);
  console.log(`run ${runId} in account ${target.accountId}, ${target.region}${target.endpoint === null ? '' : ` (a stand-in at ${target.endpoint}, not AWS)`}`);
  if (options.cleanup === undefined) {
    if (!mayBegin(world, target, imageGiB, options)) return void (process.exitCode = 2);
    if (!(await holds(world))) process.exitCode = 1;
  }
  console.log('cleaning up');
  try {
    console.log(`${await cleanUp(world, (line) => console.log(line))} thing(s) taken away; nothing of the run is left`);
  } catch (error) {
    console.error(`SOMETHING IS LEFT of run ${runId}, and may go on costing: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

/** Prints what it may cost, and whether that is allowed. */
function mayBegin(world: ContractWorld, { shape }: ContractTarget, imageGiB: number, { maxUsd, usdPerHour: said }: Options): boolean {
  const bound = costBound({ shape, usdPerHour: said ?? usdPerHour(shape), imageGiB, deadlineMinutes: DEADLINE_MINUTES });
  for (const line of bound?.lines ?? []) console.log(`  ${line}`);
  if (bound === null || bound.usd > maxUsd) {
    console.error(bound === null ? `nobody knows the price of ${shape}: give it by --usd-per-hour` : `it may cost ${bound.usd.toFixed(4)} USD; --max-usd allows ${maxUsd}. Nothing was made`);
    return false;
  }
  console.log(`at most ${bound.usd.toFixed(4)} USD, of ${maxUsd} allowed; where it is killed it goes on costing up to ${bound.usdPerHourIfKilled.toFixed(4)} USD an hour, until\n  npm run test:contract -- --cleanup ${world.owner.runId}`);
  return true;
}

/** Goes through the steps until one does not hold. */
async function holds(world: ContractWorld): Promise<boolean> {
  const untilMs = Date.now() + DEADLINE_MINUTES * 60_000;
  const told = toldToStop();
  for (const { name, run } of CONTRACT_STEPS) {
    const beganAtMs = performance.now();
    try {
      await Promise.race([run(world), told, deadline(untilMs)]);
      console.log(`holds     ${name} (${((performance.now() - beganAtMs) / 1_000).toFixed(1)} s)`);
    } catch (error) {
      console.error(`DOES NOT  ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }
  return true;
}

/** Rejects on the first SIGINT or SIGTERM: what was made is taken away then as well. */
function toldToStop(): Promise<never> {
  const told = new Promise<never>((_, reject) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => reject(new Error(`told to stop by ${name}`)));
  });
  told.catch(() => undefined);
  return told;
}

function deadline(atMs: number): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(`the ${DEADLINE_MINUTES} minutes that are paid for are over`)), Math.max(0, atMs - Date.now())).unref());
}

function usd(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Expected USD above 0.');
  return value;
}

function run(text: string): string {
  if (!/^[a-z0-9-]{1,60}$/.test(text)) throw new InvalidArgumentError('Expected the name of a run, as it was printed when it began.');
  return text;
}

const program = new Command('contract').option('--max-usd <usd>', 'what a run may cost at most', usd, 1).option('--usd-per-hour <usd>', "the shape's price, where it is not known", usd).option('--cleanup <run>', 'only take away what this run left', run).exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2)).parse();

main(program.opts<Options>()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
