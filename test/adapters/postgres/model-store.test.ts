import type { Database } from '../../../src/adapters/postgres/database';
import { createModelStore } from '../../../src/adapters/postgres/model-store';
import { ensureSchema } from '../../../src/adapters/postgres/schema';
import { DEFAULT_SETTINGS } from '../../../src/domain/model-choice';
import { shippedGates } from '../../../src/forecasting/gate/shipped-gates';
import { fromWeightsFile, toWeightsFile } from '../../../src/forecasting/gate/weights-file';
import { withDatabase } from './embedded-database';

describe('models in Postgres', () => {
  let db: Database;
  withDatabase((opened) => {
    db = opened;
  });

  it('weights are what they were, once per id, and those that there are not are left out', async () => {
    const models = createModelStore(db);
    const weights = toWeightsFile(shippedGates.short);
    await models.saveWeights('a', weights);
    await models.saveWeights('a', { ...weights, hidden: 1 });
    const found = await models.weights(['a', 'b']);
    expect([...found.keys()]).toEqual(['a']);
    expect(fromWeightsFile(found.get('a') ?? weights)).toEqual(shippedGates.short);
    expect((await models.weights([])).size).toBe(0);
  });

  it('a candidate that nobody tried has no loss', async () => {
    const models = createModelStore(db);
    const candidate = { candidateId: 'run/0/gate', pool: 'web', choice: { model: 'gate@a', settings: DEFAULT_SETTINGS }, madeAtMs: 5, relativeLoss: null };
    await models.saveCandidate(candidate);
    await ensureSchema(db);
    expect(await models.candidates('web', 0)).toEqual([candidate]);
  });
});
