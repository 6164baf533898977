import { defineQuery, isCancellation, patched, proxyActivities, proxyLocalActivities, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { HindsightActivities } from '../contracts/hindsight';
import type { MigrationActivities } from '../contracts/migration-activities';
import { TRAIN_DEFAULTS, TRAIN_STATUS, type PoolBacktestArgs, type PoolOutcome, type TrainActivities, type TrainForecastsInput, type TrainForecastsResult, type TrainStatus } from '../contracts/train-forecasts';
import { decideDemotion } from '../domain/decide-demotion';
import { decidePromotion } from '../domain/decide-promotion';
import { checkTrainInput } from '../domain/train-input';
import { refuseInput } from './refuse-input';
import { sentenceOf } from './sentence-of';

const DAY_MS = 86_400_000;
/** The rules of the models look back so far, and CloudWatch is asked for no more when it meets an instance. */
const HISTORY_MS = 14 * DAY_MS;
/** Forecasts older than this are not scored any more. */
const SCORE_SINCE_MS = 7 * DAY_MS;
/** Migrations that ended within it are held against what came; their forecasts reach hours. */
const LOOK_BACK_MS = 3 * DAY_MS;
const MOST_LOOKED_BACK = 2_000;
/** Keeps history and result within Temporal's limits. */
const MOST_POOLS = 100;
const LONGEST_REASON = 300;

const train = proxyActivities<TrainActivities & HindsightActivities>({
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: '3h',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '2s', maximumInterval: '1m' },
});
const locals = proxyLocalActivities<Pick<MigrationActivities, 'recordAudit'>>({ startToCloseTimeout: '10s' });
const statusQuery = defineQuery<TrainStatus>(TRAIN_STATUS);

type Settings = typeof TRAIN_DEFAULTS & Pick<TrainForecastsInput, 'fleet' | 'pools'>;

/** Brings history and scores up to date, then asks of each pool whether its champion still deserves its place and whether another model does better. */
export async function trainForecasts(input: TrainForecastsInput = {}): Promise<TrainForecastsResult> {
  refuseInput(checkTrainInput(input));
  const settings: Settings = { ...TRAIN_DEFAULTS, ...input };
  let status: TrainStatus = { phase: 'collect', pool: null, poolsDone: 0, poolsTotal: 0, outcomes: [] };
  const show = (change: Partial<TrainStatus>): void => {
    status = { ...status, ...change };
    setCurrentDetails(describe(status));
  };
  setHandler(statusQuery, () => status);

  const collected = await train.collectHistory({ fleet: settings.fleet ?? null, historyMs: HISTORY_MS });
  show({ phase: 'score' });
  const scored = await train.scoreForecasts({ sinceMs: SCORE_SINCE_MS, limit: settings.maxForecasts });
  const hindsight = patched('looks-back') ? { hindsight: await train.lookBack({ sinceMs: LOOK_BACK_MS, limit: MOST_LOOKED_BACK }) } : {};
  const wanted = settings.pools === undefined ? collected.pools : settings.pools.toSorted();
  const pools = wanted.slice(0, MOST_POOLS);
  show({ phase: 'pools', poolsTotal: pools.length });
  for (const [i, pool] of pools.entries()) {
    show({ pool });
    const outcome = await lookAt(pool, settings, i);
    show({ poolsDone: i + 1, outcomes: [...status.outcomes, outcome] });
  }
  show({ phase: 'trim', pool: null });
  const trimmed = await train.trimHistory({ retainMs: settings.retainDays * DAY_MS });
  show({ phase: 'done' });
  return { collected, scored, ...hindsight, pools: status.outcomes, poolsLeft: wanted.length - pools.length, trimmed };
}

/** One pool's trouble is not the others'. */
async function lookAt(pool: string, settings: Settings, index: number): Promise<PoolOutcome> {
  try {
    const outcome = await decide(pool, settings, index);
    await record(outcome, settings, index);
    return outcome;
  } catch (error) {
    if (isCancellation(error)) throw error;
    const outcome: PoolOutcome = { pool, kind: 'failed', reason: sentenceOf(error).slice(0, LONGEST_REASON) };
    await record(outcome, settings, index);
    return outcome;
  }
}

async function decide(pool: string, settings: Settings, index: number): Promise<PoolOutcome> {
  const acts = settings.mode === 'act';
  const { choice, isDefault, recent, earlier } = await train.judgeChampion({ pool });
  const demotion = decideDemotion(choice, recent, earlier);
  if (demotion.demote && !isDefault) {
    if (acts) await train.dethroneModel({ pool });
    return outcomeOf(pool, 'demoted', demotion.reason);
  }
  const { runId } = workflowInfo();
  const args: PoolBacktestArgs = { fleet: settings.fleet ?? null, pool, horizonMs: settings.horizonMs, origins: settings.origins, maxSeries: settings.maxSeries, seed: settings.seed };
  if (settings.tuneTrials > 0) await train.tuneModel({ ...args, candidateId: `${runId}/${index}`, model: settings.tuneModel, trials: settings.tuneTrials });
  if (settings.continueEpochs > 0) await train.continueGate({ ...args, candidateId: `${runId}/${index}/gate`, epochs: settings.continueEpochs });
  const evidence = await train.backtestModels({ ...args, backtestId: `${runId}/${index}`, challengers: settings.challengers });
  const verdict = decidePromotion(evidence.champion, evidence.challengers);
  if (verdict.kind === 'keep') return outcomeOf(pool, 'kept', demotion.demote ? `${verdict.reason}; ${demotion.reason}, but there is nothing to go back to` : verdict.reason);
  if (acts) await train.crownModel({ pool, choice: verdict.choice, reason: verdict.reason });
  return outcomeOf(pool, 'promoted', verdict.reason);
}

function outcomeOf(pool: string, kind: PoolOutcome['kind'], reason: string): PoolOutcome {
  return { pool, kind, reason: reason.slice(0, LONGEST_REASON) };
}

async function record(outcome: PoolOutcome, { mode }: Settings, index: number): Promise<void> {
  const { workflowId, runId } = workflowInfo();
  const observed = mode === 'observe' && (outcome.kind === 'promoted' || outcome.kind === 'demoted');
  await locals.recordAudit({
    key: `${workflowId}/${runId}/pool-${index}`,
    kind: outcome.kind === 'failed' ? 'failure' : outcome.kind === 'kept' || observed ? 'refusal' : 'decision',
    atMs: Date.now(),
    actor: 'foreshift:train',
    workflowId,
    runId,
    instanceId: null,
    summary: observed ? `model of ${outcome.pool} would be ${outcome.kind}` : `model of ${outcome.pool} ${outcome.kind}`,
    reason: outcome.reason,
    detail: outcome,
  });
}

function describe({ phase, pool, poolsDone, poolsTotal, outcomes }: TrainStatus): string {
  const at = pool === null ? phase : `pool ${pool}`;
  return [`### ${at}, ${poolsDone} of ${poolsTotal} pools`, '| pool | | why |', '|---|---|---|', ...outcomes.slice(-50).map((one) => `| ${one.pool} | ${one.kind} | ${one.reason} |`)].join('\n');
}
