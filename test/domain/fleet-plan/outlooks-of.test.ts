import { outlooksOf } from '../../../src/domain/fleet-plan/outlooks-of';
import { HOUR, cpuForecast, instance } from '../../../infra/bench/plan/generated-fleet';

const steady = (percent: number) => ({ cpuPercent: cpuForecast(() => percent) });

describe('what newly weighed instances mean for moves', () => {
  it('tells what threatens where an instance stays, how much a move averts and when it is expected', () => {
    const noon = instance('i-noon', {}, { cpuPercent: cpuForecast((step) => (step < 144 ? 50 : 120)) });
    const [threatened, calm] = outlooksOf([noon, instance('i-calm', {}, steady(20))]);
    expect(threatened).toMatchObject({ instanceId: 'i-noon', contended: true, onsetAtMs: 12 * HOUR });
    expect(threatened?.impactMinutes).toBeGreaterThan(600);
    expect(calm).toEqual({ instanceId: 'i-calm', contended: false, impactMinutes: 0, onsetAtMs: null, serviceDisturbed: false });
  });

  it('tells nothing of an instance without a forecast', () => {
    expect(outlooksOf([instance('i-blind', {}, {})])).toEqual([]);
  });

  it('calls a service disturbed for all but the one that is unhealthy itself', () => {
    const fleet = [instance('i-1', { service: 'shop', unhealthy: true }, steady(60)), instance('i-2', { service: 'shop' }, steady(60)), instance('i-3', { service: 'bank' }, steady(60))];
    expect(outlooksOf(fleet).map(({ serviceDisturbed }) => serviceDisturbed)).toEqual([false, true, false]);
  });
});
