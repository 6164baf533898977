import { spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { wholeNumber } from '../../../src/cli/parse-options';
import { environment, readConfig } from '../../../src/contracts/config';
import { createRandomStream, nextNormal } from '../../../src/domain/seeded-random';
import { baumWelch } from '../../../src/forecasting/profiles/hmm/baum-welch';
import { fitHmm } from '../../../src/forecasting/profiles/hmm/fit-hmm';
import { logLikelihoodOf } from '../../../src/forecasting/profiles/hmm/forward';
import { dayPartsOf, type HmmParameters, type HmmSequence } from '../../../src/forecasting/profiles/hmm/hmm-parameters';
import { sortedValues, startParameters } from '../../../src/forecasting/profiles/hmm/start-parameters';
import { viterbi } from '../../../src/forecasting/profiles/hmm/viterbi';
import { STATE_COUNTS, DAY_PARTS } from '../../../src/forecasting/profiles/profile-settings';
import { installWheels } from '../../local/tools/python-wheels';
import { generatedLoad } from '../forecast/generated-loads';
import { createReport } from './report';

const WHEELS = ['hmmlearn==0.3.3'];
const SCRIPT = 'infra/bench/profiles/hmm-reference.py';
const STEPS = 2016;
const STEP_MS = 300_000;
const REFIT_ITERATIONS = 20;
const SAME = 1e-6;

interface Reference {
  readonly logLikelihood: number;
  readonly viterbi: number;
  readonly refitLogLikelihood: number;
  readonly refitSeconds: number;
}

/** Models of 2 to 5 states on generated loads, some with values far out. */
function models(): { readonly hmm: HmmParameters; readonly sequences: readonly HmmSequence[] }[] {
  return [2, 3, 4, 5].map((states) => {
    const sequences = Array.from({ length: 5 }, (_, s): HmmSequence => ({ values: Float64Array.from(generatedLoad(10 * states + s, STEPS).values as readonly number[]), parts: new Uint8Array(STEPS) }));
    const random = createRandomStream(states);
    const [first] = sequences as [HmmSequence];
    for (let t = 0; t < STEPS; t += 97) first.values[t] = (first.values[t] as number) + 40 * nextNormal(random);
    return { hmm: startParameters(sortedValues(sequences), states, 1, 0.1, random), sequences };
  });
}

async function askReference(all: ReturnType<typeof models>): Promise<Reference[]> {
  const { python, path, home } = readConfig();
  const wheels = await installWheels({ python, path, cacheDir: resolve(home, 'cache') }, 'hmmlearn', WHEELS, { ...environment() });
  const child = spawn(python, [SCRIPT], { env: { ...environment(), PYTHONPATH: wheels, OMP_NUM_THREADS: '1' }, stdio: ['pipe', 'pipe', 'pipe'] });
  const problems = text(child.stderr);
  const ended = new Promise<number | null>((done, failed) => child.on('error', failed).on('exit', done));
  const tasks = all.map(({ hmm, sequences }) => ({
    initial: [...hmm.initial],
    transitions: Array.from({ length: hmm.states }, (_, i) => [...hmm.transitions.subarray(i * hmm.states, (i + 1) * hmm.states)]),
    means: [...hmm.means],
    deviations: [...hmm.deviations],
    sequences: sequences.map(({ values }) => [...values]),
  }));
  // A child that ended early has said why on its standard error.
  child.stdin.on('error', () => undefined).end(JSON.stringify({ models: tasks }));
  const output = await text(child.stdout);
  if ((await ended) !== 0) throw new Error(`hmmlearn did not answer:\n${(await problems).trim().split('\n').slice(-5).join('\n')}`);
  return output.trim().split('\n').map((line) => JSON.parse(line) as Reference);
}

/** Holds likelihood, best path and fit to hmmlearn's, and the time of a large fit to its limit; the exit code is 1 where one is missed. */
async function main({ series, reference }: { readonly series: number; readonly reference: boolean }): Promise<void> {
  const report = createReport();
  if (reference) {
    const all = models();
    const answers = await askReference(all);
    all.forEach(({ hmm, sequences }, m) => {
      const theirs = answers[m] as Reference;
      const off = (own: number, other: number) => Math.abs(own - other) / Math.abs(other);
      report.atMost(`${hmm.states} states: log likelihood off hmmlearn's`, off(logLikelihoodOf(hmm, sequences), theirs.logLikelihood), SAME, 'relative');
      report.atMost(`${hmm.states} states: log probability of the best path off hmmlearn's`, off(viterbi(hmm, sequences[0] as HmmSequence).logProbability, theirs.viterbi), SAME, 'relative');
      const startedMs = process.cpuUsage().user;
      const fit = baumWelch(hmm, sequences, { iterations: REFIT_ITERATIONS, tolerance: -Infinity, smallestDeviation: 1e-3, partPrior: 0 });
      const seconds = (process.cpuUsage().user - startedMs) / 1e6;
      report.atMost(`${hmm.states} states: log likelihood after ${REFIT_ITERATIONS} iterations off hmmlearn's`, off(fit.logLikelihood, theirs.refitLogLikelihood), 1e-3, 'relative');
      report.tell(`${hmm.states} states: CPU of that fit, hmmlearn's beside it`, `${seconds.toFixed(2)} s, ${theirs.refitSeconds.toFixed(2)} s`);
    });
  }
  const sequences = Array.from({ length: series }, (_, s): HmmSequence => ({ values: Float64Array.from(generatedLoad(s, STEPS).values as readonly number[]), parts: dayPartsOf(0, STEP_MS, STEPS, DAY_PARTS) }));
  const startedMs = performance.now();
  const { fit, scores } = fitHmm(sequences, { stateCounts: STATE_COUNTS, dayParts: DAY_PARTS, restarts: 2, seed: 1 });
  report.atMost(`${series} series of ${STEPS} values: fit with choice of the number of states, one thread, wall`, (performance.now() - startedMs) / 1000, 60, 's');
  report.tell('states chosen; held-out log likelihood a value by number of states', `${fit.hmm.states}; ${scores.map(({ states, heldOut }) => `${states}: ${heldOut.toFixed(3)}`).join(', ')}`);
  console.log(`load of the machine ${loadavg()[0]?.toFixed(2)}`);
  report.print();
}

new Command('bench:hmm')
  .description('Holds the hidden Markov model to hmmlearn (from PyPI, in the project\'s cache) and its time to a limit.')
  .option('--series <n>', 'series of the large fit', wholeNumber(1), 200)
  .option('--no-reference', 'leave hmmlearn out')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  });
