import { sha256Hex } from '../digest';
import { WINDOW_BATCHES, WIRE_VERSION } from '../limits';
import { bootId } from '../manifest/boot-id';
import type { StateFolder } from '../manifest/state-folder';
import { type Act, actsSchema } from '../wire/acts';
import type { Channel } from '../wire/channel';
import type { Frame } from '../wire/frame';
import { parseMessage, type ReceiverMessage, type SenderMessage, senderMessageSchema } from '../wire/messages';
import { unpack } from '../wire/packing';
import { WireError } from '../wire/wire-error';
import { DamagedAtRest } from './content-assembly';
import { listState } from './list-state';
import { ReceivedRound } from './received-round';
import { recoverState } from './recover-state';
import { rereadState } from './reread-state';
import { syncToDisk } from './sync-to-disk';

export interface ReceiverOptions {
  readonly root: string;
  readonly state: StateFolder;
  /** Asked at every connection; a sentence why nothing is taken, or null. */
  readonly refusal: () => string | null;
  /** Goes as far towards a take-over as it can while the state is the sender's. */
  readonly onRehearse: () => Promise<void>;
  /** The state is handed over: from now on it is this side's. */
  readonly onRelease: () => Promise<void>;
}

type Batch = Extract<SenderMessage, { kind: 'batch' }>;

/** Serves one sender until it closes. What it sent up to then is kept; whatever is wrong ends the connection, and the sender is told. */
export async function receiveFrom(channel: Channel, options: ReceiverOptions): Promise<void> {
  const session = new ReceiverSession(channel, options);
  try {
    await session.serve();
  } catch (error) {
    await session.breakOff();
    // What is damaged is told as what it is, so that it is sent again.
    if (error instanceof DamagedAtRest) await rereadState(options.root, options.state, (path) => path === error.path);
    await session.answer({ kind: 'refused', message: (error as Error).message.slice(0, 1_000) }).catch(() => undefined);
    if (!(error instanceof WireError || error instanceof DamagedAtRest)) throw error;
  } finally {
    await session.breakOff();
    channel.close();
  }
}

class ReceiverSession {
  private round: { readonly number: number; readonly received: ReceivedRound } | null = null;
  private line: Promise<void> = Promise.resolve();
  private waiting = 0;
  private onFailed: (error: unknown) => void = () => undefined;

  constructor(
    private readonly channel: Channel,
    private readonly options: ReceiverOptions,
  ) {}

  async serve(): Promise<void> {
    // The sender waits for an answer where a batch fails: nothing would come any more that could end the loop.
    const failed = new Promise<never>((_, reject) => (this.onFailed = reject));
    const read = this.readAll();
    read.catch(() => undefined);
    await Promise.race([read, failed]);
  }

  private async readAll(): Promise<void> {
    await this.welcome();
    for await (const frame of this.channel.all()) {
      const message = parseMessage(senderMessageSchema, frame.header);
      if (message.kind === 'batch') await this.queue(message, frame);
      else {
        await this.line;
        await this.handle(message);
      }
    }
    await this.line;
  }

  async answer(message: ReceiverMessage, payload: readonly Buffer[] = []): Promise<void> {
    await this.channel.send(message, payload);
  }

  async breakOff(): Promise<void> {
    // What is being applied may not be torn away from under its hands.
    await this.line.catch(() => undefined);
    this.round?.received.breakOff();
    this.round = null;
  }

  private async welcome(): Promise<void> {
    const { header } = await this.channel.receive();
    const hello = parseMessage(senderMessageSchema, header);
    if (hello.kind !== 'hello' || hello.version !== WIRE_VERSION) throw new WireError(`this side speaks version ${WIRE_VERSION} of the transfer`);
    const refusal = this.options.refusal();
    if (refusal !== null) throw new WireError(refusal);
    await recoverState(this.options.root, this.options.state);
    await this.answer({ kind: 'welcome', version: WIRE_VERSION, root: this.options.state.mark().root });
  }

  // Unpacking runs beside applying what came before.
  private async queue(batch: Batch, frame: Frame): Promise<void> {
    const unpacked = batch.packed ? unpack(frame.payload, batch.actBytes + batch.dataBytes) : Promise.resolve(frame.payload);
    unpacked.catch(() => undefined);
    this.waiting += 1;
    const before = this.line;
    this.line = before.then(async () => {
      await this.applyBatch(batch, await unpacked);
      this.channel.release(frame);
      this.waiting -= 1;
    });
    this.line.catch((error: unknown) => this.onFailed(error));
    if (this.waiting >= WINDOW_BATCHES / 2) await before;
  }

  private async applyBatch(batch: Batch, raw: Buffer): Promise<void> {
    if (this.round === null) throw new WireError('a batch came before its round was begun');
    await this.round.received.apply(actsOf(batch, raw), raw.subarray(0, batch.dataBytes));
    await this.answer({ kind: 'ack', number: batch.number });
  }

  private async handle(message: Exclude<SenderMessage, Batch>): Promise<void> {
    const { root, state } = this.options;
    switch (message.kind) {
      case 'hello':
        throw new WireError('the sender has said hello twice');
      case 'list':
        return listState(state, message.tables, (answer, payload) => this.answer(answer, payload));
      case 'begin':
        await this.breakOff();
        this.round = { number: message.round, received: new ReceivedRound(root, state, message.round) };
        return;
      case 'commit':
        return this.commit(message.root);
      case 'verify': {
        // Before the pause, where it may take its time: little is then left to be written at the hand-over.
        await syncToDisk(root);
        const { bytes, differing } = await rereadState(root, state);
        return this.answer({ kind: 'verified', bytes, differing: [...differing] });
      }
      case 'probe':
        return this.answer({ kind: 'probed' });
      case 'rehearse': {
        const startMs = performance.now();
        await this.options.onRehearse();
        return this.answer({ kind: 'rehearsed', takenMs: performance.now() - startMs });
      }
      case 'release':
        if (state.mark().root !== message.root) throw new WireError('what is to be released is not what was committed');
        await this.options.onRelease();
        await this.answer({ kind: 'released' });
        // Not waited for, and after the answer: the pause would last as long as the disk takes.
        syncToDisk(root).catch(() => undefined);
        return;
    }
  }

  private async commit(wanted: string): Promise<void> {
    if (this.round === null) throw new WireError('a round was ended that was not begun');
    const { number, received } = this.round;
    const root = received.finish();
    this.round = null;
    if (root === wanted) this.options.state.commit({ root, round: number, committedAtMs: Date.now(), bootId: bootId() });
    else this.options.state.keepBroken();
    await this.answer({ kind: 'committed', root });
  }
}

function actsOf(batch: Batch, raw: Buffer): readonly Act[] {
  if (raw.length !== batch.actBytes + batch.dataBytes) throw new WireError('a batch is not as long as it says');
  const acts = raw.subarray(batch.dataBytes);
  if (sha256Hex(acts) !== batch.actsDigest) throw new WireError('the acts of a batch were damaged on their way');
  let parsed: unknown;
  try {
    parsed = JSON.parse(acts.toString());
  } catch {
    throw new WireError('the acts of a batch are no JSON');
  }
  return parseMessage(actsSchema, parsed);
}
