import { differingFields } from '../../../src/domain/capacity/differing-fields';
import { checkHoldInput, readWindow } from '../../../src/domain/capacity/hold-input';
import { meansOf } from '../../../src/domain/capacity/hold-means';
import { checkReplicaInput } from '../../../src/domain/capacity/replica-input';

const REQUEST = { requestId: 'web-friday', template: { instanceId: 'i-0123456789abcdef0' } };

describe('the input of provisionReplicas', () => {
  it('needs no more than an id and a template', () => {
    expect(checkReplicaInput(REQUEST)).toEqual([]);
    expect(checkReplicaInput({ ...REQUEST, count: 4, minimum: 2, demand: { peak: { vcpus: 1, memoryMiB: 1 } }, targetGroups: [], budget: { maximumUsdTotal: 5 }, keep: true })).toEqual([]);
  });

  it.each([
    [{ ...REQUEST, requestId: 'a b' }, /^requestId is "a b"; expected a name/],
    [{ ...REQUEST, template: {} }, /^template is \{\}; expected exactly one of instanceId and launchTemplateId/],
    [{ ...REQUEST, template: { instanceId: 'web-1' } }, /^template is .*instanceId is "web-1"; expected an EC2 instance id/],
    [{ ...REQUEST, demand: { peak: { vcpus: -1, memoryMiB: 1 } } }, /^demand is .*vcpus is -1; expected a number above 0/],
    [{ ...REQUEST, minimum: 5, maximum: 3 }, /^minimum is 5; expected no more than the maximum of 3/],
    [{ ...REQUEST, count: 2, minimum: 3 }, /^count is 2; expected a number from the minimum of 3/],
    [{ ...REQUEST, quantile: 1 }, /^quantile is 1; expected a number from 0.5 to below 1/],
    [{ ...REQUEST, minimun: 1 }, /^minimun is not a field of provisionReplicas; known fields: /],
    [{ template: REQUEST.template }, /^requestId is missing; expected a name/],
    [null, /^provisionReplicas takes one JSON object/],
  ])('is refused in a sentence that names the field: %j', (input, sentence) => {
    expect(checkReplicaInput(input).join('; ')).toMatch(sentence);
  });
});

describe('the input of preAllocateCapacity', () => {
  const HOLD = { pool: 'web', window: '2026-11-26T10:00:00Z/2026-11-26T12:00:00+01:00' };

  it('reads an interval with its zones', () => {
    expect(checkHoldInput(HOLD)).toEqual([]);
    expect(readWindow(HOLD.window)).toEqual({ fromMs: Date.parse('2026-11-26T10:00:00Z'), untilMs: Date.parse('2026-11-26T11:00:00Z') });
  });

  it.each([
    [{ ...HOLD, window: '2026-11-26T10:00:00Z/2026-11-26T09:00:00Z' }, /^window is .*; expected an ISO 8601 interval/],
    [{ ...HOLD, window: '2026-11-26T10:00/2026-11-26T11:00' }, /^window is .*; expected an ISO 8601 interval/],
    [{ ...HOLD, service: 'web' }, /^service is not a field of preAllocateCapacity/],
    [{ ...HOLD, refreshMs: 5 }, /^refreshMs is 5; expected milliseconds from 500/],
    [{ ...HOLD, means: ['buy'] }, /^means is .*; expected a list of some of reservation, auto-scaling, launch, spot, each once/],
    [{ ...HOLD, means: ['spot', 'spot'] }, /^means is .*each once/],
    [{ ...HOLD, means: ['auto-scaling'] }, /^autoScalingGroup is missing; expected the name of the group/],
    [{ ...HOLD, means: ['spot'], autoScalingGroup: 'web' }, /^autoScalingGroup is "web", and means has no "auto-scaling"/],
    [{ ...HOLD, futureDated: true }, /^demand is missing; futureDated needs it/],
    [{ ...HOLD, futureDated: true, demand: { peak: { vcpus: 1, memoryMiB: 1 } }, autoScalingGroup: 'web' }, /^futureDated is true, and means has no "reservation"/],
    [{ ...HOLD, acceptCommitmentUsd: -1 }, /^acceptCommitmentUsd is -1; expected USD, 0 or more/],
    [{ window: HOLD.window }, /^pool is missing; expected the name of a service/],
  ])('is refused in a sentence that names the field: %j', (input, sentence) => {
    expect(checkHoldInput(input).join('; ')).toMatch(sentence);
  });
});

describe('what a hold may do', () => {
  it('is reserving alone, or raising the group that is named, where nothing else was asked for', () => {
    expect(meansOf({})).toEqual(['reservation']);
    expect(meansOf({ autoScalingGroup: 'web' })).toEqual(['auto-scaling']);
    expect(meansOf({ autoScalingGroup: 'web', means: ['spot', 'auto-scaling'] })).toEqual(['spot', 'auto-scaling']);
  });
});

describe('two requests under one id', () => {
  it('are the same whatever the order of their fields, and differ in named ones', () => {
    expect(differingFields({ a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 })).toEqual([]);
    expect(differingFields({ a: 1, b: 2 }, { a: 2, c: 3 })).toEqual(['a', 'b', 'c']);
  });
});
