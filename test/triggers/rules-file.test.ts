import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRules } from '../../src/triggers/rules-file';

const file = (rule: string) => `version: 1\nrules:\n  - ${rule}\n`;

describe('A file of rules', () => {
  it('as the example is, is read with its spans in milliseconds', () => {
    const { policy, rules } = parseRules(readFileSync(join(__dirname, '../../examples/triggers/rules.yaml'), 'utf8'));
    expect(policy).toMatchObject({ lateAfterMs: 900_000, flapping: { changes: 3, withinMs: 600_000, holdMs: 300_000 } });
    expect(rules.find(({ name }) => name === 'hot-instance')).toMatchObject({ then: { kind: 'wish', instance: '${instanceId}', deadlineMs: 1_800_000 }, withdrawOnOk: true });
  });

  it.each([
    ['name: r, when: {}, move: { impactMinute: 3 }', 'impactMinute'],
    ['name: r, when: {}', 'exactly one of move, start and ignore'],
    ['name: r, when: {}, start: { workflow: rmRf }', 'expected one of migrateInstance'],
    ['name: r, when: {}, move: { after: soon }', 'rules.0.move.after: expected a span'],
    ['name: r, when: {}, move: { instance: "${instance}" }', '${instance} is no placeholder'],
    ['name: r, when: {}, start: { workflow: shapeFleet, input: { fleet: "${tags.x}" } }', '${tags.x} is no placeholder'],
    ['name: r, when: { kind: fire }, ignore: true', 'rules.0.when.kind'],
    ['name: "a b", when: {}, ignore: true', 'rules.0.name'],
  ])('with {%s} is refused: %s', (rule, sentence) => {
    expect(() => parseRules(file(`{ ${rule} }`))).toThrow(sentence);
  });

  it('that is no YAML, or names a rule twice, is refused', () => {
    expect(() => parseRules('rules: [')).toThrow();
    expect(() => parseRules(file('{ name: r, when: {}, ignore: true }\n  - { name: r, when: {}, ignore: true }'))).toThrow('"r" is taken');
  });
});
