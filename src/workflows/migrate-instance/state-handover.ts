import { ApplicationFailure } from '@temporalio/common';
import { sleep } from '@temporalio/workflow';
import type { KeeperArgs, SyncLook } from '../../contracts/migration-activities';
import type { HandedOverStrategy } from '../../domain/sync-strategy';
import { say } from '../activity-proxies';
import { sentenceOf } from '../sentence-of';
import { acts, undos } from './activities';
import type { FlowingState, PlannedMigration } from './migration';
import { countPause } from './migration-metrics';

/** Looks come further apart the longer a copy takes: the history is not to grow with the state. */
const MOST_BETWEEN_LOOKS_MS = 300_000;
const GROWTH = 1.5;

/** The state of a service that has one writer: it flows to the shadow, goes over at one moment, and flows back until there is no way back any more. */
export class StateHandover implements FlowingState {
  private readonly args: KeeperArgs;

  constructor(
    private readonly migration: PlannedMigration,
    strategy: HandedOverStrategy,
    shadowId: string,
  ) {
    const { owner, source, policy, there } = migration;
    this.args = { strategy, owner, sourceId: source.instanceId, shadowId, ...(there.other === null ? {} : { shadowRegion: there.other.region }), maxPauseMs: policy.sync.maxPauseMs };
  }

  /** Before what stands below it is undone, the source has the state for certain, and the shadow never takes it. */
  registerWayBack(name: string): void {
    this.migration.undo.push(name, () => this.takeBack(), { guards: true });
  }

  /** Until what is left fits into the pause. */
  async sync(): Promise<void> {
    const { policy, waiting, controls } = this.migration;
    // Before the shadow may be terminated it must be certain that it does not have the state.
    this.registerWayBack('keep the state at the source');
    await say(acts.beginSync, "Let the source's state flow to the shadow", this.args);
    const deadlineMs = Date.now() + policy.sync.maxCopyMs;
    for (let betweenMs = policy.pollMs; ; betweenMs = Math.min(MOST_BETWEEN_LOOKS_MS, betweenMs * GROWTH)) {
      await controls.safePoint();
      const look = await say(waiting.lookAtSync, 'How far the state is', this.args);
      this.tell(look);
      if (look.isReady) return;
      if (!look.isFlowing) await say(acts.beginSync, `Let the state flow again: ${look.why}`, this.args);
      if (Date.now() + betweenMs > deadlineMs) throw ApplicationFailure.create({ type: 'VerificationFailed', nonRetryable: true, message: `the state was not ready to be handed over after ${policy.sync.maxCopyMs} ms: ${look.why}` });
      await sleep(betweenMs);
    }
  }

  /** The one moment at which the service goes over; from then on what is written there comes back. */
  async handOver(): Promise<void> {
    const { progress } = this.migration;
    this.registerWayBack('hand the state back to the source');
    const { pauseMs, predictedPauseMs, digest } = await say(acts.handOverState, 'Hand the service over', this.args);
    if (pauseMs !== null) countPause(pauseMs);
    const rounded = (ms: number | null): string => (ms === null ? 'unknown' : `${Math.round(ms)} ms`);
    const sentence = `handed over; pause ${rounded(pauseMs)}, predicted ${rounded(predictedPauseMs)}`;
    progress.note(sentence);
    await progress.audit('act', sentence, { detail: { pauseMs, predictedPauseMs, digest } });
    await say(acts.beginSyncBack, 'Let what is written at the shadow flow back, for a way back that loses nothing', this.args);
  }

  /** Nothing flows back any more. What does not end by itself ends with the source. */
  async end(): Promise<void> {
    try {
      await say(acts.endSync, 'End the flow back to the source', this.args);
    } catch (error) {
      this.migration.progress.note(`the flow back to the source was not ended: ${sentenceOf(error)}`);
    }
  }

  private async takeBack(): Promise<void> {
    await say(undos.takeStateBack, 'The source has the state, and the shadow never takes it', this.args);
  }

  private tell({ why, lagBytes, predictedPauseMs }: SyncLook): void {
    const parts = [why, lagBytes === null ? '' : `${(lagBytes / 1_048_576).toFixed(1)} MiB behind`, predictedPauseMs === null ? '' : `pause predicted ${Math.round(predictedPauseMs)} ms`];
    this.migration.progress.sync = { lagBytes, predictedPauseMs, why };
    this.migration.progress.note(parts.filter((part) => part !== '').join('; '));
  }
}
