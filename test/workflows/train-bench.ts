import type { WorkflowHandle } from '@temporalio/client';
import { Context } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { AuditEntry } from '../../src/contracts/audit';
import type { HindsightActivities } from '../../src/contracts/hindsight';
import { TRAIN_FORECASTS, type BacktestEvidence, type ChampionRecord, type TrainActivities, type TrainForecastsResult } from '../../src/contracts/train-forecasts';
import type { AccuracyWindow } from '../../src/domain/forecast-accuracy';
import { DEFAULT_SETTINGS, type ModelChoice } from '../../src/domain/model-choice';
import { SkippingServer } from './skipping-server';

export type Train = (input?: object) => Promise<TrainForecastsResult>;

const TASK_QUEUE = 'train-bench';
export const GATE: ModelChoice = { model: 'gate', settings: DEFAULT_SETTINGS };
export const BLENDED: ModelChoice = { model: 'blended', settings: DEFAULT_SETTINGS };

export const accuracy = (meanLogRatio: number): AccuracyWindow => ({ subjects: 20, forecasts: 400, meanLogRatio, standardError: 0.02, covered90: 0.9 });
export const evidence = (meanLogRatio: number): BacktestEvidence => ({
  champion: GATE,
  championLoss: 0.6,
  challengers: [{ choice: BLENDED, series: 30, meanLogRatio, lowLogRatio: meanLogRatio - 0.03, highLogRatio: meanLogRatio + 0.03, covered90: 0.9 }],
});

/** What the activities of one training answer; each may be replaced, to fail for instance. */
export class FakeTraining {
  readonly calls: string[] = [];
  readonly audit: AuditEntry[] = [];
  readonly crowned: { readonly pool: string; readonly model: string }[] = [];
  readonly dethroned: string[] = [];
  pools: readonly string[] = ['api', 'web'];
  champion: Partial<Record<string, ChampionRecord>> = {};
  evidence: Partial<Record<string, BacktestEvidence>> = {};
  /** Runs in the place of an activity, and says whether its usual answer is still wanted. */
  before: (activity: keyof (TrainActivities & HindsightActivities), args: { readonly pool?: string }) => Promise<void> = async () => undefined;

  readonly activities: TrainActivities & HindsightActivities = {
    collectHistory: async (args) => this.answer('collectHistory', args, { pools: this.pools, instances: 4, series: 24, newValues: 100, absentSeries: 4, costUsd: 0.0003 }),
    scoreForecasts: async (args) => this.answer('scoreForecasts', args, { scored: 10, unscorable: 1, left: 0 }),
    lookBack: async (args) => this.answer('lookBack', args, { told: 2, contention: 1, falseAlarms: 0, open: 1 }),
    judgeChampion: async (args) => this.answer('judgeChampion', args, this.champion[args.pool] ?? { choice: GATE, isDefault: true, recent: accuracy(-0.4), earlier: accuracy(-0.4) }),
    tuneModel: async (args) => this.answer('tuneModel', args, { candidateId: args.candidateId, relativeLoss: 0.5 }),
    continueGate: async (args) => this.answer('continueGate', args, { candidateId: args.candidateId, model: 'gate@1' }),
    backtestModels: async (args) => this.answer('backtestModels', args, this.evidence[args.pool] ?? evidence(0.05)),
    crownModel: async (args) => {
      await this.answer('crownModel', args, undefined);
      this.crowned.push({ pool: args.pool, model: args.choice.model });
    },
    dethroneModel: async (args) => {
      await this.answer('dethroneModel', args, undefined);
      this.dethroned.push(args.pool);
    },
    trimHistory: async (args) => this.answer('trimHistory', args, { days: 3, forecasts: 7 }),
  };

  private async answer<T>(activity: keyof (TrainActivities & HindsightActivities), args: object, result: T): Promise<T> {
    const { pool } = args as { pool?: string };
    this.calls.push(pool === undefined ? activity : `${activity} ${pool}`);
    await this.before(activity, args);
    return result;
  }
}

/** The built workflow on a Temporal server that skips time; one training at a time. */
export class TrainBench {
  private count = 0;
  training = new FakeTraining();
  private server: SkippingServer | null = null;

  get env(): TestWorkflowEnvironment {
    if (this.server === null) throw new Error('the bench is not started');
    return this.server.env;
  }

  static async start(): Promise<TrainBench> {
    const bench = new TrainBench();
    const names = Object.keys(bench.training.activities) as (keyof TrainActivities)[];
    bench.server = await SkippingServer.start(TASK_QUEUE, {
      ...Object.fromEntries(names.map((name) => [name, (args: never) => bench.training.activities[name](args)])),
      recordAudit: async (entry: AuditEntry) => {
        if (!bench.training.audit.some(({ key }) => key === entry.key)) bench.training.audit.push(entry);
        return { seq: 1, hash: 'h', detailDigest: 'd' };
      },
    });
    return bench;
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /** A new training in the place of the last one. */
  fresh(): FakeTraining {
    this.training = new FakeTraining();
    return this.training;
  }

  /** The input may be one that the types refuse, as a client without the workflow's code would send it. */
  async start(input?: unknown): Promise<WorkflowHandle<Train>> {
    const workflowId = `forecasts/train/${(this.count += 1)}`;
    return (await this.env.client.workflow.start(TRAIN_FORECASTS, { taskQueue: TASK_QUEUE, workflowId, args: input === undefined ? [] : [input] })) as WorkflowHandle<Train>;
  }

  async run(input?: unknown): Promise<TrainForecastsResult> {
    return (await this.start(input)).result();
  }
}

/** Beats until the call is cancelled: only a call that beats hears of it. */
export async function untilCancelled(): Promise<never> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 20);
  return context.cancelled.finally(() => clearInterval(beat));
}
