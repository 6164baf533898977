import { checkPredictArguments, STANDARD_LEVELS } from '../../forecasting/forecast-model';
import { WrongUsage } from '../report-failure';
import { formatSpan } from './single/format-amount';

/** A horizon in steps of a series, rounded up. @throws WrongUsage where it has more steps than a forecast can have */
export function horizonSteps(horizonMs: number, stepMs: number): number {
  const steps = Math.ceil(horizonMs / stepMs);
  try {
    checkPredictArguments(steps, STANDARD_LEVELS);
  } catch (error) {
    throw new WrongUsage(`--horizon: ${(error as Error).message.replace(/^\w+: /, '')}, of ${formatSpan(stepMs)} each; a longer --step looks farther`);
  }
  return steps;
}
