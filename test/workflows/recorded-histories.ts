import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';

/*
 * Workflows as they once ran, each a file by the name of its story. Workflows that are open while a new version is deployed are replayed by it: a change
 * of workflow code that does not replay these needs `patched` (or a new worker deployment version).
 *
 * What is not there is recorded by `npm run build && FORESHIFT_RECORD_HISTORIES=1 npx jest <the test that tells the story> --forceExit`. What is there is never
 * recorded over: of a story that goes otherwise now, the history of the new release stands beside the older ones, which are open in some installation.
 */
export const RECORDING = (process.env['FORESHIFT_RECORD_HISTORIES'] ?? '') !== '';
const FOLDER = join(__dirname, 'histories');

interface History {
  readonly events: readonly {
    readonly workflowExecutionStartedEventAttributes?: { readonly workflowType: { readonly name: string }; readonly workflowId: string };
    readonly workflowExecutionCompletedEventAttributes?: { readonly result: { readonly payloads: readonly { readonly data: string }[] } };
  }[];
}

export interface RecordedHistory {
  /** Such as `capacity/rolled-back-in-launch`. */
  readonly name: string;
  readonly workflowType: string;
  readonly workflowId: string;
  /** Of a workflow that ended with one. */
  readonly result: unknown;
  readonly history: History;
}

/** Keeps what a workflow did so far, if this is a recording and there is no such history yet. */
export async function keepHistory(name: string, handle: Pick<WorkflowHandle, 'fetchHistory' | 'workflowId'>): Promise<void> {
  const file = fileOf(name);
  if (!RECORDING || existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  const history = JSON.parse(historyToJSON(await handle.fetchHistory())) as { events: { workflowExecutionStartedEventAttributes?: object }[] };
  // The test server does not tell the id, by which it is replayed: some workflows refuse every other.
  Object.assign(history.events[0]?.workflowExecutionStartedEventAttributes ?? {}, { workflowId: handle.workflowId });
  // On one line. Stack traces name files of the machine that records: the folder is taken out.
  writeFileSync(file, `${JSON.stringify(history).replaceAll(`${process.cwd()}/`, '')}\n`);
}

/** All that are kept, by name. */
export function recordedHistories(): readonly RecordedHistory[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  return files.toSorted().map((file) => recordedHistory(file.replace(/\.json$/, '')));
}

export function recordedHistory(name: string): RecordedHistory {
  const history = JSON.parse(readFileSync(fileOf(name), 'utf8')) as History;
  const started = history.events[0]?.workflowExecutionStartedEventAttributes;
  const completed = history.events.at(-1)?.workflowExecutionCompletedEventAttributes;
  return { name, workflowType: started?.workflowType.name ?? '', workflowId: started?.workflowId ?? '', result: valueOf(completed?.result.payloads[0]), history };
}

function valueOf(payload: { readonly data: string } | undefined): unknown {
  return payload === undefined ? null : (JSON.parse(Buffer.from(payload.data, 'base64').toString()) as unknown);
}

function fileOf(name: string): string {
  return join(FOLDER, `${name}.json`);
}
