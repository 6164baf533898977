import { shippedGates } from '../../../src/forecasting/gate/shipped-gates';
import { toWeightsFile } from '../../../src/forecasting/gate/weights-file';
import { createForecastEngine } from '../../../src/forecasting/forecast-engine';
import { continuedGateName, weightsIdOf } from '../../../src/forecasting/model-names';
import { continueGateInThread } from '../../../src/forecasting/training/continue-gate-in-thread';
import { DAY, generateSeries } from '../generated-series';

const load = (seed: number, days: number) => generateSeries({ level: 50, slopePerDay: 0, daily: 5, noise: 1, memory: 0.5 }, days * DAY, seed);

describe('a gate trained further', () => {
  it('is made in a thread of its own; there is none of too few moments', async () => {
    expect(await continueGateInThread({ series: [load(1, 4)], horizonSteps: 6, epochs: 1, seed: 1 })).toBeNull();
  });

  it('forecasts in an engine by its name, and is refused without its weights', async () => {
    const engine = createForecastEngine({ threads: 1, keptValues: 1e5 });
    const other = { ...shippedGates.short, secondBias: shippedGates.short.secondBias.map((bias, i) => bias + (i % 7)) };
    const request = { series: load(1, 4), horizonSteps: 6 };
    const continued = { ...request, model: continuedGateName('a1') };
    await expect(engine.forecast([continued])).rejects.toThrow('model: gate@a1 is not without its weights');
    const [[shipped], [same], [moved]] = await Promise.all([
      engine.forecast([request]),
      engine.forecast([{ ...continued, weights: toWeightsFile(shippedGates.short) }]),
      engine.forecast([{ ...request, model: continuedGateName('b2'), weights: toWeightsFile(other) }]),
    ]);
    expect(same).toMatchObject({ model: 'gate@a1', quantiles: shipped?.quantiles });
    expect(moved?.quantiles).not.toEqual(shipped?.quantiles);
    await engine.close();
    expect([weightsIdOf('gate@a1'), weightsIdOf('gate')]).toEqual(['a1', null]);
  });
});
