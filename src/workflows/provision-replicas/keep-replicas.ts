import { CancellationScope, allHandlersFinished, condition, continueAsNew, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import { TimeoutFailure } from '@temporalio/common';
import type { ReplicaSight } from '../../contracts/capacity-activities';
import type { ProvisionAcceptance, Provisioned, ProvisionReplicasInput, ProvisionReplicasResult, ProvisionStatus, Replica } from '../../contracts/provision-replicas';
import { noteReplacements } from '../../domain/capacity/note-replacements';
import { replacementSearch } from '../../domain/capacity/replacement-search';
import { say } from '../activity-proxies';
import { retireReplicas } from '../bring-into-service';
import { sentenceOf } from '../sentence-of';
import { UndoStack } from '../undo-stack';
import { launchReplicas } from './launch-replicas';
import type { ProvisionRun, ReplicaPlan } from './provision-run';
import { reserveReplicas } from './reserve-replicas';

/** What goes on in the next run of the workflow. */
export interface KeptReplicas {
  readonly plan: ReplicaPlan;
  readonly acceptance: ProvisionAcceptance | null;
  readonly settled: Provisioned;
  /** So many serve as long as they are kept, whatever replaces or moves them meanwhile. */
  readonly wanted: number;
  /** Of the region's workers; null: the workflow's own. */
  readonly taskQueue: string | null;
  readonly replacements: ProvisionStatus['replacements'];
  readonly replaced: number;
  readonly step: number;
}

/** What is in trouble must still be so after this many polls: a check may fail once. */
const CONFIRM_POLLS = 4;
const RETRY_AT_FIRST_MS = 5_000;
const RETRY_AT_MOST_MS = 300_000;
const SHOWN_REPLACEMENTS = 20;

/** Looks after the replicas until they are released: what fails is replaced elsewhere, then removed. */
export async function keepReplicas(run: ProvisionRun, kept: { -readonly [K in keyof KeptReplicas]: KeptReplicas[K] }): Promise<ProvisionReplicasResult> {
  const { desk, input, story, policy } = run;
  const { plan } = kept;
  let retryMs = RETRY_AT_FIRST_MS;
  try {
    for (;;) {
      // Before the watch: to provide many replicas may have made the history long already.
      // A release that came this very moment is this run's to carry out: the next one would not know of it.
      if (workflowInfo().continueAsNewSuggested && desk.releasing === null) {
        await condition(allHandlersFinished);
        if (desk.releasing === null) await continueAsNew<(input: ProvisionReplicasInput, kept: KeptReplicas) => Promise<ProvisionReplicasResult>>(input, { ...kept, step: run.nextStep() });
      }
      await desk.forward(() => untilChanged(run, plan, kept.settled.replicas, kept.wanted));
      const noticedAtMs = Date.now();
      try {
        const round = await desk.forward(() => replaceLost(run, plan, kept.settled.replicas, kept.wanted));
        const freshIds = round.fresh.map(({ instanceId }) => instanceId);
        kept.replacements = noteReplacements(kept.replacements, { lost: round.lost, freshIds, noticedAtMs, readyAtMs: Date.now() }).slice(-SHOWN_REPLACEMENTS);
        kept.replaced += freshIds.length;
        kept.settled = { ...kept.settled, replicas: round.serving };
        story.replicas = round.serving;
        story.note(`${kept.replaced} replaced so far`);
        retryMs = RETRY_AT_FIRST_MS;
      } catch (error) {
        if (isCancellation(error)) throw error;
        story.note(`a replica is missing, and nothing replaces it yet: ${sentenceOf(error)}`);
        await story.trail.record('failure', 'a replica could not be replaced; it is tried again', { reason: sentenceOf(error) });
        await desk.forward(() => sleep(retryMs));
        retryMs = Math.min(retryMs * 2, RETRY_AT_MOST_MS);
      }
    }
  } catch (error) {
    // Cancelled from outside ends the watch alone: to terminate what serves takes a release.
    if (!isCancellation(error) || desk.releasing === null) throw error;
    return CancellationScope.nonCancellable(() => releaseAll(run, kept));
  }

  async function untilChanged({ input: { requestId }, region }: ProvisionRun, { targetGroups }: ReplicaPlan, known: readonly Replica[], wanted: number): Promise<void> {
    try {
      await say(region.watches(policy.pollMs).awaitReplicaTrouble, `Until not all of ${wanted} serve, or others do`, { requestId, targetGroups, serving: known.map(({ instanceId }) => instanceId), wanted });
    } catch (error) {
      if (!(error instanceof Error) || !(error.cause instanceof TimeoutFailure)) throw error;
    }
  }
}

interface Round {
  readonly lost: readonly { readonly instanceId: string; readonly trouble: string }[];
  readonly fresh: readonly Replica[];
  readonly serving: readonly Replica[];
}

/** One round: what is confirmed lost gets a replacement, which serves before the lost one is removed. */
async function replaceLost(run: ProvisionRun, plan: ReplicaPlan, known: readonly Replica[], wanted: number): Promise<Round> {
  const { input, owner, story, region: { acts, undos } } = run;
  const sights = await confirmed(run, plan);
  const serving = sights.filter(({ trouble }) => trouble === null).map(replicaOf);
  const gone = known.filter(({ instanceId }) => !sights.some((sight) => sight.instanceId === instanceId)).map(({ instanceId, zone }) => ({ instanceId, zone, trouble: `${instanceId} is gone` }));
  const lost = [...gone, ...sights.flatMap(({ instanceId, zone, trouble }) => (trouble === null ? [] : [{ instanceId, zone, trouble }]))];
  const missing = wanted - serving.length;
  // A move counts twice for a moment: its source ends, its replacement carries the same tag.
  if (missing <= 0) return { lost: [], fresh: [], serving };
  await story.trail.record('decision', `${missing} of ${wanted} replicas do not serve: they are replaced`, { reason: lost.map(({ trouble }) => trouble).join('; '), detail: { lost } });

  const undo = new UndoStack();
  undo.push('release the capacity reservations', () => say(undos.releaseReservations, 'Give the reservations back', { owner }));
  undo.push('terminate the replacements', () => say(undos.terminateShadows, 'Terminate the replacements', { owner }));
  try {
    const search = replacementSearch({ plan, serving, missing, avoidZones: lost.map(({ zone }) => zone) });
    const { held } = await reserveReplicas(run, { ...search, service: plan.service, minimum: 1 });
    const { replicas: fresh, failed } = await launchReplicas({ ...run, undo }, plan, held);
    if (fresh.length === 0) throw new Error(failed.join('; '));
    await say(acts.adoptReplicas, `${fresh.length} replacement(s) become the service's own`, { owner, instanceIds: fresh.map(({ instanceId }) => instanceId), requestId: input.requestId, digest: plan.digest });
    await say(acts.releaseReservations, 'Give the reservations back', { owner });
    undo.forget();
    await retireReplicas(run, sights.filter(({ trouble }) => trouble !== null).map(({ instanceId }) => instanceId), plan.targetGroups);
    return { lost, fresh, serving: [...serving, ...fresh] };
  } catch (error) {
    const left = await undo.unwind((name) => story.note(name));
    if (left.length > 0) story.left = left;
    throw error;
  }
}

async function confirmed(run: ProvisionRun, { targetGroups }: ReplicaPlan): Promise<readonly ReplicaSight[]> {
  const { input: { requestId }, policy, region: { acts } } = run;
  const look = (): Promise<readonly ReplicaSight[]> => say(acts.inspectReplicas, 'What became of the replicas?', { requestId, targetGroups });
  const first = await look();
  if (first.every(({ trouble, state }) => trouble === null || state !== 'running')) return first;
  await sleep(CONFIRM_POLLS * policy.pollMs);
  return look();
}

async function releaseAll(run: ProvisionRun, kept: KeptReplicas): Promise<ProvisionReplicasResult> {
  const { input, story, desk, region: { acts } } = run;
  await story.enter('release', desk.releasing?.reason);
  const sights = await say(acts.inspectReplicas, 'Which replicas are there?', { requestId: input.requestId, targetGroups: kept.plan.targetGroups });
  const instanceIds = sights.map(({ instanceId }) => instanceId);
  await retireReplicas(run, instanceIds, kept.plan.targetGroups);
  story.replicas = [];
  return { kind: 'Released', instanceIds, replaced: kept.replaced, reason: desk.releasing?.reason ?? 'released', request: input };
}

function replicaOf({ instanceId, zone, shape, usdPerHour }: ReplicaSight): Replica {
  return { instanceId, zone, shape, usdPerHour };
}
