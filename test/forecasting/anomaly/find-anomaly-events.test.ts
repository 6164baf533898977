import { findAnomalyEvents } from '../../../src/forecasting/anomaly/find-anomaly-events';
import { fitWeights } from '../../../src/forecasting/anomaly/fit-weights';

describe('anomaly events', () => {
  const outage = Array.from({ length: 300 }, (_, i) => (i >= 200 && i < 220 ? 0 : 50 + (i % 7)));
  const alarmsAt = (...rows: number[]): number[] => outage.map((_, i) => (rows.includes(i) ? 0.9 : 0));

  it('last from the alarm until the values are usual again', () => {
    expect(findAnomalyEvents(outage, alarmsAt(200))).toEqual([{ start: 200, end: 220, score: 0.9 }]);
  });

  it('take up the alarms within them', () => {
    expect(findAnomalyEvents(outage, alarmsAt(200, 210))).toHaveLength(1);
  });

  it('bridge gaps, and end after a day when the unusual is the new usual', () => {
    const shifted = Array.from({ length: 900 }, (_, i) => (i === 250 ? null : i < 200 ? 50 : 90));
    expect(findAnomalyEvents(shifted, shifted.map((_, i) => (i === 200 ? 0.8 : 0)))).toEqual([{ start: 200, end: 488, score: 0.8 }]);
  });

  it('can open at the first row, before anything was usual', () => {
    expect(findAnomalyEvents([1, 2, 3], [0.9, 0, 0])).toEqual([{ start: 0, end: 1, score: 0.9 }]);
  });

  it('are weighed down in a fit, by their score, and nothing else is', () => {
    const weights = fitWeights(300, [
      { start: 200, end: 220, score: 0.6 },
      { start: 250, end: 251, score: 1 },
    ]);
    expect([...weights.slice(199, 221)]).toEqual([1, ...new Array<number>(20).fill(0.4), 1]);
    expect(weights[250]).toBe(0.05);
  });
});
