import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { alarmEvent } from '../../infra/bench/alarms/alarm-bodies';

const ROOT = join(__dirname, '../..');
const RULES = join(ROOT, 'examples/triggers/rules.yaml');

describe('foreshift triggers', () => {
  const home = mkdtempSync(join(tmpdir(), 'triggers-cli-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  const foreshift = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(ROOT, 'bin/foreshift.js'), 'triggers', ...args], { env: { PATH: process.env['PATH'], FORESHIFT_HOME: home, TEMPORAL_ADDRESS: '127.0.0.1:1' } }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }));
    });
  const put = (name: string, text: string): string => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };

  it('test tells which rule an event meets, why not the others, and what it begins', async () => {
    const event = put('event.json', alarmEvent('cpu', 'ALARM', Date.UTC(2026, 10, 26, 10)));
    const { code, out } = await foreshift('test', event, '--rules', RULES);
    expect(code).toBe(0);
    expect(out).toContain('not not-in-staging: its name cpu is not like staging-*\n  rule hot-instance\n  begins: {');
    const garbage = await foreshift('test', put('garbage.json', '{"hello":1}'), '--rules', RULES);
    expect(garbage).toMatchObject({ code: 3, out: expect.stringContaining('goes to the dead letters: ') });
  });

  it('lint names every field that is wrong, and rules that are never reached', async () => {
    const wrong = await foreshift('lint', put('wrong.yaml', 'version: 1\nrules:\n  - { name: r, when: { kind: fire }, move: { after: soon } }\n'));
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/rules\.0\.when\.kind: .*\nrules\.0\.move\.after: expected a span/);
    const shadowed = await foreshift('lint', put('shadowed.yaml', 'version: 1\nrules:\n  - { name: all, when: {}, ignore: true }\n  - { name: r, when: { name: "a*" }, move: {} }\n'));
    expect(shadowed).toMatchObject({ code: 1, out: expect.stringContaining('r is never reached: all before it names everything') });
  });

  it('install prints the same template as YAML and as JSON, and lets nobody but its rules and its topic write', async () => {
    const [yaml, json] = [await foreshift('install', '--print', 'yaml'), await foreshift('install', '--print', 'json')];
    const template = JSON.parse(json.out) as { Resources: Record<string, { Type: string; Properties: { PolicyDocument?: { Statement: { Effect: string; Principal: unknown }[] } } }> };
    expect(parseYaml(yaml.out)).toEqual(template);
    expect(Object.values(template.Resources).map(({ Type }) => Type).filter((type) => type === 'AWS::Events::Rule')).toHaveLength(3);
    const allowed = template.Resources['QueuePolicy']?.Properties.PolicyDocument?.Statement.filter(({ Effect }) => Effect === 'Allow').map(({ Principal }) => Principal);
    expect(allowed).toEqual([{ Service: 'events.amazonaws.com' }, { Service: 'sns.amazonaws.com' }]);
  });

  it('serve says what cannot be meant before it opens anything', async () => {
    expect(await foreshift('serve', '--rules', RULES, '--listen', '0.0.0.0:8443', '--topic', 'arn')).toMatchObject({ code: 2, err: expect.stringContaining('expected --tls-cert and --tls-key') });
    expect(await foreshift('serve', '--rules', RULES, '--listen', '127.0.0.1:8443')).toMatchObject({ code: 2, err: expect.stringContaining('--listen needs --topic') });
  });
});
