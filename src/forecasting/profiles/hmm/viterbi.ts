import type { HmmParameters, HmmSequence } from './hmm-parameters';
import { createLogEmissions } from './log-emissions';

/** The most probable course of states (Viterbi 1967), `[step]`, and its log probability joint with the observations. */
export function viterbi(hmm: HmmParameters, { values, parts }: HmmSequence): { readonly path: Uint8Array; readonly logProbability: number } {
  const { states } = hmm;
  const steps = values.length;
  const path = new Uint8Array(steps);
  if (steps === 0) return { path, logProbability: 0 };
  const logTransitions = hmm.transitions.map(Math.log);
  const emissions = new Float64Array(states);
  const write = createLogEmissions(hmm);
  const cameFrom = new Uint8Array(steps * states);
  write(values[0] as number, emissions, 0);
  let best = hmm.initial.map((value, i) => Math.log(value) + (emissions[i] as number));
  let next = new Float64Array(states);
  for (let t = 1; t < steps; t++) {
    write(values[t] as number, emissions, 0);
    const row = (parts[t] as number) * states * states;
    for (let j = 0; j < states; j++) {
      let from = 0;
      let top = -Infinity;
      for (let i = 0; i < states; i++) {
        const log = (best[i] as number) + (logTransitions[row + i * states + j] as number);
        if (log > top) [top, from] = [log, i];
      }
      next[j] = top + (emissions[j] as number);
      cameFrom[t * states + j] = from;
    }
    [best, next] = [next, best];
  }
  const logProbability = best.reduce((most, value) => Math.max(most, value), -Infinity);
  path[steps - 1] = best.indexOf(logProbability);
  for (let t = steps - 1; t > 0; t--) path[t - 1] = cameFrom[t * states + (path[t] as number)] as number;
  return { path, logProbability };
}
