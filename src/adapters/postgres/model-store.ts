import type { ModelStore } from '../../activities/model-port';
import type { ModelChoice, ModelSettings } from '../../domain/model-choice';
import type { WeightsFile } from '../../forecasting/gate/weights-file';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

const CANNOT_READ = 'the choice of models cannot be read';
const CANNOT_WRITE = 'the choice of models cannot be written';

/** The choice of models in Postgres; see model-schema.ts. */
export function createModelStore(db: Database): ModelStore {
  return {
    champions: (pools) =>
      whileReachable(CANNOT_READ, async () => {
        if (pools.length === 0) return [];
        const rows = await db.selectFrom('model_champion').selectAll().where('pool', 'in', pools).execute();
        return rows.map((row) => ({ pool: row.pool, choice: choiceOf(row), sinceMs: Number(row.since_ms), reason: row.reason }));
      }),
    crown: ({ pool, choice, sinceMs, reason }) =>
      whileReachable(CANNOT_WRITE, async () => {
        const row = { model: choice.model, settings: JSON.stringify(choice.settings), since_ms: String(sinceMs), reason };
        await db.insertInto('model_champion').values({ pool, ...row }).onConflict((conflict) => conflict.column('pool').doUpdateSet(row)).execute();
      }),
    dethrone: (pool) =>
      whileReachable(CANNOT_WRITE, async () => {
        await db.deleteFrom('model_champion').where('pool', '=', pool).execute();
      }),
    saveCandidate: ({ candidateId, pool, choice, madeAtMs, relativeLoss }) =>
      whileReachable(CANNOT_WRITE, async () => {
        const row = { id: candidateId, pool, model: choice.model, settings: JSON.stringify(choice.settings), made_at_ms: String(madeAtMs), relative_loss: relativeLoss };
        await db.insertInto('model_candidate').values(row).onConflict((conflict) => conflict.column('id').doUpdateSet(row)).execute();
      }),
    candidates: (pool, sinceMs) =>
      whileReachable(CANNOT_READ, async () => {
        const rows = await db.selectFrom('model_candidate').selectAll().where('pool', '=', pool).where('made_at_ms', '>=', String(sinceMs)).orderBy('made_at_ms', 'desc').execute();
        return rows.map((row) => ({ candidateId: row.id, pool: row.pool, choice: choiceOf(row), madeAtMs: Number(row.made_at_ms), relativeLoss: row.relative_loss }));
      }),
    saveWeights: (weightsId, weights) =>
      whileReachable(CANNOT_WRITE, async () => {
        await db.insertInto('model_weights').values({ id: weightsId, body: JSON.stringify(weights) }).onConflict((conflict) => conflict.column('id').doNothing()).execute();
      }),
    weights: (weightsIds) =>
      whileReachable(CANNOT_READ, async () => {
        if (weightsIds.length === 0) return new Map();
        const rows = await db.selectFrom('model_weights').selectAll().where('id', 'in', weightsIds).execute();
        return new Map(rows.map(({ id, body }) => [id, JSON.parse(body) as WeightsFile]));
      }),
    saveBacktest: (backtestId, { pool, madeAtMs, choices, rows }) =>
      whileReachable(CANNOT_WRITE, async () => {
        const row = { id: backtestId, pool, made_at_ms: String(madeAtMs), body: JSON.stringify({ choices, rows }) };
        await db.insertInto('model_backtest').values(row).onConflict((conflict) => conflict.column('id').doNothing()).execute();
      }),
  };
}

function choiceOf({ model, settings }: { readonly model: string; readonly settings: string }): ModelChoice {
  return { model, settings: JSON.parse(settings) as ModelSettings };
}
