import fc from 'fast-check';
import { parseMessage } from '../../src/triggers/parse-message';
import { ACCOUNT, alarmEvent, alarmNotification } from '../../infra/bench/alarms/alarm-bodies';

const AT = Date.UTC(2026, 10, 26, 10, 0, 0, 123);
const event = (source: string, type: string, detail: object, more: object = {}) =>
  JSON.stringify({ version: '0', id: '1', 'detail-type': type, source, account: ACCOUNT, time: '2026-11-26T10:00:00Z', region: 'us-east-1', resources: [], detail, ...more });
const incidents = (body: string) => {
  const message = parseMessage(body);
  if (message.kind === 'garbage') throw new Error(message.reason);
  return message.incidents;
};

describe('A message', () => {
  it('says the same whether it comes from EventBridge, from SNS in its envelope or from SNS as it is', () => {
    const viaBridge = incidents(alarmEvent('cpu', 'ALARM', AT));
    const raw = incidents(alarmNotification('cpu', 'ALARM', AT));
    const wrapped = incidents(JSON.stringify({ Type: 'Notification', MessageId: 'm', TopicArn: 't', Message: alarmNotification('cpu', 'ALARM', AT) }));
    const bridgeBySns = incidents(JSON.stringify({ Type: 'Notification', Message: alarmEvent('cpu', 'ALARM', AT) }));
    expect(viaBridge).toHaveLength(1);
    expect(viaBridge[0]).toMatchObject({ kind: 'alarm', state: 'ALARM', previousState: 'OK', changedAtMs: AT, instanceId: 'i-0123456789abcdef0', metric: 'CPUUtilization' });
    expect(raw).toEqual(viaBridge);
    expect(wrapped).toEqual(viaBridge);
    expect(bridgeBySns).toEqual(viaBridge);
  });

  it('of a composite alarm has its name, and no instance', () => {
    const body = JSON.parse(alarmEvent('both', 'ALARM', AT)) as { detail: { configuration: object } };
    body.detail.configuration = { alarmRule: 'ALARM(a) AND ALARM(b)' };
    expect(incidents(JSON.stringify(body))[0]).toMatchObject({ name: 'both', instanceId: null, dimensions: {} });
  });

  it('of a spot instance has the instance and, for an interruption, two minutes', () => {
    const [warning] = incidents(event('aws.ec2', 'EC2 Spot Instance Interruption Warning', { 'instance-id': 'i-0123456789abcdef0', 'instance-action': 'terminate' }));
    expect(warning).toMatchObject({ kind: 'interruption', instanceId: 'i-0123456789abcdef0', deadlineAtMs: Date.UTC(2026, 10, 26, 10, 2) });
    expect(incidents(event('aws.ec2', 'EC2 Instance Rebalance Recommendation', { 'instance-id': 'i-0123456789abcdef0' }))[0]).toMatchObject({ kind: 'rebalance', deadlineAtMs: null });
  });

  it('of AWS Health is one incident for each resource, scheduled events with their deadline, and closed ones OK', () => {
    const detail = {
      eventArn: 'arn:aws:health:us-east-1::event/EC2/AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED/1',
      service: 'EC2',
      eventTypeCode: 'AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED',
      eventTypeCategory: 'scheduledChange',
      startTime: 'Sat, 05 Dec 2026 15:10:09 GMT',
      statusCode: 'upcoming',
      eventDescription: [{ language: 'en_US', latestDescription: 'the hardware retires' }],
      affectedEntities: [{ entityValue: 'i-0123456789abcdef0' }, { entityValue: 'arn:aws:ec2:us-east-1:1:instance/i-0123456789abcdef1' }],
    };
    const both = incidents(event('aws.health', 'AWS Health Event', detail));
    expect(both.map(({ kind, instanceId, deadlineAtMs, state }) => ({ kind, instanceId, deadlineAtMs, state }))).toEqual(
      ['i-0123456789abcdef0', 'i-0123456789abcdef1'].map((instanceId) => ({ kind: 'scheduledEvent', instanceId, deadlineAtMs: Date.UTC(2026, 11, 5, 15, 10, 9), state: 'ALARM' })),
    );
    expect(new Set(both.map(({ subject }) => subject)).size).toBe(2);
    expect(incidents(event('aws.health', 'AWS Health Event', { ...detail, eventTypeCategory: 'issue', statusCode: 'closed' }))[0]).toMatchObject({ kind: 'health', state: 'OK' });
  });

  it.each([
    ['nothing', '', 'no JSON'],
    ['text', 'hello', 'no JSON'],
    ['a list', '[]', 'JSON object'],
    ['another JSON', '{"hello":1}', 'detail-type'],
    ['an event that nobody knows', event('aws.s3', 'Object Created', {}), 'aws.s3'],
    ['an alarm without a name', alarmEvent('', 'ALARM', AT), 'alarmName'],
    ['an alarm whose ARN has another name', alarmEvent('cpu', 'ALARM', AT).replace('"alarmName":"cpu"', '"alarmName":"mem"'), 'alarmName'],
    ['an alarm in no state', alarmNotification('cpu', 'ALARM', AT).replace('"NewStateValue":"ALARM"', '"NewStateValue":"BURNING"'), 'NewStateValue'],
    ['an alarm at no time', alarmNotification('cpu', 'ALARM', AT).replace(/"StateChangeTime":"[^"]*"/, '"StateChangeTime":"yesterday"'), 'StateChangeTime'],
    ['an envelope in an envelope', JSON.stringify({ Type: 'Notification', Message: JSON.stringify({ Type: 'Notification', Message: '{}' }) }), 'detail-type'],
  ])('of %s is garbage, with a reason', (_, body, reason) => {
    expect(parseMessage(body)).toEqual({ kind: 'garbage', reason: expect.stringContaining(reason) });
  });

  it('of any bytes, or of a true one with any of it replaced, never throws', () => {
    const valid = [alarmEvent('cpu', 'ALARM', AT), alarmNotification('cpu', 'OK', AT), event('aws.health', 'AWS Health Event', { eventArn: 'a', service: 'EC2', eventTypeCode: 'c', eventTypeCategory: 'issue' })];
    const mutated = fc.tuple(fc.constantFrom(...valid), fc.nat(2_000), fc.nat(30), fc.string({ maxLength: 20, unit: 'binary' })).map(([body, at, length, text]) => body.slice(0, at) + text + body.slice(at + length));
    const odd = fc.json({ maxDepth: 4 }).map((json) => `{"Type":"Notification","Message":${JSON.stringify(json)}}`);
    fc.assert(fc.property(fc.oneof(mutated, odd, fc.json(), fc.string({ unit: 'binary' })), (body) => {
      const message = parseMessage(body);
      if (message.kind === 'garbage') expect(message.reason.length).toBeLessThanOrEqual(250);
    }), { numRuns: 1_000 });
  });
});
