import type { ReactNode } from 'react';
import type { PlannedMove } from '../../../../domain/fleet-plan/fleet-plan';
import type { MoveAlternative, PlanDetail } from '../../../plan-api';
import { usd } from '../format';
import { useNow } from '../hooks';
import { Pill, type StateLook } from '../parts/pill';
import { Table } from '../parts/table';
import { Time } from '../parts/time';

const RISKS: Readonly<Record<PlannedMove['risk'], StateLook>> = {
  low: { text: 'low', tone: 'good', icon: 'check' },
  medium: { text: 'medium', tone: 'warn', icon: 'info' },
  high: { text: 'high', tone: 'bad', icon: 'alert' },
};

const FATES: Readonly<Record<MoveAlternative['fate'], string>> = { observed: 'only looked at', awaits: 'needs approval', goes: 'goes by itself' };

/** Each move with its costs, and what staying would come to instead. */
export function PlanMoves({ detail: { plan, alternatives } }: { readonly detail: PlanDetail }): ReactNode {
  const nowMs = useNow(30_000);
  return (
    <Table caption="Moves" heads={['Instance', 'Move', 'Start by', 'Overload expected', 'Risk', { number: 'Moving costs' }, 'If it stays', 'If it moves', 'Why']}>
      {plan.moves.map((move, i) => {
        const { fate, stay, best } = alternatives[i] ?? { fate: 'observed' as const, stay: null, best: null };
        return (
          <tr key={move.instanceId}>
            <td className="firm"><a href={`#/instance/${move.instanceId}`}>{move.name}</a><span className="sub">{move.instanceId}</span></td>
            <td>{move.kind}: {move.fromShape} → {move.toShape}<span className="sub">{move.fromPoolId === move.toPoolId ? `stays in ${move.toPoolId}` : `${move.fromPoolId} → ${move.toPoolId}`}; {FATES[fate]}</span></td>
            <td><Time ms={move.startAtMs} nowMs={nowMs} /></td>
            <td>{move.deadlineAtMs === null ? <span className="soft">nothing presses</span> : <Time ms={move.deadlineAtMs} nowMs={nowMs} />}</td>
            <td><Pill {...RISKS[move.risk]} /></td>
            <td className="number">{usd(move.costUsd)}</td>
            <td><Outcome of={stay} /></td>
            <td><Outcome of={best} /></td>
            <td>{move.reasons.join('; ')}</td>
          </tr>
        );
      })}
    </Table>
  );
}

function Outcome({ of }: { readonly of: MoveAlternative['stay'] }): ReactNode {
  if (of === null) return <span className="soft">no longer kept</span>;
  return <>{usd(of.usd)}<span className="sub">{of.overloadMinutes.toFixed(0)} overloaded min</span></>;
}
