import { Duration, Fn, RemovalPolicy, Stack, Tags, type StackProps } from 'aws-cdk-lib';
import { AdjustmentType } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Cluster, ContainerInsights, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { BACKLOG_METRIC, TASK_QUEUE_DIMENSION } from '../../../src/adapters/aws/backlog-metric';
import { DEFAULT_TASK_QUEUE } from '../../../src/contracts/task-queues';
import { Alarms } from './alarms';
import { Database } from './database';
import type { DeploymentSettings } from './deployment-settings';
import { ForeshiftService } from './foreshift-service';
import { Network } from './network';
import { TriggerQueue } from './trigger-queue';

export interface ForeshiftProps extends StackProps {
  readonly settings: DeploymentSettings;
  /** Text of the triggers' rules; null: nothing is started by alarms. */
  readonly triggerRules: string | null;
}

const METRICS = '127.0.0.1:9464';
/** CPU at which another worker is added: forecasts are what workers spend it on. */
const BUSY_PERCENT = 60;
/** The one that the worker's policy allows. */
const BACKLOG_NAMESPACE = 'Foreshift';
/** Tasks that wait, and how many workers are added; that they idle is for the CPU to tell. */
const BACKLOG_STEPS = [{ upper: 20, change: 0 }, { lower: 20, upper: 200, change: 1 }, { lower: 200, change: 4 }];
const SMALL = { count: 1, cpu: 512, memoryMiB: 1_024 } as const;

/** One installation: workers (and what takes alarms in) on Fargate, their database, keys, queue and alarms. The Temporal server is Cloud's, or one of one's own that this network reaches. */
export class ForeshiftStack extends Stack {
  constructor(scope: Construct, id: string, { settings, triggerRules, ...props }: ForeshiftProps) {
    super(scope, id, { ...props, env: { account: settings.account, region: settings.region }, terminationProtection: true });
    Tags.of(this).add('foreshift:installation', settings.name);
    const { vpc, processes: group } = new Network(this, 'Network');
    const database = new Database(this, 'Database', vpc, settings.database);
    const payloadKey = new Key(this, 'PayloadKey', { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN, description: 'Wraps the keys by which Foreshift encrypts what Temporal stores' });
    database.allow(group);
    const cluster = new Cluster(this, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENABLED });

    const queue = triggerRules === null ? null : new TriggerQueue(this, 'Triggers', `${settings.name}-triggers`);
    const environment = environmentOf(settings, database, payloadKey.keyArn);
    const secrets = { PGPASSWORD: ContainerSecret.fromSecretsManager(database.secret, 'password'), ...this.secretsOf(settings) };
    const shared = { cluster, vpc, group, settings, secrets };
    const { least, most, cpu, memoryMiB } = settings.workers;
    const worker = new ForeshiftService(this, 'Worker', { ...shared, command: ['worker'], roles: ['worker', 'payloads'], environment: { ...environment, FORESHIFT_METRICS: METRICS, FORESHIFT_BACKLOG_METRICS: BACKLOG_NAMESPACE }, count: null, cpu, memoryMiB });
    const scaling = worker.service.autoScaleTaskCount({ minCapacity: least, maxCapacity: most });
    scaling.scaleOnCpuUtilization('Busy', { targetUtilizationPercent: BUSY_PERCENT });
    const backlog = new Metric({ namespace: BACKLOG_NAMESPACE, metricName: BACKLOG_METRIC, dimensionsMap: { [TASK_QUEUE_DIMENSION]: DEFAULT_TASK_QUEUE }, statistic: 'Maximum', period: Duration.minutes(1) });
    scaling.scaleOnMetric('Backlog', { metric: backlog, scalingSteps: BACKLOG_STEPS, adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY, cooldown: Duration.minutes(3) });
    const triggers = triggerRules === null || queue === null ? null : new ForeshiftService(this, 'TriggerIntake', { ...shared, ...SMALL, command: ['triggers', 'serve', '--rules', '/run/foreshift/rules.yaml', '--queue', queue.queueName], roles: ['triggers', 'payloads'], environment: { ...environment, FORESHIFT_RULES_BASE64: Buffer.from(triggerRules).toString('base64') } });
    new Alarms(this, 'Alarms', { settings, database, queue, services: { Worker: worker.service, ...(triggers === null ? {} : { TriggerIntake: triggers.service }) } });
  }

  /** As CloudFormation knows them where it deploys: CDK would ask AWS while it synthesizes. */
  override get availabilityZones(): string[] {
    return [0, 1].map((i) => Fn.select(i, Fn.getAzs()));
  }

  private secretsOf({ temporal, secrets: { auditKey, actorKey, actors } }: DeploymentSettings): Record<string, ContainerSecret> {
    const named = { TEMPORAL_API_KEY: temporal.apiKeySecret, FORESHIFT_AUDIT_KEY_CONTENT: auditKey, FORESHIFT_ACTOR_KEY_CONTENT: actorKey, FORESHIFT_ACTORS_CONTENT: actors };
    return Object.fromEntries(Object.entries(named).flatMap(([variable, name]) => (name === undefined ? [] : [[variable, ContainerSecret.fromSecretsManager(Secret.fromSecretNameV2(this, variable, name))]])));
  }
}

function environmentOf({ temporal, region, otherRegions, buildId }: DeploymentSettings, { url }: Database, keyArn: string): Record<string, string> {
  return {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    DATABASE_URL: url,
    AWS_REGION: region,
    FORESHIFT_HOME: '/run/foreshift/home',
    FORESHIFT_PAYLOAD_KEYS_CONTENT: JSON.stringify({ kms: { keyId: keyArn, region } }),
    ...(otherRegions.length === 0 ? {} : { FORESHIFT_REGIONS: otherRegions.join(',') }),
    ...(buildId === undefined ? {} : { FORESHIFT_BUILD_ID: buildId }),
  };
}
