import { z } from 'zod';
import type { Incident } from '../domain/triggers/incident';
import { alarmOfEvent } from './envelopes/alarm-event';
import { bridgeEventShape } from './envelopes/bridge-event';
import { healthOfEvent } from './envelopes/health-event';
import { alarmOfSns, snsAlarmShape } from './envelopes/sns-alarm';
import { spotOfEvent } from './envelopes/spot-event';

/** What a message says: what happened, or why it says nothing that can be understood. */
export type ParsedMessage = { readonly kind: 'incidents'; readonly incidents: readonly Incident[] } | { readonly kind: 'garbage'; readonly reason: string };

/** A message of SQS holds no more. */
const MOST_CHARACTERS = 1_048_576;
const LONGEST_REASON = 250;

const snsEnvelope = z.object({ Type: z.literal('Notification'), Message: z.string() });

/** Reads the body of a message: an event of EventBridge, or an alarm's JSON or such an event in SNS's envelope or without one. Never throws. */
export function parseMessage(body: string): ParsedMessage {
  try {
    if (body.length > MOST_CHARACTERS) throw new Error(`the body has ${body.length} characters; expected at most ${MOST_CHARACTERS}`);
    return { kind: 'incidents', incidents: incidentsOf(json(body, 'the body'), true) };
  } catch (error) {
    return { kind: 'garbage', reason: reasonOf(error).slice(0, LONGEST_REASON) };
  }
}

function incidentsOf(value: unknown, mayBeWrapped: boolean): readonly Incident[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('expected a JSON object');
  if (mayBeWrapped && 'Type' in value) return incidentsOf(json(snsEnvelope.parse(value).Message, 'Message'), false);
  if ('AlarmName' in value) return [alarmOfSns(snsAlarmShape.parse(value))];
  if (!('detail-type' in value)) throw new Error("expected an event of EventBridge (detail-type), an alarm's message (AlarmName) or one of both from SNS (Type)");
  const event = bridgeEventShape.parse(value);
  switch (`${event.source}/${event['detail-type']}`) {
    case 'aws.cloudwatch/CloudWatch Alarm State Change':
      return [alarmOfEvent(event)];
    case 'aws.ec2/EC2 Spot Instance Interruption Warning':
      return [spotOfEvent('interruption', event)];
    case 'aws.ec2/EC2 Instance Rebalance Recommendation':
      return [spotOfEvent('rebalance', event)];
    case 'aws.health/AWS Health Event':
      return healthOfEvent(event);
    default:
      throw new Error(`detail-type: nothing is known of "${event['detail-type']}" from ${event.source}`);
  }
}

function json(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the text, which may hold anything.
    throw new Error(`${what} is no JSON`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return error instanceof Error ? error.message : String(error);
}
