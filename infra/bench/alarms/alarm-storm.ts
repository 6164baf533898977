import type { RandomStream } from '../../../src/domain/seeded-random';
import { incidentIdOf } from '../../../src/triggers/incident-id';
import { alarmEvent, alarmNotification, arnOf } from './alarm-bodies';

/** What happens to an alarm, in seconds after its first change. */
const HISTORIES = [
  { share: 0.55, name: 'holds', changes: [0] },
  { share: 0.2, name: 'again', changes: [0, 30, 60] },
  { share: 0.15, name: 'over', changes: [0, 20] },
  { share: 0.1, name: 'flaps', changes: [0, 5, 10, 15, 20, 25, 30, 35, 40] },
] as const;

export interface Storm {
  /** In the order of sending. */
  readonly bodies: readonly string[];
  readonly garbage: readonly string[];
  /** Workflows that must be started, each once: of alarms that are on at the end. */
  readonly real: ReadonlySet<string>;
  /** Workflows that may be: of alarms that were over before or after they were told of. */
  readonly passing: ReadonlySet<string>;
}

/** Messages of so many alarms: every change told at least once, by EventBridge or by SNS, the rest repeated or garbage, all out of order. */
export function makeStorm(prefix: string, alarms: number, messages: number, random: RandomStream, nowMs: number): Storm {
  const bodies: string[] = [];
  const real = new Set<string>();
  const passing = new Set<string>();
  for (let i = 0; i < alarms; i += 1) {
    let share = (i + 0.5) / alarms;
    const history = HISTORIES.find((one) => (share -= one.share) < 0) ?? HISTORIES[0];
    const name = `${prefix}-${history.name}-${i}`;
    history.changes.forEach((second, at) => {
      const state = at % 2 === 0 ? 'ALARM' : 'OK';
      const changedAtMs = nowMs - 60_000 + second * 1_000 + (i % 1_000);
      const body = random() < 0.5 ? alarmEvent : alarmNotification;
      bodies.push(body(name, state, changedAtMs, at % 2 === 0 ? 'OK' : 'ALARM'));
      if (state === 'ALARM') (at === history.changes.length - 1 ? real : passing).add(`trigger/${incidentIdOf(arnOf(name), name, changedAtMs)}`);
    });
  }
  const garbage = Array.from({ length: Math.round(messages / 20) }, (_, i) => garbageOf(bodies[Math.floor(random() * bodies.length)] ?? '', i, random));
  if (bodies.length + garbage.length > messages) throw new Error(`${alarms} alarms have ${bodies.length} changes; expected more messages than ${messages}`);
  const repeated = Array.from({ length: messages - bodies.length - garbage.length }, () => bodies[Math.floor(random() * bodies.length)] ?? '');
  return { bodies: shuffled([...bodies, ...garbage, ...repeated], random), garbage, real, passing };
}

/** Cut, without what it needs, of nobody, or no JSON at all; each different, so that each can be found again. */
function garbageOf(body: string, i: number, random: RandomStream): string {
  const kinds = [body.slice(0, 20 + Math.floor(random() * 100)), `{"hello":${i}}`, `garbage ${i}`, `[${i}]`, JSON.stringify({ ...(JSON.parse(body) as object), resources: [`${i}`], AlarmArn: `${i}` })];
  return kinds[i % kinds.length] ?? '';
}

function shuffled<T>(items: T[], random: RandomStream): T[] {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}
