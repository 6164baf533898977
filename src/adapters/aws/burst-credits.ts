import { DescribeInstanceCreditSpecificationsCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { BurstPort } from '../../activities/burst-port';
import type { MetricSourcePort } from '../../activities/metric-history-port';
import type { BurstCredits } from '../../domain/sizing/burst-credits';
import type { ShapeCatalogue } from './shape-catalogue';
import { callAws } from './translate-error';

/** EC2 publishes the balance every five minutes; the newest of the last few is what there is. */
const STEP_MS = 300_000;
const LOOK_BACK_MS = 4 * STEP_MS;
/** EC2 takes no more ids in one call. */
const IDS_A_CALL = 1_000;

/** The balances that CloudWatch knows of burstable instances in the credit mode `standard`. */
export function createBurstCredits(ec2: EC2Client, catalogue: ShapeCatalogue, source: MetricSourcePort): BurstPort {
  return {
    async creditsOf(instances, nowMs) {
      const { shapes } = await catalogue.catalogue();
      const burstable = new Map(shapes.filter((shape) => shape.burstable).map((shape) => [shape.name, shape.cpuBaselineRatio * 100]));
      const baselines = new Map(instances.flatMap(({ instanceId, shape }): [string, number][] => (burstable.has(shape) ? [[instanceId, burstable.get(shape) ?? 0]] : [])));
      const limited = await inStandardMode(ec2, [...baselines.keys()]);
      const endAtMs = Math.ceil(nowMs / STEP_MS) * STEP_MS;
      const keys = limited.map((resource) => ({ resource, metric: 'cpuCreditBalance' as const, stepMs: STEP_MS }));
      if (keys.length === 0) return new Map<string, BurstCredits>();
      const { series } = await source.readWindow({ keys, stepMs: STEP_MS, startAtMs: endAtMs - LOOK_BACK_MS, endAtMs });
      return new Map(
        series.flatMap(({ key: { resource }, points }): [string, BurstCredits][] => {
          const newest = points.at(-1);
          return newest === undefined ? [] : [[resource, { balance: newest.value, baselinePercent: baselines.get(resource) ?? 0 }]];
        }),
      );
    },
  };
}

/** An instance in the mode `unlimited` is never slowed down: it pays. */
async function inStandardMode(ec2: EC2Client, instanceIds: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (let at = 0; at < instanceIds.length; at += IDS_A_CALL) {
    const ids = instanceIds.slice(at, at + IDS_A_CALL);
    const answer = await callAws('read credit specifications', () => ec2.send(new DescribeInstanceCreditSpecificationsCommand({ InstanceIds: ids })));
    found.push(...(answer.InstanceCreditSpecifications ?? []).flatMap(({ InstanceId, CpuCredits }) => (CpuCredits === 'standard' && InstanceId !== undefined ? [InstanceId] : [])));
  }
  return found;
}
