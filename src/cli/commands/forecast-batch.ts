import { availableParallelism } from 'node:os';
import type { Writable } from 'node:stream';
import { Command, Option } from 'commander';
import { MODEL_NAMES } from '../../forecasting/model-names';
import { FORECAST_TIERS } from '../../forecasting/tiers';
import { answerChunk } from '../forecast/batch/answer-chunk';
import { gatherChunks, type RefusedLine } from '../forecast/batch/gather-chunks';
import { readLines } from '../forecast/read-lines';
import { showProgress } from '../forecast/show-progress';
import { withForecastEngine, type EngineChoice } from '../forecast/with-forecast-engine';
import { writeOut } from '../forecast/write-out';
import { threadCount } from '../parse-options';

interface Streams {
  readonly input: AsyncIterable<Buffer> & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/** `foreshift forecast batch`, between standard input and output unless others are given. */
export function forecastBatchCommand(streams: Streams = { input: process.stdin, output: process.stdout }): Command {
  return new Command('batch')
    .description('Answers forecast tasks from standard input, one JSON object a line, on standard output')
    .option('--model <name>', `the model (${MODEL_NAMES.join(', ')}); default: that of the tier`)
    .addOption(new Option('--tier <name>', 'accuracy against time, where no model is named; default: balanced').choices(FORECAST_TIERS))
    .option('--threads <n>', 'threads that compute', threadCount, availableParallelism())
    .addHelpText(
      'after',
      `
A task:    {"id","freq_seconds","horizon","lower_bound","timestamps":[Unix s],"values":[number or null]}
           and, where something else is known, "events":[{"name","kind","start","end"}], "regressors":[{"name","timestamps","values"}]
An answer: {"id","mean":[..],"quantiles":{"0.05":[..], .. "0.95":[..]},"seconds"}
Answers come in any order. A line that cannot be answered is named on standard error with its field; the others are
answered, and the exit code is 1.

Examples:
  foreshift forecast batch < tasks.jsonl > predictions.jsonl
  foreshift forecast batch --threads 2 --model additive < tasks.jsonl > predictions.jsonl`,
    )
    .action((options: EngineChoice) => answerBatch(options, streams));
}

async function answerBatch(options: EngineChoice, { input, output }: Streams): Promise<void> {
  if (input.isTTY === true) console.error('tasks are read from the terminal, one JSON object a line; Ctrl-D ends them');
  const progress = showProgress(process.stderr, 'series forecast');
  let answered = 0;
  let refused = 0;
  await withForecastEngine(options, async (engine, choice) => {
    for await (const chunk of gatherChunks(readLines(input))) {
      const done = await answerChunk(engine, chunk, choice);
      progress.clear();
      done.refused.forEach(printRefusal);
      await writeOut(output, done.answers.map((answer) => `${answer}\n`).join(''));
      answered += done.answers.length;
      refused += done.refused.length;
      progress.show(answered);
    }
  }).finally(() => progress.clear());
  if (refused === 0) return;
  console.error(`foreshift: ${refused} of ${answered + refused} tasks were not answered`);
  process.exitCode = 1;
}

function printRefusal({ line, reason }: RefusedLine): void {
  console.error(`foreshift: line ${line}: ${reason}`);
}
