import { setImmediate as nextTurn } from 'node:timers/promises';
import { selectionOf, type SelectionRule } from '../../domain/transfer/selection';
import { WIRE_VERSION } from '../limits';
import { bootId } from '../manifest/boot-id';
import type { StateFolder } from '../manifest/state-folder';
import type { OnSkipped } from '../walk/walk-tree';
import type { Channel } from '../wire/channel';
import { WireError } from '../wire/wire-error';
import { parseMessage, type ReceiverMessage, receiverMessageSchema, type SenderMessage } from '../wire/messages';
import { Packer } from '../wire/packing';
import { BatchWriter } from './batch-writer';
import { reconcile } from './reconcile';
import { type RoundCounts, sendRound } from './send-round';

export interface SenderOptions {
  readonly root: string;
  readonly state: StateFolder;
  readonly rules: readonly SelectionRule[];
  /** Told in every round. */
  readonly onSkipped?: OnSkipped;
}

/** What one round came to. */
export interface RoundResult extends Readonly<RoundCounts> {
  /** Digest of the state at the source; null where the receiver came to another one, and the next round sets that right. */
  readonly root: string | null;
  readonly durationMs: number;
  /** Of it, how long something was on its way to the receiver. */
  readonly sendingMs: number;
  /** Bytes of content that were sent, before compression. */
  readonly literalBytes: number;
  /** Bytes handed to the connection. */
  readonly wireBytes: number;
}

/** A round as it runs. */
export interface RoundProgress {
  readonly counts: Readonly<RoundCounts>;
  readonly wireBytes: number;
}

/** The sending side of one connection. Every method throws once the connection is gone; then a new session goes on from what arrived. */
export class SenderSession {
  private readonly packer = new Packer();
  private current: { readonly counts: RoundCounts; readonly wireBytesBefore: number } | null = null;

  private constructor(
    private readonly channel: Channel,
    private readonly options: SenderOptions,
  ) {}

  /** Greets the receiver and finds out what it has. */
  static async open(channel: Channel, options: SenderOptions): Promise<SenderSession> {
    const session = new SenderSession(channel, options);
    try {
      const welcome = await session.ask({ kind: 'hello', version: WIRE_VERSION }, 'welcome');
      if (welcome.root === null || welcome.root !== options.state.mark().root) await reconcile(channel, options.state);
      return session;
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  /** The round that runs, as far as it came; null between rounds. */
  progress(): RoundProgress | null {
    if (this.current === null) return null;
    return { counts: this.current.counts, wireBytes: this.channel.sentBytes - this.current.wireBytesBefore };
  }

  /** Sends what changed since the last round. `paranoid` reads also the files that look unchanged. */
  async round(paranoid = false): Promise<RoundResult> {
    const { root, state, rules, onSkipped = () => undefined } = this.options;
    const startMs = performance.now();
    const number = state.mark().round + 1;
    const counts: RoundCounts = { entries: 0, files: 0, changedEntries: 0, readBytes: 0 };
    const wireBytesBefore = this.channel.sentBytes;
    this.current = { counts, wireBytesBefore };
    const batches = new BatchWriter(this.channel, this.packer);
    await this.channel.send({ kind: 'begin', round: number });
    const committed = this.listen(batches);
    committed.catch(() => undefined);
    try {
      const digest = await sendRound({ root, state, batches, select: selectionOf(rules), onSkipped, paranoid }, counts);
      // Acknowledgements of the last batches are not waited for, which would make each round, and the pause, longer by one way there and back.
      await batches.sent();
      await this.channel.send({ kind: 'commit', root: digest });
      const equal = (await committed) === digest;
      if (equal) state.commit({ root: digest, round: number, committedAtMs: Date.now(), bootId: bootId() });
      else await this.setRight();
      return { ...counts, root: equal ? digest : null, durationMs: performance.now() - startMs, sendingMs: batches.sendingMs, literalBytes: batches.literalBytes, wireBytes: this.channel.sentBytes - wireBytesBefore };
    } catch (error) {
      state.keepBroken();
      // The reason that the receiver gave is worth more than that it then closed.
      await Promise.race([committed, nextTurn()]).finally(() => this.channel.close());
      throw error;
    } finally {
      this.current = null;
    }
  }

  /** Has the receiver read its state from disk again. What was damaged there is sent again with the next round. */
  async verify(): Promise<{ readonly bytes: number; readonly differing: readonly string[] }> {
    const { bytes, differing } = await this.ask({ kind: 'verify' }, 'verified');
    if (differing.length > 0) await reconcile(this.channel, this.options.state);
    return { bytes, differing };
  }

  /** How long the receiver takes to answer, in milliseconds. */
  async probe(): Promise<number> {
    const startMs = performance.now();
    await this.ask({ kind: 'probe' }, 'probed');
    return performance.now() - startMs;
  }

  /** Has the receiver's service read what has come so far; returns the milliseconds that it took, as its take-over would now. */
  async rehearse(): Promise<number> {
    return (await this.ask({ kind: 'rehearse' }, 'rehearsed')).takenMs;
  }

  /** Hands the state over: the receiver takes nothing more. Throws where what was committed is not the same on both sides. */
  async release(): Promise<void> {
    const { root } = this.options.state.mark();
    if (root === null) throw new WireError('nothing was committed that could be released');
    await this.ask({ kind: 'release', root }, 'released');
  }

  close(): void {
    this.channel.close();
  }

  private async setRight(): Promise<void> {
    this.options.state.keepBroken();
    await reconcile(this.channel, this.options.state);
  }

  private async ask<K extends ReceiverMessage['kind']>(message: SenderMessage, kind: K): Promise<Extract<ReceiverMessage, { kind: K }>> {
    await this.channel.send(message);
    const answer = await this.answer();
    if (answer.kind !== kind) throw new WireError(`the receiver answered ${answer.kind} instead of ${kind}`);
    return answer as Extract<ReceiverMessage, { kind: K }>;
  }

  private async answer(): Promise<ReceiverMessage> {
    const answer = parseMessage(receiverMessageSchema, (await this.channel.receive()).header);
    if (answer.kind === 'refused') throw new WireError(`the receiver refused: ${answer.message}`);
    return answer;
  }

  private async listen(batches: BatchWriter): Promise<string> {
    try {
      for (;;) {
        const message = await this.answer();
        if (message.kind === 'committed') return message.root;
        if (message.kind !== 'ack') throw new WireError(`the receiver answered ${message.kind} within a round`);
        batches.acknowledged();
      }
    } catch (error) {
      batches.fail(error as Error);
      throw error;
    }
  }
}
