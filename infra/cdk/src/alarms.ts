import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Dashboard, GraphWidget, Metric, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Database } from './database';
import type { DeploymentSettings } from './deployment-settings';
import type { TriggerQueue } from './trigger-queue';

interface Watched {
  readonly settings: DeploymentSettings;
  readonly services: Readonly<Record<string, FargateService>>;
  readonly database: Database;
  readonly queue: TriggerQueue | null;
}

interface Rule {
  readonly id: string;
  readonly description: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly below?: boolean;
  readonly minutes: number;
  /** Silence is an alarm as well. */
  readonly mustTell?: boolean;
}

const MINUTE = Duration.minutes(1);
const GIB = 2 ** 30;

/** What CloudWatch sees of the installation by itself: its processes, its queue, its database. What the product measures of its moves is Prometheus' (infra/observability/alerts.yaml). */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id);
    const key = new Key(this, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY, description: 'Alarms of Foreshift' });
    key.grantEncryptDecrypt(new ServicePrincipal('cloudwatch.amazonaws.com'));
    const topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    if (watched.settings.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(watched.settings.alarmEmail));
    const rules = rulesFor(watched);
    for (const { id: name, description, metric, threshold, below = false, minutes, mustTell = false } of rules) {
      const alarm = new Alarm(this, name, {
        alarmDescription: description,
        metric,
        threshold,
        comparisonOperator: below ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: minutes,
        treatMissingData: mustTell ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
    }
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName: watched.settings.name });
    dashboard.addWidgets(...rules.map(({ id: title, metric, threshold }) => new GraphWidget({ title, left: [metric], leftAnnotations: [{ value: threshold }] })));
  }
}

function rulesFor({ services, database: { instance }, queue }: Watched): readonly Rule[] {
  const perService = Object.entries(services).flatMap(([name, service]): Rule[] => [
    { id: `${name}Missing`, description: `No ${name} runs (docs/runbooks.md#foreshiftworkerdown)`, metric: running(service), threshold: 1, below: true, minutes: 3, mustTell: true },
    { id: `${name}Memory`, description: `${name} comes close to its memory`, metric: service.metricMemoryUtilization({ period: MINUTE }), threshold: 85, minutes: 10 },
  ]);
  const perQueue = ({ queueName, deadLetterName }: TriggerQueue): Rule[] => [
    { id: 'AlarmsWait', description: 'Alarms wait for more than 2 minutes before they are taken', metric: ofQueue(queueName, 'ApproximateAgeOfOldestMessage'), threshold: 120, minutes: 3 },
    { id: 'DeadLetters', description: 'A message could not be read or delivered; foreshift audit list --trigger alarm tells of the others', metric: ofQueue(deadLetterName, 'ApproximateNumberOfMessagesVisible'), threshold: 0, minutes: 1 },
  ];
  return [
    ...perService,
    ...(queue === null ? [] : perQueue(queue)),
    { id: 'DatabaseSpace', description: 'The database has less than 10 GiB left', metric: instance.metricFreeStorageSpace({ period: MINUTE }), threshold: 10 * GIB, below: true, minutes: 10 },
    { id: 'DatabaseBusy', description: 'The database is at more than 80 % of its CPU', metric: instance.metricCPUUtilization({ period: MINUTE }), threshold: 80, minutes: 15 },
  ];
}

/** Of Container Insights, which the cluster has. */
function running(service: FargateService): Metric {
  return new Metric({ namespace: 'ECS/ContainerInsights', metricName: 'RunningTaskCount', dimensionsMap: { ClusterName: service.cluster.clusterName, ServiceName: service.serviceName }, statistic: 'Minimum', period: MINUTE });
}

function ofQueue(queueName: string, metricName: string): Metric {
  return new Metric({ namespace: 'AWS/SQS', metricName, dimensionsMap: { QueueName: queueName }, statistic: 'Maximum', period: MINUTE });
}
