import { createRandomStream, nextNormal } from '../../src/domain/seeded-random';
import { additiveModel } from '../../src/forecasting/additive/additive-model';
import type { AdditiveFit } from '../../src/forecasting/additive/fit-additive';
import { STANDARD_LEVELS, type ModelState } from '../../src/forecasting/forecast-model';
import { createGateModel } from '../../src/forecasting/gate/gate-model';
import { GATE } from '../../src/forecasting/gate/gate-settings';
import { shippedGates } from '../../src/forecasting/gate/shipped-gates';
import { continueRegressor } from '../../src/forecasting/inputs/continue-regressor';
import { inputColumns } from '../../src/forecasting/inputs/input-columns';
import type { KnownInputs, ScheduledEvent } from '../../src/forecasting/inputs/known-input';
import { checkSeries, type LoadSeries } from '../../src/forecasting/load-series';
import { pinballLoss } from '../../src/forecasting/path-distribution';
import { withKnownEffects } from '../../src/forecasting/with-known-effects';
import { DAY, STEP_MS } from './generated-series';

const DAYS = 8;
const LENGTH = DAYS * DAY;
const HORIZON = DAY;

/** An hour at a random time of each day. */
function dailyJob(seed: number): ScheduledEvent[] {
  const random = createRandomStream(seed);
  return Array.from({ length: DAYS + 1 }, (_, day) => {
    const startAtMs = (day * DAY + Math.floor(random() * (DAY - 12))) * STEP_MS;
    return { name: 'job', kind: 'scheduledJob', startAtMs, endAtMs: startAtMs + 12 * STEP_MS };
  });
}

function regressor(seed: number): { name: string; startAtMs: number; values: number[] } {
  const random = createRandomStream(seed);
  let level = 0;
  return { name: 'requests', startAtMs: 0, values: Array.from({ length: LENGTH + HORIZON }, () => 1000 + 100 * (level = 0.97 * level + nextNormal(random))) };
}

/** Load with daily rhythm and noise, on which inputs have the given effects; history and what came. */
function load(seed: number, { jobEffect, requestEffect }: { jobEffect: number; requestEffect: number }, inputs: KnownInputs) {
  const random = createRandomStream(seed);
  const known = inputColumns({ id: 'x', startAtMs: 0, stepMs: STEP_MS, values: [], events: dailyJob(seed), regressors: [regressor(seed + 500)] })?.rows(0, LENGTH + HORIZON);
  let noise = 0;
  const values = Array.from({ length: LENGTH + HORIZON }, (_, t) => {
    noise = 0.7 * noise + nextNormal(random);
    const [job, requests] = [known?.[2 * t] as number, known?.[2 * t + 1] as number];
    return 40 + 10 * Math.sin((2 * Math.PI * t) / DAY) + noise + jobEffect * job + requestEffect * ((requests - 1000) / 400);
  });
  const series: LoadSeries = { id: `load-${seed}`, startAtMs: 0, stepMs: STEP_MS, values: values.slice(0, LENGTH), ...inputs };
  return { series, truth: values.slice(LENGTH) };
}

const SEEDS = [1, 2, 3, 4];

/** Mean quantile loss of the next day over the seeds. */
async function lossOf(effects: { jobEffect: number; requestEffect: number }, inputs: (seed: number) => KnownInputs): Promise<number> {
  const loads = SEEDS.map((seed) => load(seed, effects, inputs(seed)));
  const predictions = (await additiveModel.fit(loads.map(({ series }) => series), { seed: 1 })).predict(HORIZON, STANDARD_LEVELS);
  const losses = predictions.map(({ quantiles }, k) => pinballLoss(Float64Array.from(quantiles.flat()), STANDARD_LEVELS, loads[k]?.truth ?? []));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

const nothing = (): KnownInputs => ({});
const events = (seed: number): KnownInputs => ({ events: dailyJob(seed) });
const regressors = (seed: number): KnownInputs => ({ regressors: [regressor(seed + 500)] });

describe('an additive forecast with known inputs', () => {
  it.each([
    ['an event', { jobEffect: 15, requestEffect: 0 }, events, 0.8],
    ['a regressor', { jobEffect: 0, requestEffect: 8 }, regressors, 0.5],
  ] as const)('has a much smaller loss with %s that tells of the load', async (_name, effects, inputs, share) => {
    const [without, given] = [await lossOf(effects, nothing), await lossOf(effects, inputs)];
    expect(given / without).toBeLessThan(share);
  });

  it.each([
    ['an event', events],
    ['a regressor', regressors],
  ] as const)('has the same loss with %s that tells nothing', async (_name, inputs) => {
    const effects = { jobEffect: 0, requestEffect: 0 };
    const [without, given] = [await lossOf(effects, nothing), await lossOf(effects, inputs)];
    expect(given / without).toBeGreaterThan(0.98);
    expect(given / without).toBeLessThan(1.02);
  });

  it('finds how large the effects are, and none where there is none', async () => {
    const both = (seed: number): KnownInputs => ({ ...events(seed), ...regressors(seed) });
    const series = [load(1, { jobEffect: 15, requestEffect: 0 }, both(1)).series, load(2, { jobEffect: 0, requestEffect: 8 }, both(2)).series];
    const { fits } = (await additiveModel.fit(series, { seed: 1 })).state.body as { fits: AdditiveFit[] };
    const [first, second] = fits.map((fit) => fit.inputEffects?.map(({ perUnit }) => perUnit) ?? []);
    expect(Math.abs((first?.[0] as number) - 15)).toBeLessThan(1.5);
    expect(Math.abs((second?.[1] as number) * 400 - 8)).toBeLessThan(1);
    expect([first?.[1], second?.[0]]).toEqual([0, 0]);
  });
});

describe('known inputs as columns', () => {
  const grid = { id: 'x', startAtMs: 0, stepMs: 100, values: [1, 2, 3] };

  it('count an event by the share of the step that it covers, one name as one column', () => {
    const event = { name: 'job', kind: 'scheduledJob' } as const;
    const columns = inputColumns({ ...grid, events: [{ ...event, startAtMs: 150, endAtMs: 225 }, { ...event, startAtMs: 400, endAtMs: 500 }] });
    expect(columns?.names).toEqual(['event job']);
    expect([...(columns?.rows(0, 6) ?? [])]).toEqual([0, 0.5, 0.25, 0, 1, 0]);
    expect([...(columns?.rows(2, 5) ?? [])]).toEqual([0.25, 0, 1]);
  });

  it('continue a regressor by what is usual at the time of day, its last distance from it fading', () => {
    const regressors = [{ name: 'r', startAtMs: -100, values: [5, null, 7, 9, 4] }];
    expect([...(inputColumns({ ...grid, regressors })?.rows(0, 4) ?? [])]).toEqual([6, 7, 9, 4]);
    const days = Float64Array.from({ length: 40 }, (_, i) => (i % 4) * 10 + (i >= 36 ? 4 : 0));
    const ahead = continueRegressor(days, 4);
    expect(Math.abs(ahead(0) - 0)).toBeLessThan(4);
    expect(ahead(3) - ahead(0)).toBeGreaterThan(27);
    expect(ahead(400)).toBeCloseTo(0.4, 3);
  });

  it('leave a regressor out that ends with the load, with a note, and tell of an event that was never seen', async () => {
    const { series } = load(1, { jobEffect: 0, requestEffect: 8 }, {});
    const known = regressor(501).values.slice(0, LENGTH);
    const inputs: KnownInputs = { regressors: [{ name: 'requests', startAtMs: 0, values: known }], events: [{ name: 'launch', kind: 'campaign', startAtMs: (LENGTH + 3) * STEP_MS, endAtMs: (LENGTH + 9) * STEP_MS }] };
    for (const model of [additiveModel, withKnownEffects(additiveModel)]) {
      const [plain] = (await model.fit([series], { seed: 1 })).predict(6, [0.5]);
      const [given] = (await model.fit([{ ...series, ...inputs }], { seed: 1 })).predict(6, [0.5]);
      expect(given?.mean).toEqual(plain?.mean);
      expect(given?.notes).toEqual(["regressor requests is not known beyond the load's end and was left out", 'event launch is scheduled for the first time: nothing is known of its effect']);
    }
  });

  it.each<[string, KnownInputs, string]>([
    ['an event that ends before it starts', { events: [{ name: 'e', kind: 'campaign', startAtMs: 5, endAtMs: 5 }] }, 'series[0].events[0].endAtMs: expected a time in ms after the start, got 5'],
    ['an unknown kind', { events: [{ name: 'e', kind: 'party' as 'campaign', startAtMs: 0, endAtMs: 5 }] }, 'series[0].events[0].kind: expected maintenance or'],
    ['a regressor off the grid', { regressors: [{ name: 'r', startAtMs: 30, values: [1] }] }, 'series[0].regressors[0].startAtMs: expected a time on the grid'],
    ['a regressor with text', { regressors: [{ name: 'r', startAtMs: 0, values: [1, 'x' as unknown as number] }] }, 'series[0].regressors[0].values[1]: expected a finite number'],
    ['two of one name', { regressors: [{ name: 'r', startAtMs: 0, values: [1] }, { name: 'r', startAtMs: 0, values: [1] }] }, 'there is another regressor "r"'],
  ])('refuse %s, naming the field', (_name, inputs, message) => {
    expect(() => checkSeries([{ ...grid, ...inputs }])).toThrow(message);
  });
});

describe('any model with known effects', () => {
  const gate = createGateModel(shippedGates, GATE);
  const model = withKnownEffects(gate);
  const effects = { jobEffect: 15, requestEffect: 0 };

  it('forecasts a scheduled job that it would not see by itself, at its time and at the peak', async () => {
    const { series, truth } = load(3, effects, events(3));
    const jobAt = (dailyJob(3).at(-1) as ScheduledEvent).startAtMs / STEP_MS - LENGTH;
    const [plain] = (await gate.fit([series], { seed: 1 })).predict(HORIZON, STANDARD_LEVELS);
    const [known] = (await model.fit([series], { seed: 1 })).predict(HORIZON, STANDARD_LEVELS);
    const error = (prediction: typeof known) => Math.abs((prediction?.quantiles[jobAt + 6]?.[9] as number) - (truth[jobAt + 6] as number));
    expect(error(known)).toBeLessThan(0.4 * error(plain));
    expect(known?.peakQuantiles[9]).toBeGreaterThanOrEqual(Math.max(...(known?.quantiles ?? []).map((row) => row[9] as number)));
    expect(known?.notes.join()).toContain('event job');
  });

  it('is the model itself without inputs, and with such as tell nothing', async () => {
    const { series } = load(4, { jobEffect: 0, requestEffect: 0 }, events(4));
    const { events: _events, ...bare } = series;
    const expected = (await gate.fit([bare], { seed: 1 })).predict(6, STANDARD_LEVELS);
    for (const one of [series, bare]) expect((await model.fit([one], { seed: 1 })).predict(6, STANDARD_LEVELS)).toEqual(expected);
  });

  it('keeps bounds, goes on from later values and comes back from JSON', async () => {
    const { series, truth } = load(3, effects, events(3));
    const fitted = await model.fit([{ ...series, bounds: { lower: 0, upper: 52 } }], { seed: 1 });
    const updated = await fitted.update([truth.slice(0, 12)]);
    const restored = await model.restore(JSON.parse(JSON.stringify(updated.state)) as ModelState);
    expect(restored.predict(12, STANDARD_LEVELS)).toEqual(updated.predict(12, STANDARD_LEVELS));
    const [prediction] = updated.predict(HORIZON - 12, STANDARD_LEVELS);
    expect(Math.max(...(prediction?.quantiles.flat() ?? []), ...(prediction?.peakQuantiles ?? []))).toBeLessThanOrEqual(52);
    expect(updated.state.trainedToMs).toBe((LENGTH + 11) * STEP_MS);
  });
});
