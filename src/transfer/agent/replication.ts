import { setTimeout as sleep } from 'node:timers/promises';
import { decideNextRound, DEFAULT_PRE_COPY, type NextRound, type PreCopyPolicy } from '../../domain/transfer/decide-next-round';
import { modelOf, type RoundMeasure } from '../../domain/transfer/round-model';
import type { TransferPhase } from '../../domain/transfer/side-look';
import type { RoundResult, SenderSession } from '../send/sender-session';
import type { HandoverProbe } from './handover-probe';
import { ALREADY_LIVE, HAS_LEFT, TAKE_OVER_FAILED } from './release-answers';
import type { ReplicationRequest, TransferStatus } from './transfer-status';

export interface ReplicationOptions {
  readonly request: ReplicationRequest;
  /** The peer was told to take over before the agent restarted: only that is seen to its end. */
  readonly releasing?: boolean;
  readonly connect: () => Promise<SenderSession>;
  /** Stops the service within so many milliseconds. */
  readonly quiesce: (limitMs: number) => Promise<void>;
  /** Has the kernel write to disk what it holds of the state: shortly before the pause, so that little is left for the service's own sync. */
  readonly sync: () => Promise<void>;
  readonly handover: HandoverProbe;
  /** Called where the pause ends without a release. */
  readonly resume: () => Promise<void>;
  /** Called before the peer is told to take over: from then on nothing may be resumed unasked. */
  readonly onReleasing: () => void;
  /** The state is the peer's from now on. */
  readonly onReleased: () => void;
}

type Progress = Pick<TransferStatus, 'phase' | 'why' | 'rounds' | 'entries' | 'readBytes' | 'wireBytes' | 'lagBytes' | 'dirtyBytesPerSecond' | 'throughputBytesPerSecond' | 'predictedRounds' | 'predictedPauseMs' | 'pauseMs' | 'pausePredictedMs' | 'root'>;

const ATTEMPTS = 10;
const MOST_BETWEEN_ATTEMPTS_MS = 10_000;
const EVERY_MS = 2_000;
/** Rounds of a few milliseconds that follow each other at once would see nothing of a writer that writes every now and then. */
const LEAST_INTERVAL_MS = 100;
/** What the peer takes for the smallest batch besides answering: a file is written beside the earlier one and takes its place. */
const APPLYING_MS = 5;
/** Of the pause that is allowed; beyond it the last round is given up. */
const PAUSE_OVERRUN = 2;
const MOST_PAUSES = 3;

/** Copies a live state again and again until what is left is little, then stops the service, copies the rest and hands over. */
export class Replication {
  private phase: TransferPhase = 'copying';
  private why = 'the first copy';
  private session: SenderSession | null = null;
  private readonly rounds: RoundMeasure[] = [];
  private last: RoundResult | null = null;
  private lastStartMs = 0;
  private decision: NextRound | null = null;
  private verified = false;
  private pauses = 0;
  private pauseMs: number | null = null;
  private pausePredictedMs: number | null = null;
  private wanted: 'cutOver' | 'stop' | null;
  private wake: () => void = () => undefined;
  private readonly policy: PreCopyPolicy;

  constructor(private readonly options: ReplicationOptions) {
    const { maxPauseMs, maxRounds, auto } = options.request;
    this.policy = { ...DEFAULT_PRE_COPY, ...(maxPauseMs === undefined ? {} : { maxPauseMs }), ...(maxRounds === undefined ? {} : { maxRounds }) };
    this.wanted = auto === true ? 'cutOver' : null;
  }

  /** Runs until the state is handed over, or it is stopped or cannot go on; never throws. */
  async run(): Promise<void> {
    try {
      if (this.options.releasing === true && (await this.handOver(null))) return;
      while (!(await this.step()));
    } catch (error) {
      this.to(this.phase === 'unsure' ? 'unsure' : 'failed', (error as Error).message);
    } finally {
      this.session?.close();
    }
  }

  /** Cuts over with the next decision that allows it. */
  cutOver(): void {
    this.wanted = 'cutOver';
    this.wake();
  }

  /** Ends after the round that runs. */
  stop(): void {
    this.wanted = 'stop';
    this.wake();
  }

  status(): Progress {
    const model = modelOf(this.rounds);
    const running = this.session?.progress() ?? null;
    const sinceMs = performance.now() - this.lastStartMs;
    return {
      phase: this.phase,
      why: this.why,
      rounds: this.rounds.length,
      entries: running?.counts.entries ?? this.last?.entries ?? 0,
      readBytes: running?.counts.readBytes ?? this.last?.readBytes ?? 0,
      wireBytes: running?.wireBytes ?? this.last?.wireBytes ?? 0,
      lagBytes: model === null ? null : this.phase === 'released' ? 0 : Math.round((model.dirtyBytesPerSecond * sinceMs) / 1000),
      dirtyBytesPerSecond: model?.dirtyBytesPerSecond ?? null,
      throughputBytesPerSecond: model?.throughputBytesPerSecond ?? null,
      predictedRounds: this.decision?.kind === 'continue' ? this.decision.predictedRounds : null,
      predictedPauseMs: this.decision?.predictedPauseMs ?? null,
      pauseMs: this.pauseMs,
      pausePredictedMs: this.pausePredictedMs,
      root: this.last?.root ?? null,
    };
  }

  // True where it has ended.
  private async step(): Promise<boolean> {
    if (this.wanted === 'stop') return this.end('stopped', 'it was told to stop');
    await this.measuredRound();
    this.decision = decideNextRound(this.rounds, { ...this.policy, handoverMs: this.options.request.handoverMs ?? this.options.handover.estimateMs() ?? this.policy.handoverMs });
    this.why = this.decision.why;
    if (this.decision.kind === 'stop') return this.end('stopped', this.decision.why);
    if (this.decision.kind === 'continue') {
      await sleep(Math.max(0, LEAST_INTERVAL_MS - (performance.now() - this.lastStartMs)));
      return false;
    }
    if (!this.verified) return this.verify();
    if (this.wanted === 'cutOver') return this.finalPause(this.decision.predictedPauseMs);
    this.to('ready', this.decision.why);
    await Promise.race([sleep(this.options.request.everyMs ?? EVERY_MS), new Promise<void>((resolve) => (this.wake = resolve))]);
    return false;
  }

  private async measuredRound(): Promise<void> {
    const result = await this.persistently(async (session) => {
      const startMs = performance.now();
      const intervalMs = startMs - this.lastStartMs;
      this.lastStartMs = startMs;
      const round = await session.round();
      const answerMs = await session.probe();
      const takeOverMs = await session.rehearse();
      // The peer's service reads everything after the first copy; a hand-over finds it warm.
      if (this.rounds.length > 0) await this.options.handover.measure(answerMs + takeOverMs);
      return { round, intervalMs, latencyMs: answerMs + APPLYING_MS };
    });
    this.last = result.round;
    this.rounds.push({ intervalMs: result.intervalMs, durationMs: result.round.durationMs, sendingMs: result.round.sendingMs, latencyMs: result.latencyMs, changedBytes: result.round.literalBytes });
  }

  // Before the pause, where it costs nobody anything.
  private async verify(): Promise<boolean> {
    const [{ differing }] = await Promise.all([this.persistently((session) => session.verify()), this.options.sync()]);
    this.verified = true;
    if (differing.length > 0) this.why = `${differing.length} files were not on the peer's disk as they had been sent; they are sent again`;
    return false;
  }

  private async finalPause(predictedMs: number): Promise<boolean> {
    const startMs = performance.now();
    this.to('quiesced', 'the service stands still for the last round');
    this.pausePredictedMs = predictedMs;
    // A pause that gets too long is given up: the service goes on where it was.
    const limit = setTimeout(() => this.session?.close(), PAUSE_OVERRUN * this.policy.maxPauseMs);
    try {
      await this.options.quiesce(this.policy.maxPauseMs);
      this.last = await this.once((session) => session.round());
      if (this.last.root === null) throw new Error('both sides did not come to the same digest');
      if (this.wanted === 'stop') throw new Error('it was told to stop');
    } catch (error) {
      return await this.resumeAfter(error as Error);
    } finally {
      clearTimeout(limit);
    }
    return this.handOver(startMs);
  }

  /** @param startMs of the pause; null where a restart fell into it, and nobody knows */
  private async handOver(startMs: number | null): Promise<boolean> {
    this.options.onReleasing();
    this.to('quiesced', 'the peer is told to take over');
    try {
      await this.release();
    } catch (error) {
      // Whoever does not know whether the peer took over may not resume: there could be two of the service.
      if (saysThatItHasNot(error)) return this.resumeAfter(error as Error);
      this.phase = 'unsure';
      throw error;
    }
    this.pauseMs = startMs === null ? null : performance.now() - startMs;
    this.options.onReleased();
    return this.end('released', 'the peer has taken over');
  }

  private async resumeAfter(error: Error): Promise<boolean> {
    await this.options.resume();
    this.pauses += 1;
    this.to('copying', `the pause was given up: ${error.message}`);
    if (this.pauses === MOST_PAUSES) throw new Error(`${MOST_PAUSES} pauses were given up, the last because ${error.message}`);
    return false;
  }

  // A lost answer tells nothing: the peer is asked until it is known. Resuming the service unasked could make two of it.
  private async release(): Promise<void> {
    try {
      await this.persistently((session) => session.release());
    } catch (error) {
      if (!(error as Error).message.includes(ALREADY_LIVE)) throw error;
    }
  }

  private async once<T>(act: (session: SenderSession) => Promise<T>): Promise<T> {
    try {
      this.session ??= await this.options.connect();
      return await act(this.session);
    } catch (error) {
      this.session?.close();
      this.session = null;
      this.why = (error as Error).message;
      throw error;
    }
  }

  private async persistently<T>(act: (session: SenderSession) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(act);
      } catch (error) {
        const final = this.why.includes(ALREADY_LIVE) || saysThatItHasNot(error);
        if (attempt === ATTEMPTS || final || this.wanted === 'stop') throw error;
        await sleep(Math.min(MOST_BETWEEN_ATTEMPTS_MS, 100 * 2 ** attempt));
      }
    }
  }

  private end(phase: TransferPhase, why: string): true {
    this.to(phase, why);
    return true;
  }

  private to(phase: TransferPhase, why: string): void {
    this.phase = phase;
    this.why = why;
  }
}

/** Whether the peer answered that it did not take over, and does not unless it is asked again. */
function saysThatItHasNot(error: unknown): boolean {
  const { message } = error as Error;
  return message.includes(TAKE_OVER_FAILED) || message.includes(HAS_LEFT);
}
