import { additiveModel } from '../../src/forecasting/additive/additive-model';
import reference from './reference/additive-reference.json';

describe(`the additive model beside ${reference.madeBy}, same components on both sides`, () => {
  it.each(reference.cases.map((one) => [one.name, one] as const))('%s: every step of the next day agrees within 2 %% of scale', async (_name, { values, mean }) => {
    const series = { id: 'reference', startAtMs: 0, stepMs: reference.stepMs, values };
    const [prediction] = (await additiveModel.fit([series], { seed: 1 })).predict(mean.length, [0.5]);
    const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    const scale = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
    mean.forEach((value, h) => expect(Math.abs(value - (prediction?.mean[h] as number)) / scale).toBeLessThan(0.02));
  });
});
