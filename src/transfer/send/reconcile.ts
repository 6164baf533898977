import { decodeTable } from '../chunks/chunk-table';
import { sha256Hex } from '../digest';
import type { Entry } from '../manifest/entry';
import { sameEntry } from '../manifest/entry';
import { comparePaths } from '../manifest/path-order';
import type { StateFolder } from '../manifest/state-folder';
import type { Channel } from '../wire/channel';
import { WireError } from '../wire/wire-error';
import { parseMessage, receiverMessageSchema } from '../wire/messages';

/**
 * Asks the receiver what it has, and makes that the manifest: the receiver alone knows what reached its disk. Of one's own manifest only that is kept in which both
 * agree, so that what arrived before a connection broke is not read again.
 */
export async function reconcile(channel: Channel, state: StateFolder): Promise<void> {
  await channel.send({ kind: 'list', tables: state.isEmpty() });
  const { round } = state.mark();
  const update = state.begin();
  const tables = new Map<string, Buffer[]>();
  const take = (entry: Entry): void => {
    for (let own = update.peek(); own !== null && comparePaths(own.entry.path, entry.path) < 0; own = update.peek()) update.take();
    const own = update.peek()?.entry.path === entry.path ? update.take() : null;
    const parts = tables.get(entry.path);
    const table = parts === undefined ? null : decodeTable(Buffer.concat(parts));
    if (table !== null) state.tables.save(entry.path, table);
    update.put(own !== null && sameEntry(own.entry, entry) ? own : { entry, seen: null, round });
  };
  try {
    await eachListed(channel, tables, take);
    while (update.peek() !== null) update.take();
  } finally {
    update.finish();
    state.keepBroken();
  }
}

async function eachListed(channel: Channel, tables: Map<string, Buffer[]>, take: (entry: Entry) => void): Promise<void> {
  for (;;) {
    const { header, payload } = await channel.receive();
    const message = parseMessage(receiverMessageSchema, header);
    if (message.kind === 'listEnd') return;
    if (message.kind === 'table') {
      if (sha256Hex(payload) !== message.digest) throw new WireError('a table was damaged on its way');
      tables.set(message.path, [...(tables.get(message.path) ?? []), payload]);
    } else if (message.kind === 'listed') {
      message.entries.forEach(take);
      tables.clear();
    } else throw new WireError(message.kind === 'refused' ? message.message : `the receiver answered ${message.kind} instead of its entries`);
  }
}
