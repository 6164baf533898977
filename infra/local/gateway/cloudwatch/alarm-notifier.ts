import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { actionsOf, type Alarm, type AlarmStateValue } from './alarm';
import { alarmEventDetail, snsAlarmMessage } from './alarm-messages';

export interface AlarmNotifierOptions {
  readonly motoUrl: string;
  readonly region: string;
  readonly accountId: string;
}

/** What became of one action, for the alarm's history. */
export interface ActionOutcome {
  readonly action: string;
  readonly error?: string;
}

/** Tells the world of an alarm's state change the way AWS does: SNS topics and the default event bus, both in moto. */
export class AlarmNotifier {
  private readonly sns: SNSClient;
  private readonly events: EventBridgeClient;

  constructor(private readonly options: AlarmNotifierOptions) {
    const client = {
      endpoint: options.motoUrl,
      region: options.region,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    };
    this.sns = new SNSClient(client);
    this.events = new EventBridgeClient(client);
  }

  /** Resolves when everything was sent; a failed action is an outcome, as on AWS, and stops nothing else. */
  async notify(alarm: Alarm, previous: AlarmStateValue): Promise<readonly ActionOutcome[]> {
    // Built at once: the alarm may change again while the first message is on its way.
    const { region, accountId } = this.options;
    const message = JSON.stringify(snsAlarmMessage(alarm, previous, accountId, region));
    const subject = `${alarm.state.value}: "${alarm.definition.settings.AlarmName}" in ${region}`.slice(0, 100);
    const detail = JSON.stringify(alarmEventDetail(alarm, previous));
    const atMs = alarm.state.atMs;
    const actions = alarm.actionsEnabled ? actionsOf(alarm.definition.settings, alarm.state.value) : [];
    const sent = actions.map((action) => outcome(action, this.act(action, subject, message)));
    const event = outcome('events', this.putEvent(alarm.arn, detail, atMs));
    const outcomes = await Promise.all([...sent, event]);
    return outcomes.filter(({ action, error }) => action !== 'events' || error !== undefined);
  }

  close(): void {
    this.sns.destroy();
    this.events.destroy();
  }

  private async act(action: string, subject: string, message: string): Promise<void> {
    if (!action.startsWith('arn:aws:sns:')) throw new Error('Only SNS topics are modelled as alarm actions.');
    await this.sns.send(new PublishCommand({ TopicArn: action, Subject: subject, Message: message }));
  }

  private async putEvent(arn: string, detail: string, atMs: number): Promise<void> {
    const entry = {
      Source: 'aws.cloudwatch',
      DetailType: 'CloudWatch Alarm State Change',
      Resources: [arn],
      Detail: detail,
      Time: new Date(atMs),
    };
    const answer = await this.events.send(new PutEventsCommand({ Entries: [entry] }));
    if ((answer.FailedEntryCount ?? 0) > 0) throw new Error(answer.Entries?.[0]?.ErrorMessage ?? 'the event bus refused the event');
  }
}

async function outcome(action: string, work: Promise<void>): Promise<ActionOutcome> {
  try {
    await work;
    return { action };
  } catch (error) {
    return { action, error: error instanceof Error ? error.message : String(error) };
  }
}
