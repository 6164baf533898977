import fc from 'fast-check';
import { chooseRule } from '../../../src/domain/triggers/choose-rule';
import { fillTemplate, unknownPlaceholders } from '../../../src/domain/triggers/fill-template';
import { matchPattern } from '../../../src/domain/match-pattern';
import { alarmChange } from '../../triggers/incidents';
import type { RuleMatch, TriggerRule } from '../../../src/domain/triggers/trigger-rule';

const MATCH: RuleMatch = { kinds: ['alarm'], name: null, tags: {}, dimensions: {}, namespace: null, metric: null, accounts: [], regions: [] };
const rule = (name: string, match: Partial<RuleMatch>): TriggerRule => ({ name, match: { ...MATCH, ...match }, then: null, withdrawOnOk: true });
const incident = alarmChange('hot-web-7', 'ALARM', Date.UTC(2026, 10, 26, 10));

describe('A pattern', () => {
  it('stands for any text at each star, and gives it back', () => {
    expect(matchPattern('hot-*-*', 'hot-web-7')).toEqual(['web', '7']);
    expect(matchPattern('*', '')).toEqual(['']);
    expect(matchPattern('hot', 'hot-web-7')).toBeNull();
    expect(matchPattern('ab*ba', 'aba')).toBeNull();
  });

  it('of a text with stars in it fits what the stars were put for', () => {
    const part = fc.stringMatching(/^[a-c-]{0,6}$/);
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), fc.array(part, { minLength: 5, maxLength: 5 }), (fixed, filled) => {
      const text = fixed.map((one, i) => (i === 0 ? one : (filled[i] ?? '') + one)).join('');
      const captures = matchPattern(fixed.join('*'), text);
      expect(captures).toHaveLength(fixed.length - 1);
      expect(fixed.map((one, i) => (i === 0 ? one : (captures?.[i - 1] ?? '') + one)).join('')).toBe(text);
    }));
  });
});

describe('Rules', () => {
  it('are asked in their order; the first that fits decides', () => {
    const rules = [rule('other', { name: 'cold-*' }), rule('tagged', { tags: { team: 'shop' } }), rule('hot', { name: 'hot-*' }), rule('any', {})];
    expect(chooseRule(rules, incident, {})?.rule.name).toBe('hot');
    expect(chooseRule(rules, incident, { team: 'shop' })?.rule.name).toBe('tagged');
    expect(chooseRule(rules.slice(0, 2), incident, {})).toBeNull();
  });

  it.each([
    [{ dimensions: { InstanceId: 'i-*' } }, true],
    [{ dimensions: { AutoScalingGroupName: '*' } }, false],
    [{ dimensions: { toString: '*' } }, false],
    [{ namespace: 'AWS/*', metric: 'CPU*' }, true],
    [{ accounts: ['999999999999'] }, false],
    [{ regions: ['us-east-1'] }, true],
    [{ kinds: ['health'] as const }, false],
  ])('fit by %j: %s', (match, fits) => {
    expect(chooseRule([rule('r', match)], incident, {}) !== null).toBe(fits);
  });

  it('fill placeholders anywhere in an input, and say which they cannot fill', () => {
    const facts = { incident, tags: { pool: 'web' }, captures: ['web', '7'] };
    const template = { pool: '${tag.pool}', list: ['${1}/${2}', 7, { window: '${changedAt}/${changedAt+2h}' }], id: '${dimension.InstanceId}' };
    expect(fillTemplate(template, facts)).toEqual({ value: { pool: 'web', list: ['web/7', 7, { window: '2026-11-26T10:00:00.000Z/2026-11-26T12:00:00.000Z' }], id: 'i-0123456789abcdef0' } });
    expect(fillTemplate('${deadline} ${dimension.constructor}', facts)).toEqual({ missing: ['${deadline}', '${dimension.constructor}'] });
    expect(unknownPlaceholders({ a: ['${instanceid}', '${name}'] })).toEqual(['${instanceid}']);
  });
});
