import type { ReactNode } from 'react';
import type { PhaseRecord } from '../../../../../contracts/migrate-instance';
import { MIGRATION_PHASES } from '../../../../../domain/migration-phase';
import { span } from '../../format';
import { useNow } from '../../hooks';
import { Icon } from '../../parts/icon';
import { Time } from '../../parts/time';

/** All phases in their order: which are done, which runs, where it turned back. */
export function PhaseSteps({ phases }: { readonly phases: readonly PhaseRecord[] }): ReactNode {
  const went = new Map(phases.map((one) => [one.phase, one]));
  const turned = went.has('rollback') ? phases.findLast(({ phase }) => phase !== 'rollback')?.phase : undefined;
  return (
    <ol className="steps" aria-label="Progress">
      {MIGRATION_PHASES.map((phase) => {
        const known = went.get(phase);
        const state = phase === turned ? 'failed' : known === undefined ? 'ahead' : known.endedAtMs === undefined ? 'now' : 'done';
        return <li key={phase} data-state={state}>{state !== 'ahead' && <Icon name={state === 'failed' ? 'back' : state === 'now' ? 'play' : 'check'} size={11} />}{phase}<span className="hidden">: {state === 'failed' ? 'turned back here' : state}</span></li>;
      })}
    </ol>
  );
}

/** When each phase began, how long it took, and what it came to. */
export function Timeline({ phases }: { readonly phases: readonly PhaseRecord[] }): ReactNode {
  const nowMs = useNow(1_000);
  return (
    <ol className="timeline" aria-label="Phases">
      {phases.map(({ phase, startedAtMs, endedAtMs, note }, i) => (
        <li key={i} data-state={phase === 'rollback' ? 'back' : endedAtMs === undefined ? 'now' : 'done'}>
          <span><strong>{phase}</strong> <span className="soft small"><Time ms={startedAtMs} /></span></span>
          <span className="number">{span((endedAtMs ?? Math.max(nowMs, startedAtMs)) - startedAtMs)}</span>
          <span className="note">{note ?? ''}</span>
        </li>
      ))}
    </ol>
  );
}
