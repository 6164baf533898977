import { createGateModel } from '../../src/forecasting/gate/gate-model';
import { FAST_GATE } from '../../src/forecasting/gate/gate-settings';
import { shippedGates } from '../../src/forecasting/gate/shipped-gates';
import { createForecastEngine } from '../../src/forecasting/forecast-engine';
import type { ForecastModel } from '../../src/forecasting/forecast-model';
import { createKeptModels } from '../../src/forecasting/kept-models';
import type { LoadSeries } from '../../src/forecasting/load-series';
import { shareOut } from '../../src/forecasting/share-out';
import { DAY, generateSeries, STEP_MS } from './generated-series';

const gate = createGateModel(shippedGates, FAST_GATE);
const options = { seed: 1 };
const whole = generateSeries({ level: 50, slopePerDay: 0, daily: 5, noise: 1, memory: 0.5 }, 5 * DAY);

/** What a caller sends at a tick: a window of three days that moves on. */
function windowAt(tick: number, change: (values: (number | null)[]) => void = () => undefined): LoadSeries {
  const values = whole.values.slice(tick, 3 * DAY + tick);
  change(values);
  return { ...whole, startAtMs: whole.startAtMs + tick * STEP_MS, values };
}

/** Counts how often a model is fitted anew. */
function counted(model: ForecastModel): { readonly model: ForecastModel; readonly fits: () => number } {
  let fits = 0;
  return {
    model: {
      ...model,
      fit(series, fitOptions) {
        fits++;
        return model.fit(series, fitOptions);
      },
    },
    fits: () => fits,
  };
}

describe('kept models', () => {
  it('go on where the series does, forecast from its latest value, and have a digest of their own at each step', async () => {
    const { model, fits } = counted(gate);
    const kept = createKeptModels(1e6);
    const seen = [];
    for (const tick of [0, 1, 2, 2]) seen.push(await kept.modelOf(model, windowAt(tick), options));
    expect(fits()).toBe(1);
    expect(seen[3]?.fitted.predict(6, [0.5])[0]?.issuedAtMs).toBe(whole.startAtMs + (3 * DAY + 1) * STEP_MS);
    expect(new Set(seen.map(({ digest }) => digest)).size).toBe(3);
    expect(seen[3]?.digest).toBe(seen[2]?.digest);
  });

  it('forecast much as a model that is fitted anew does', async () => {
    const kept = createKeptModels(1e6);
    await kept.modelOf(gate, windowAt(0), options);
    const [warm] = (await kept.modelOf(gate, windowAt(40), options)).fitted.predict(6, [0.1, 0.5, 0.9]);
    const [cold] = (await gate.fit([windowAt(40)], options)).predict(6, [0.1, 0.5, 0.9]);
    warm?.quantiles.flat().forEach((value, i) => expect(Math.abs(value - (cold?.quantiles.flat()[i] as number))).toBeLessThan(2));
  });

  it('take late values for a gap at the end, and are fitted anew for any other change of the past, another step, bounds or model', async () => {
    const { model, fits } = counted(gate);
    const kept = createKeptModels(1e6);
    await kept.modelOf(model, windowAt(0, (values) => values.fill(null, -2)), options);
    const { fitted } = await kept.modelOf(model, windowAt(1, (values) => values.fill(null, -1)), options);
    expect(fitted.predict(1, [0.5])[0]?.issuedAtMs).toBe(whole.startAtMs + 3 * DAY * STEP_MS);
    expect(fits()).toBe(1);
    await kept.modelOf(model, windowAt(1, (values) => (values[100] = 7)), options);
    expect(fits()).toBe(2);
    await kept.modelOf(model, { ...windowAt(2), bounds: { lower: 0 } }, options);
    await kept.modelOf(model, { ...windowAt(2), bounds: { lower: 0 }, stepMs: STEP_MS / 2 }, options);
    await kept.modelOf({ ...model, name: 'other' }, windowAt(2), options);
    expect(fits()).toBe(5);
  });

  it('are fitted anew a day later, and where the past comes back', async () => {
    const { model, fits } = counted(gate);
    const kept = createKeptModels(1e6);
    for (const tick of [0, DAY - 1, DAY]) await kept.modelOf(model, windowAt(tick), options);
    expect(fits()).toBe(1);
    await kept.modelOf(model, windowAt(DAY + 1), options);
    await kept.modelOf(model, windowAt(DAY), options);
    expect(fits()).toBe(3);
  });

  it('stay where there is no room for all, until nobody has asked for one for long', async () => {
    const { model, fits } = counted(gate);
    const kept = createKeptModels(2 * 3 * DAY);
    const named = (id: string) => kept.modelOf(model, { ...windowAt(0), id }, options);
    for (const id of ['a', 'b', 'c', 'a', 'b']) await named(id);
    expect(fits()).toBe(3);
    await named('c');
    expect(fits()).toBe(4);
    for (let i = 0; i < 31; i++) await named('a');
    for (const id of ['c', 'c', 'a']) await named(id);
    expect(fits()).toBe(5);
    await named('b');
    expect(fits()).toBe(6);
  });
});

describe('an engine that keeps models', () => {
  it('sends each series to its own thread, and answers in order, cold and warm', async () => {
    const requests = (tick: number) => ['a', 'b', 'c', 'd', 'e'].map((id) => ({ series: { ...windowAt(tick), id }, horizonSteps: 6, tier: 'fast' as const }));
    const homes = (tick: number) => shareOut(requests(tick), 2, true).flatMap(({ requests: part, home }) => part.map(({ series }) => `${series.id}${home}`));
    expect(homes(1).toSorted()).toEqual(homes(0).toSorted());
    const engine = createForecastEngine({ threads: 2, keptValues: 1e6 });
    for (const tick of [0, 1]) {
      const answers = await engine.forecast(requests(tick));
      expect(answers.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(answers.every(({ issuedAtMs }) => issuedAtMs === whole.startAtMs + (3 * DAY + tick - 1) * STEP_MS)).toBe(true);
    }
    await engine.close();
  });
});
