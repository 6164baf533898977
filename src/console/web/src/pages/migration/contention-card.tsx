import type { ReactNode } from 'react';
import type { ContentionAssessment } from '../../../../../domain/contention';
import { unitOf } from '../../../../../domain/forecast';
import { load, metricName, percent } from '../../format';
import { Pill } from '../../parts/pill';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';

/** Why it moves: each load's forecast against its limit, as it stood when the move was decided. */
export function ContentionCard({ assessment: { metrics, quantile } }: { readonly assessment: ContentionAssessment }): ReactNode {
  return (
    <Table caption="Forecast against limits" heads={['Load', { number: 'Probability' }, { number: `${percent(quantile * 100)} of the peak` }, { number: 'Limit' }, 'Expected (UTC)']}>
      {metrics.map(({ metric, contended, probability, peakQuantileValue, limit, onsetAtMs }) => (
        <tr key={metric}>
          <td>{metricName(metric)}<span className="sub">{contended ? <Pill text="runs out" tone="bad" icon="alert" /> : <Pill text="holds" tone="good" icon="check" />}</span></td>
          <td className="number">{percent(probability * 100, 1)}</td>
          <td className="number">{load(peakQuantileValue, unitOf(metric))}</td>
          <td className="number">{load(limit, unitOf(metric))}</td>
          <td>{onsetAtMs === null ? '-' : <Time ms={onsetAtMs} />}</td>
        </tr>
      ))}
    </Table>
  );
}
