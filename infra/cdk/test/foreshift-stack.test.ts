import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { createApp } from '../src/create-app';
import { readSettings } from '../src/deployment-settings';

const EXAMPLE = join(__dirname, '..', 'example.yaml');
const LEAST = { account: '123456789012', region: 'eu-west-1', image: { repository: 'foreshift', tag: '1.0.0' }, temporal: { address: 'temporal.internal:7233', namespace: 'foreshift' } };

function appOf(file: string): { readonly app: App; readonly stack: Stack } {
  const app = createApp(file, mkdtempSync(join(tmpdir(), 'foreshift-cdk-')));
  return { app, stack: app.node.children.find((one) => 'templateFile' in one) as Stack };
}

/** Throws where cdk-nag finds something that is not acknowledged with a reason. */
function templateOf(file: string): Template {
  const { app, stack } = appOf(file);
  app.synth();
  return Template.fromStack(stack);
}

function fileOf(settings: object): string {
  const file = join(mkdtempSync(join(tmpdir(), 'foreshift-cdk-')), 'settings.yaml');
  writeFileSync(file, JSON.stringify(settings));
  return file;
}

describe('an installation on AWS', () => {
  let template: Template;
  beforeAll(() => {
    template = templateOf(EXAMPLE);
  });

  it('keeps its database encrypted, in two zones, backed up, over TLS alone, and not to be deleted by mistake', () => {
    template.hasResource('AWS::RDS::DBInstance', { DeletionPolicy: 'Retain', Properties: Match.objectLike({ StorageEncrypted: true, MultiAZ: true, DeletionProtection: true, BackupRetentionPeriod: 35, PubliclyAccessible: false }) });
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { 'rds.force_ssl': '1' } });
  });

  it('runs its processes as nobody, on a file system that they cannot write, with no address in the internet', () => {
    template.resourceCountIs('AWS::ECS::Service', 2);
    template.allResourcesProperties('AWS::ECS::Service', Match.objectLike({ NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) }, DeploymentConfiguration: Match.objectLike({ MinimumHealthyPercent: 100 }) }));
    template.allResourcesProperties('AWS::ECS::TaskDefinition', Match.objectLike({ ContainerDefinitions: [Match.objectLike({ User: '1000:1000', ReadonlyRootFilesystem: true, StopTimeout: 30 })] }));
  });

  it('has no secret in the environment of a process, and every one of them from Secrets Manager', () => {
    const definitions = Object.values(template.findResources('AWS::ECS::TaskDefinition')).flatMap(({ Properties }) => (Properties as { ContainerDefinitions: { Environment: { Name: string }[]; Secrets: { Name: string }[] }[] }).ContainerDefinitions);
    const secrets = ['PGPASSWORD', 'TEMPORAL_API_KEY', 'FORESHIFT_AUDIT_KEY_CONTENT', 'FORESHIFT_ACTOR_KEY_CONTENT', 'FORESHIFT_ACTORS_CONTENT'];
    for (const { Environment, Secrets } of definitions) {
      expect(Secrets.map(({ Name }) => Name).toSorted()).toEqual(secrets.toSorted());
      expect(Environment.map(({ Name }) => Name).filter((name) => /PASSWORD|SECRET|API_KEY/.test(name))).toEqual([]);
    }
  });

  it('lets the worker end what is in a fleet or its own, and nothing else', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['ec2:TerminateInstances']), Resource: 'arn:aws:ec2:*:123456789012:instance/*', Condition: { Null: { 'aws:ResourceTag/foreshift:fleet': 'false' } } })]) },
    });
  });

  it('takes alarms and events through the queue that `triggers install` would make, over TLS alone', () => {
    template.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'foreshift-triggers', SqsManagedSseEnabled: true, RedrivePolicy: Match.anyValue() });
    template.resourceCountIs('AWS::Events::Rule', 3);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) } });
  });

  it('adds workers where they are busy or tasks wait, and tells where none runs', () => {
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 10 });
    template.hasResourceProperties('AWS::ECS::Service', { DesiredCount: Match.absent() });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Namespace: 'Foreshift', MetricName: 'TaskQueueBacklog', Dimensions: [{ Name: 'TaskQueue', Value: 'foreshift' }] });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'RunningTaskCount', TreatMissingData: 'breaching', AlarmActions: Match.anyValue() });
  });

  it('turns the key that wraps payloads, and keeps it when the stack goes: without it nothing that was stored can be read', () => {
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', Properties: Match.objectLike({ EnableKeyRotation: true }) });
  });

  it('does not synthesize cleanly with anything that cdk-nag finds', () => {
    const { app, stack } = appOf(fileOf(LEAST));
    new Bucket(stack, 'Open');
    expect(() => app.synth()).toThrow(/Bucket has server access logs disabled/);
  });

  it('needs no rules, no secrets and no e-mail: then nothing is started by alarms', () => {
    const least = templateOf(fileOf(LEAST));
    least.resourceCountIs('AWS::SQS::Queue', 0);
    least.resourceCountIs('AWS::ECS::Service', 1);
  });
});

describe('settings that are wrong', () => {
  it.each([
    [{ ...LEAST, account: '42' }, /^account: expected an account id of twelve digits$/],
    [{ ...LEAST, region: 'Frankfurt' }, /^region: expected a region such as us-east-1$/],
    [{ ...LEAST, name: 'moves' }, /^name: expected a name that begins with "foreshift"/],
    [{ ...LEAST, workers: { least: 5, most: 2 } }, /^workers.most: expected at least as many as least$/],
    [{ ...LEAST, temporal: { address: 'https://cloud', namespace: 'x' } }, /^temporal.address: expected host:port/],
    [{ ...LEAST, workerCount: 3 }, /^the settings: .*workerCount/],
    ['nothing', /^the settings: /],
  ])('%j are refused by the field', (settings, sentence) => {
    expect(() => readSettings(settings)).toThrow(sentence);
  });

  it('are refused where the rules of the triggers could not be read at the intake', () => {
    const file = fileOf({ ...LEAST, triggerRules: 'rules.yaml' });
    writeFileSync(join(file, '..', 'rules.yaml'), 'rules: [{ name: 1 }]');
    expect(() => createApp(file)).toThrow(/name/);
  });
});
