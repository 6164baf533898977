import { encodeTable } from '../chunks/chunk-table';
import { sha256Hex } from '../digest';
import { MAX_PAYLOAD_BYTES } from '../limits';
import type { Entry } from '../manifest/entry';
import type { StateFolder } from '../manifest/state-folder';
import type { ReceiverMessage } from '../wire/messages';

type Answer = (message: ReceiverMessage, payload?: readonly Buffer[]) => Promise<void>;

/** Entries that one message lists. */
const LISTED_AT_ONCE = 1_000;

/** Tells all entries in the order of their paths, each behind its table where the sender may not have it: where a round that broke off touched it, or where all are asked for. */
export async function listState(state: StateFolder, withTables: boolean, answer: Answer): Promise<void> {
  const { round } = state.mark();
  let entries: Entry[] = [];
  for (const record of state.records()) {
    const { entry } = record;
    if (entry.kind === 'file' && entry.chunking !== 'whole' && (withTables || record.round > round)) await tellTable(state, entry.path, entry.content, answer);
    entries.push(entry);
    if (entries.length < LISTED_AT_ONCE) continue;
    await answer({ kind: 'listed', entries });
    entries = [];
  }
  await answer({ kind: 'listed', entries });
  await answer({ kind: 'listEnd' });
}

async function tellTable(state: StateFolder, path: string, content: string, answer: Answer): Promise<void> {
  const table = state.tables.load(path, content);
  if (table === null) return;
  const bytes = encodeTable(table);
  for (let at = 0; at < bytes.length; at += MAX_PAYLOAD_BYTES) {
    const part = bytes.subarray(at, at + MAX_PAYLOAD_BYTES);
    await answer({ kind: 'table', path, digest: sha256Hex(part) }, [part]);
  }
}
