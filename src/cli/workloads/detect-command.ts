import type { Command } from 'commander';
import { collectMetrics } from '../../activities/collect-metrics';
import { createMetricSource } from '../../adapters/aws/metric-source';
import { createMetricHistory } from '../../adapters/postgres/metric-history';
import { createTagStore } from '../../adapters/postgres/tag-store';
import { INSTANCE_METRICS, type CollectedMetric } from '../../domain/collected-metric';
import { DEFAULT_OVERLAP_MS } from '../../domain/plan-collection';
import { classifyUse } from '../../domain/workload-tags/classify-use';
import { withDatabase } from '../environment';
import { timeSpan } from '../forecast/forecast-options';
import { openAws } from '../open-aws';
import { WrongUsage } from '../report-failure';
import type { Common } from './common';

const STEP_MS = 60_000;
const DAY_MS = 86_400_000;

/** Adds `detect`. */
export function addDetectCommand(workloads: Command, common: (command: Command) => Command): void {
  common(workloads.command('detect')).description('Tags instances by what they were measured to do: what they use most, and how it goes').argument('<instanceId...>').option('--last <span>', 'what is looked back on', timeSpan, DAY_MS).action(detect);
}

async function detect(instanceIds: readonly string[], { stack, json, last }: Common & { readonly last: number }): Promise<void> {
  const wrong = instanceIds.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (wrong !== undefined) throw new WrongUsage(`instanceId is "${wrong}"; expected an EC2 instance id such as "i-0123456789abcdef0"`);
  const { clients } = await openAws(stack);
  const nowMs = Date.now();
  const range = { startAtMs: Math.floor((nowMs - last) / STEP_MS) * STEP_MS, endAtMs: Math.floor(nowMs / STEP_MS) * STEP_MS };
  const tags = await withDatabase(stack, async (db) => {
    const history = createMetricHistory(db);
    const found = await Promise.all(
      instanceIds.map(async (resource) => {
        const keys = INSTANCE_METRICS.map((metric) => ({ resource, metric, stepMs: STEP_MS }));
        await collectMetrics({ source: createMetricSource(clients.cloudwatch), history }, keys, { nowMs, historyMs: last, overlapMs: DEFAULT_OVERLAP_MS });
        const stored = await history.read(keys, range);
        const of = (metric: CollectedMetric): readonly (number | null)[] => stored.find(({ key }) => key.metric === metric)?.values ?? [];
        const [inBytes, outBytes] = [of('networkInBytes'), of('networkOutBytes')];
        const networkBytes = inBytes.map((value, i) => (value === null && (outBytes[i] ?? null) === null ? null : (value ?? 0) + (outBytes[i] ?? 0)));
        return classifyUse(resource, { stepMs: STEP_MS, cpuPercent: of('cpuPercent'), diskReadOps: of('diskReadOps'), diskWriteOps: of('diskWriteOps'), networkBytes }, nowMs);
      }),
    );
    await createTagStore(db).put(found.flat());
    return found.flat();
  });
  if (json === true) return console.log(JSON.stringify(tags, null, 2));
  for (const id of instanceIds.filter((one) => !tags.some(({ resource }) => resource === one))) console.log(`${id}: too little was measured`);
  for (const { resource, key, value, confidence, reason } of tags) console.log(`${resource}  ${key}=${value}  ${confidence.toFixed(2)}  ${reason}`);
}
