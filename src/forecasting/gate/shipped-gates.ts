import { fromPeakWeightsFile } from '../peak/peak-weights-file';
import type { GateSet } from './predict-by-gate';
import day from './weights/day.json';
import peak from './weights/peak.json';
import short from './weights/short.json';
import { fromWeightsFile } from './weights-file';

/** The gates that ship with the product, made by `npm run train:global`; the model card in docs/forecasting.md says from what. */
export const shippedGates: GateSet = { short: fromWeightsFile(short), day: fromWeightsFile(day), peak: fromPeakWeightsFile(peak) };
