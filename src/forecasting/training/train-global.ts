import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { deserialize, serialize } from 'node:v8';
import { Command, Option } from 'commander';
import { STANDARD_LEVELS } from '../forecast-model';
import { createGateModel } from '../gate/gate-model';
import type { GateSet } from '../gate/predict-by-gate';
import { gateRules } from '../gate/gate-rules';
import { GATE } from '../gate/gate-settings';
import { toWeightsFile } from '../gate/weights-file';
import { toPeakWeightsFile } from '../peak/peak-weights-file';
import { loadTensorBackend } from '../tensor-backend';
import type { GateExample } from './gate-example';
import { buildExamples, examplesOfShare, SAMPLING, type GateKind } from './gate-training-data';
import { peakExample, peakOrigins, type PeakExample } from './peak-example';
import { foldOf, readPlanetLab, readTraces } from './read-traces';
import { trainGate, type GateTraining } from './train-gate';
import { trainPeak } from './train-peak';

/** Where the repository keeps the weights that ship. */
const SHIPPED = 'src/forecasting/gate/weights';
const KINDS: readonly GateKind[] = ['short', 'day'];
const PEAK_SEED = 1;
const TRAINING: Readonly<Record<GateKind, GateTraining>> = {
  short: { hidden: 48, epochs: 12, batch: 64, learningRate: 8e-3, dropout: 0.5, sharpness: 2, penalty: 3e-5, seed: 1 },
  day: { hidden: 48, epochs: 15, batch: 48, learningRate: 8e-3, dropout: 0.5, sharpness: 2, penalty: 3e-5, seed: 1 },
};

interface Options {
  readonly data: string;
  readonly out?: string;
  readonly folds?: string;
  readonly tasks?: string;
  readonly keep?: string;
  readonly only?: string;
}

interface Task {
  readonly id: string;
  readonly series_id: string;
  readonly freq_seconds: number;
  readonly horizon: number;
  readonly lower_bound: number;
  readonly timestamps: readonly number[];
  readonly values: readonly (number | null)[];
}

/** Examples of a kind: from the folder to keep them in, where an earlier run left them. */
async function examplesOf(kind: GateKind, { data, keep }: Options): Promise<GateExample[]> {
  const file = keep === undefined ? undefined : join(keep, `${kind}.examples`);
  if (file !== undefined && existsSync(file)) return deserialize(readFileSync(file)) as GateExample[];
  const examples = await buildExamples(__filename, data, kind);
  if (file !== undefined) {
    mkdirSync(keep as string, { recursive: true });
    writeFileSync(file, serialize(examples));
  }
  return examples;
}

interface Examples extends Readonly<Record<GateKind, readonly GateExample[]>> {
  readonly peak: readonly PeakExample[];
}

function peakExamples(data: string): PeakExample[] {
  return readTraces(data).flatMap((series) => peakOrigins(series, false).flatMap((origin) => peakExample(series, origin) ?? []));
}

async function train(examples: Examples, label: string): Promise<GateSet> {
  const tf = await loadTensorBackend();
  const one = (kind: GateKind) => {
    const horizon = kind === 'short' ? 6 : 288;
    const started = Date.now();
    return trainGate(tf, examples[kind], gateRules(horizon).map(({ name }) => name), TRAINING[kind], (loss) => {
      process.stderr.write(`${label} ${kind}: loss ${loss.toFixed(4)} after ${Math.round((Date.now() - started) / 1000)} s\n`);
    });
  };
  return { short: one('short'), day: one('day'), peak: trainPeak(tf, examples.peak, PEAK_SEED) };
}

/** Answers each task by a gate that has seen nothing of its machine. */
async function answerByFolds(examples: Examples, folds: number, options: Options): Promise<void> {
  const entities = new Map([...readTraces(options.data), ...readPlanetLab(options.data)].map(({ id, entity }) => [id, entity]));
  const models = [];
  for (let fold = 0; fold < folds; fold++) {
    const others = <Example extends { readonly entity: string }>(all: readonly Example[]) => all.filter(({ entity }) => foldOf(entity, folds) !== fold);
    models.push(createGateModel(await train({ short: others(examples.short), day: others(examples.day), peak: others(examples.peak) }, `fold ${fold + 1}/${folds}`), GATE));
  }
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(options.tasks as string) })) {
    const task = JSON.parse(line) as Task;
    const entity = entities.get(task.series_id);
    if (entity === undefined) throw new Error(`tasks: ${task.series_id} is not among the traces, so its fold is unknown`);
    const series = { id: task.id, startAtMs: (task.timestamps[0] as number) * 1000, stepMs: task.freq_seconds * 1000, values: task.values, bounds: { lower: task.lower_bound } };
    const started = process.cpuUsage();
    const model = await (models[foldOf(entity, folds)] as ReturnType<typeof createGateModel>).fit([series], { seed: 1 });
    const [prediction] = model.predict(task.horizon, STANDARD_LEVELS);
    if (prediction === undefined) continue;
    const quantiles = Object.fromEntries(STANDARD_LEVELS.map((level, l) => [level.toFixed(2), prediction.quantiles.map((row) => row[l])]));
    const { user } = process.cpuUsage(started);
    lines.push(JSON.stringify({ id: task.id, mean: prediction.mean, quantiles, peak: prediction.peakQuantiles, seconds: user / 1e6 }));
  }
  writeFileSync(options.out as string, `${lines.join('\n')}\n`);
}

async function main(options: Options): Promise<void> {
  const folder = options.out ?? SHIPPED;
  const write = (name: string, file: unknown) => writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(file)}\n`);
  const peak = peakExamples(options.data);
  process.stderr.write(`peak: ${peak.length} examples\n`);
  if (options.only === 'peak') {
    mkdirSync(folder, { recursive: true });
    return write('peak', toPeakWeightsFile(trainPeak(await loadTensorBackend(), peak, PEAK_SEED)));
  }
  const examples = { short: await examplesOf('short', options), day: await examplesOf('day', options), peak };
  for (const kind of KINDS) process.stderr.write(`${kind}: ${examples[kind].length} examples of ${SAMPLING[kind].steps} steps\n`);
  if (options.folds !== undefined) return answerByFolds(examples, Number(options.folds), options);
  const gates = await train(examples, 'all');
  mkdirSync(folder, { recursive: true });
  for (const kind of KINDS) write(kind, toWeightsFile(gates[kind]));
  write('peak', toPeakWeightsFile(gates.peak));
}

/** The share of the examples that a parent process asked for. */
function sendExamples([, data, kind, share, shares]: readonly string[]): void {
  const send = (message: unknown) => new Promise<void>((sent) => process.send?.(message, undefined, undefined, () => sent()));
  void (async () => {
    for (const example of examplesOfShare(data as string, kind as GateKind, Number(share), Number(shares))) await send(example);
    await send('done');
    process.disconnect();
  })();
}

if (process.argv[2] === 'examples' && process.send !== undefined) sendExamples(process.argv.slice(2));
else {
  new Command('train:global')
    .description('Trains the gates that ship with the product, across the traces below a folder.')
    .requiredOption('--data <dir>', 'folder with traces/ and planetlab/', (dir) => resolve(dir))
    .option('--out <path>', `where the weights go (a folder; left out: ${SHIPPED}), or with --folds the answers (a file)`)
    .option('--folds <k>', 'instead of training on all: answer --tasks, each by a gate trained without its machine')
    .option('--tasks <file>', 'tasks to answer with --folds, one JSON a line')
    .option('--keep <dir>', 'keep the computed examples here, for the next run')
    .addOption(new Option('--only <part>', 'train only this part').choices(['peak']))
    .action((options: Options) => main(options))
    .parseAsync()
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    });
}
