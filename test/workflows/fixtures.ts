import { createHash } from 'node:crypto';
import type { ForecastOutcome, TargetOptions } from '../../src/contracts/migration-activities';
import type { MatchedNetwork } from '../../src/domain/region/match-network';
import { DEFAULT_POLICY } from '../../src/domain/migration-policy';
import type { MigrationPolicy } from '../../src/domain/migration-policy';
import type { Shape } from '../../src/domain/shape';
import type { SourceSnapshot } from '../../src/domain/source-snapshot';

export const POOL = 'arn:pool';
export const OTHER_POOL = 'arn:other-pool';
export const LISTENER = 'arn:listener';
export const RULE = 'arn:rule';
export const ZONES = ['us-east-1a', 'us-east-1b'];

export const POLICY: MigrationPolicy = {
  ...DEFAULT_POLICY,
  ramp: { ...DEFAULT_POLICY.ramp, stepsPercent: [50, 100], stepMs: 30_000, lookMs: 30_000, metricsSettleMs: 1_000, maxHolds: 1 },
  bakeMs: 60_000,
};

export function shape(name: string, vcpus: number, usdPerHour: number): Shape {
  return { name, family: name.split('.')[0] ?? name, vcpus, memoryMiB: vcpus * 4096, networkGbps: 10, architecture: 'x86_64', usdPerHour };
}

const SHAPES = [shape('m7i.large', 2, 0.1), shape('m7i.xlarge', 4, 0.2)];

/** A forecast peak of 90 % at a target of 70 % needs the next larger shape: two rungs, one a zone. */
export const TARGET_OPTIONS: TargetOptions = {
  sourceShape: shape('m7i.large', 2, 0.1),
  shapes: SHAPES,
  zones: ZONES.map((zone) => ({ zone, subnetId: `subnet-${zone}`, offeredShapes: SHAPES.map(({ name }) => name) })),
  owned: [],
};

/** The same in another region, whose zones and network are its own. */
export const OTHER_REGION = 'us-west-2';
export const OPTIONS_THERE: TargetOptions = { ...TARGET_OPTIONS, zones: TARGET_OPTIONS.zones.map((zone, i) => ({ ...zone, zone: `${OTHER_REGION}${'ab'.charAt(i)}`, subnetId: `subnet-west-${i}` })) };
export const NETWORK_THERE: MatchedNetwork = { vpcId: 'vpc-west', securityGroupIds: ['sg-west'], keyName: null, notes: ['its network is vpc-west, by the tag foreshift:vpc=shop'] };

export const FORECAST = (contended: boolean): ForecastOutcome => ({
  forecasts: [
    {
      forecastId: 'f-1',
      digest: 'd-1',
      subject: { kind: 'instance', instanceId: 'i-1' },
      metric: 'cpuPercent',
      unit: 'percent',
      issuedAtMs: 0,
      horizonMs: 7_200_000,
      peakMedian: 80,
      peakP90: 90,
      meanAtEnd: 75,
    },
  ],
  assessment: {
    contended,
    metric: 'cpuPercent',
    probability: contended ? 0.9 : 0.1,
    quantile: 0.9,
    peakQuantileValue: 90,
    limit: 85,
    onsetAtMs: contended ? 3_600_000 : null,
    leadMs: contended ? 3_600_000 : null,
    leadSufficient: true,
    metrics: [],
    explanation: [contended ? 'CPU passes its limit' : 'CPU stays below its limit'],
  },
});

/** An instance with a data volume, behind a listener and a rule; the rule also sends a tenth elsewhere. */
export function sourceSnapshot(instanceId: string, options: { others?: number; traffic?: boolean; dataVolumes?: boolean }): SourceSnapshot {
  return {
    instanceId,
    name: 'web-1',
    service: 'web',
    shape: 'm7i.large',
    architecture: 'x86_64',
    zone: 'us-east-1a',
    region: 'us-east-1',
    vpcId: 'vpc-1',
    subnetId: 'subnet-us-east-1a',
    securityGroupIds: ['sg-1'],
    tags: { Name: 'web-1' },
    rootDevice: '/dev/xvda',
    dataVolumes: options.dataVolumes === false ? [] : [{ volumeId: 'vol-data', device: '/dev/sdf', sizeGiB: 8, volumeType: 'gp3' }],
    traffic:
      options.traffic === false
        ? null
        : {
            targetGroupArn: POOL,
            targetGroupName: 'pool',
            loadBalancerArn: 'arn:balancer',
            port: 8080,
            healthyOthers: options.others ?? 1,
            routes: [
              { kind: 'listener', arn: LISTENER, forward: [{ targetGroupArn: POOL, weight: 1 }] },
              { kind: 'rule', arn: RULE, forward: [{ targetGroupArn: POOL, weight: 9 }, { targetGroupArn: OTHER_POOL, weight: 1 }] },
            ],
          },
  };
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
