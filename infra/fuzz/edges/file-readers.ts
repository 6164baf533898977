import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readActorsFile } from '../../../src/adapters/temporal/actor/actors-file';
import { readKeyFile } from '../../../src/adapters/temporal/codec/key-file';
import { readPolicyChanges } from '../../../src/cli/backtest/read-policies';
import { parseSeriesCsv } from '../../../src/cli/detect/series-csv';
import { parseTask } from '../../../src/cli/forecast/batch/parse-task';
import { readCsvHistory } from '../../../src/cli/forecast/single/csv-history';
import { readEvents } from '../../../src/cli/forecast/single/read-events';
import { readCheckedFile } from '../../../src/cli/read-checked-file';
import { readRoutingFile } from '../../../src/cli/routing/read-routing-file';
import { readNamedShapes } from '../../../src/cli/shapes/read-named-shapes';
import { readSettingsFile } from '../../../src/cli/settings/read-settings-file';
import { readUsersFile } from '../../../src/console/server/accounts';
import { readOidcFile } from '../../../src/console/server/oidc/oidc-config';
import type { CatalogueShape } from '../../../src/domain/shapes/catalogue-shape';
import { parseChannels } from '../../../src/notifications/channels-file';
import { readTrace } from '../../../src/simulation/planetlab/read-trace';
import { DoorMemory } from '../../../src/transfer/front-door/door-memory';
import { parseRules } from '../../../src/triggers/rules-file';
import { ROUTED_SERVICE } from './workflow-examples';

export interface FileReader {
  /** The name of the file, whose ending may matter. */
  readonly file: string;
  readonly examples: readonly string[];
  /** What means something in such a file. */
  readonly words: readonly string[];
  /** @throws what is shown to whoever wrote the file */
  read(path: string): unknown;
}

const RANGE = { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 11, 31), timeZone: 'Europe/Berlin' };
const json = (value: unknown): string => JSON.stringify(value, null, 1);
const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const key = randomBytes(32).toString('base64');
const rows = (from: number, to: (i: number) => number | string): string => Array.from({ length: 40 }, (_, i) => `${new Date(from + i * 300_000).toISOString()},${to(i)}`).join('\n');
const CSV = `timestamp,value\n${rows(RANGE.fromMs, (i) => 40 + i)}\n`;
const CALENDAR = (lines: string): string => `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20261101T000000Z\r\n${lines}\r\nSUMMARY:Sale\r\nCATEGORIES:campaign\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
const RULES = `version: 1
policy:
  lateAfter: 15m
  flapping: {changes: 5, within: 10m, hold: 90s}
rules:
  - name: hot
    when: {kind: alarm, name: "cpu-*", tags: {app: web}, dimensions: {InstanceId: "*"}, accounts: ["123456789012"]}
    move: {instance: "\${instanceId}", impactMinutes: 30, after: 90s, deadline: 2h, zones: [us-east-1b]}
  - name: tick
    when: {kind: [spot-interruption]}
    start: {workflow: shapeFleet, input: {fleet: shop}}
    onOk: keep
  - {name: rest, when: {}, ignore: true}
`;
const CHANNELS = `consoleUrl: https://foreshift.example.com/
channels:
  - {name: oncall, type: slack, urlFrom: SLACK_URL, approvalLinks: true, events: [done, rollback]}
  - {name: hook, type: webhook, urlFrom: HOOK_URL, secretFrom: HOOK_SECRET, services: [web]}
  - {name: mail, type: email, from: a@example.com, to: [b@example.com]}
  - {name: topic, type: sns, topicArn: "arn:aws:sns:us-east-1:123456789012:t"}
`;
const SETTINGS = 'temporalAddress: 127.0.0.1:7233\ntemporalNamespace: default\ndatabaseUrl: postgresql://user@host/db\nregions: us-west-2\nauditKey: keys/audit.pem\nhome: .foreshift\n';
const YAML_WORDS = ['&a', '*a', '<<: *a', '!!js/function', '!!binary', '!!set', '? ', '- ', ': ', '{', '}', '|', '>', '#', '---', '...', '%YAML 1.1', '"', '@', '0o17', '1:20', '~', 'yes', '2026-11-26'];
const JSON_WORDS = ['{', '}', '[', ']', ',', ':', '"a":', 'null', '1e400', '\\u0000', '"__proto__":{},', '//'];
const CSV_WORDS = [',', '"', '""', '\n', 'timestamp', 'value', 'NaN', '1e999', '0x10', ';', '2026-03-29 02:30:00', '1e12', '-1', '\ufefftimestamp'];
const ICAL_WORDS = ['RRULE:FREQ=SECONDLY', 'RRULE:FREQ=YEARLY;INTERVAL=0', 'RRULE:FREQ=DAILY;UNTIL=x', 'RRULE:FREQ=MINUTELY;COUNT=99999999', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2', 'EXDATE:x', 'DURATION:PT', 'DTSTART:', 'DTSTART;TZID=Nowhere/Else:20261127T090000', 'DTEND:20250101T000000Z', 'RECURRENCE-ID:20261127T090000Z', 'BEGIN:VEVENT', 'END:VEVENT', 'END:VCALENDAR', 'STATUS:CANCELLED', 'CATEGORIES:', 'SUMMARY;LANGUAGE=de:x', 'BEGIN:VTIMEZONE', 'TZOFFSETTO:+9999'];
const CATALOGUE = [{ name: 'm7i.large' }] as unknown as readonly CatalogueShape[];
const TASK = json({ id: 'a', freq_seconds: 300, horizon: 12, lower_bound: 0, timestamps: Array.from({ length: 30 }, (_, i) => 1_790_000_000 - (1_790_000_000 % 300) + i * 300), values: Array.from({ length: 30 }, (_, i) => (i === 3 ? null : i)), events: [{ name: 'e', kind: 'campaign', start: 1_790_000_000, end: 1_790_003_600 }] });
const ROUTING = { ...ROUTED_SERVICE, outlook: { horizonMs: 600_000, members: ROUTED_SERVICE.members.map(({ memberId }) => ({ memberId, capacity: 100, load: [{ level: 0.5, value: 40 }] })), classShares: { checkout: 0.4, rest: 0.6 } } };
const EVENTS = [{ name: 'sale', kind: 'campaign', start: '2026-11-27', end: '2026-11-28T10:00:00+01:00' }, { name: 'backup', kind: 'scheduledJob', cron: '30 2 * * *', durationMinutes: 45, timeZone: 'America/New_York' }];
const SHAPES = [{ name: 'web', instanceType: 'm7i.large', count: 2, volume: { kind: 'gp3', iops: 3_000, throughputMiBps: 125 }, usdPerHour: 0.1, why: ['x'] }];
const POLICY = { maxMoves: 5, sizing: { horizonMs: 3_600_000, limitPercent: { cpu: 80 } }, durations: { launchMs: 60_000 } };

const checked = (parse: (text: string) => unknown) => (path: string) => readCheckedFile(path, parse);

/** Files that somebody writes and the product reads. */
export const FILE_READERS: readonly FileReader[] = [
  { file: 'foreshift.yaml', examples: [SETTINGS], words: YAML_WORDS, read: readSettingsFile },
  { file: 'rules.yaml', examples: [RULES, json({ version: 1, rules: [{ name: 'hot', when: {}, move: {} }] })], words: YAML_WORDS, read: checked(parseRules) },
  { file: 'channels.yaml', examples: [CHANNELS], words: YAML_WORDS, read: checked(parseChannels) },
  { file: 'users.json', examples: [json([{ name: 'ada', role: 'admin', tokenSha256: '0'.repeat(64) }])], words: JSON_WORDS, read: readUsersFile },
  { file: 'actors.json', examples: [json([{ name: 'ada', role: 'operator', publicKey, speaksForOthers: true }])], words: JSON_WORDS, read: readActorsFile },
  { file: 'keys.json', examples: [json({ keys: [{ id: 'k1', key }] }), json({ kms: { keyId: 'k', region: 'us-east-1', olderKeyIds: ['o'] } })], words: JSON_WORDS, read: readKeyFile },
  { file: 'oidc.json', examples: [json({ issuer: 'https://id.example.com', clientId: 'c', label: 'l', roleClaim: 'groups', roles: { ops: 'operator' } })], words: JSON_WORDS, read: readOidcFile },
  { file: 'routing.json', examples: [json(ROUTING)], words: JSON_WORDS, read: (path) => readRoutingFile(path, 1_790_000_000_000) },
  { file: 'policy.json', examples: [json(POLICY)], words: JSON_WORDS, read: readPolicyChanges },
  { file: 'shapes.json', examples: [json(SHAPES)], words: JSON_WORDS, read: (path) => readNamedShapes(path, CATALOGUE) },
  { file: 'door.json', examples: [json({ instanceId: 'i-1', upstream: { host: 'h', port: 80 }, isHolding: true })], words: JSON_WORDS, read: (path) => new DoorMemory(path, 'i-1').read() },
  { file: 'events.json', examples: [json(EVENTS)], words: [...JSON_WORDS, '* * * * *', '*/0 * * * *', '0 0 31 2 *', '99 * * * *'], read: (path) => readEvents(path, RANGE) },
  {
    file: 'calendar.ics',
    examples: [CALENDAR('DTSTART;TZID=Europe/Berlin:20261127T090000\r\nDTEND;TZID=Europe/Berlin:20261127T110000\r\nRRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=5\r\nEXDATE;TZID=Europe/Berlin:20261204T090000'), CALENDAR('DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261226'), CALENDAR('DTSTART:20261127T090000Z\r\nDURATION:PT2H')],
    words: ICAL_WORDS,
    read: (path) => readEvents(path, RANGE),
  },
  { file: 'history.csv', examples: [CSV, `value,timestamp\n1,${RANGE.fromMs / 1_000}\n,${RANGE.fromMs / 1_000 + 300}\n3,${RANGE.fromMs / 1_000 + 600}\n`], words: CSV_WORDS, read: (path) => readCsvHistory(path, {}) },
  { file: 'series.csv', examples: [CSV, 'timestamp,value,label\n2026-11-01 00:00:00,1,a\n2026-11-01 00:05:00,,b\n'], words: CSV_WORDS, read: checked(parseSeriesCsv) },
  { file: 'tasks.jsonl', examples: [TASK.replaceAll('\n', ' ')], words: JSON_WORDS, read: checked(parseTask) },
  { file: 'trace.csv', examples: [`vm1,${Array.from({ length: 288 }, (_, i) => i % 101).join(',')}\nvm2,${'5,'.repeat(287)}5\n`], words: CSV_WORDS, read: checked(readTrace) },
];

