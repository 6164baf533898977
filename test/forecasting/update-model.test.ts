import { additiveModel } from '../../src/forecasting/additive/additive-model';
import { blendedModel } from '../../src/forecasting/blended/blended-model';
import { STANDARD_LEVELS } from '../../src/forecasting/forecast-model';
import { createGateModel } from '../../src/forecasting/gate/gate-model';
import { GATE } from '../../src/forecasting/gate/gate-settings';
import { shippedGates } from '../../src/forecasting/gate/shipped-gates';
import { DAY, STEP_MS, generateSeries } from './generated-series';

const parts = { level: 50, slopePerDay: 0, daily: 10, noise: 0.5, memory: 0.6 };
const whole = [1, 2].map((seed) => generateSeries(parts, 3 * DAY, seed));
const first = whole.map((one) => ({ ...one, values: one.values.slice(0, 3 * DAY - 7) }));
const rest = whole.map((one) => one.values.slice(3 * DAY - 7));

const gateModel = createGateModel(shippedGates, GATE);

it.each([additiveModel, blendedModel].map((model) => [model.name, model] as const))('the %s model after more values is the model fitted to the longer series', async (_name, model) => {
  const updated = await (await model.fit(first, { seed: 3 })).update(rest);
  const fitted = await model.fit(whole, { seed: 3 });
  expect(updated.state).toEqual(fitted.state);
  expect(updated.predict(6, STANDARD_LEVELS)).toEqual(fitted.predict(6, STANDARD_LEVELS));
});

it('the gate model judges its rules at the same moments as one that just met the series, once a whole horizon has passed', async () => {
  const before = await gateModel.fit(first, { seed: 3 });
  before.predict(7, STANDARD_LEVELS);
  const updated = await before.update(rest);
  expect(updated.predict(7, STANDARD_LEVELS)).toEqual((await gateModel.fit(whole, { seed: 3 })).predict(7, STANDARD_LEVELS));
});

describe.each([additiveModel, blendedModel, gateModel].map((model) => [model.name, model] as const))('the %s model after more values', (_name, model) => {
  it('continues one series while the other has nothing new, and leaves the earlier model as it was', async () => {
    const before = await model.fit(first, { seed: 3 });
    const digest = before.state.digest;
    const after = await before.update([[51, null], []]);
    const issued = after.predict(1, [0.5]).map((prediction) => prediction.issuedAtMs);
    expect(issued).toEqual([(3 * DAY - 6) * STEP_MS, (3 * DAY - 8) * STEP_MS]);
    expect(after.state.trainedToMs).toBe((3 * DAY - 6) * STEP_MS);
    expect(after.state.digest).not.toBe(digest);
    expect(before.state.digest).toBe(digest);
    expect(before.predict(1, [0.5])[0]?.issuedAtMs).toBe((3 * DAY - 8) * STEP_MS);
  });

  it('refuses rows that are not one for each series, and what is no number, naming the field', async () => {
    const fitted = await model.fit(first, { seed: 3 });
    const refusal = (more: unknown) => fitted.update(more as number[][]);
    await expect(refusal([[1]])).rejects.toThrow(new RangeError('more: expected 2 rows, one for each fitted series, got 1'));
    await expect(refusal([[1], 'x'])).rejects.toThrow('more[1]: expected a list of numbers');
    await expect(refusal([[1], [2, NaN]])).rejects.toThrow('more[1][1]: expected a finite number, got NaN');
  });
});
