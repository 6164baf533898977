import type { ReactNode } from 'react';
import { count, percent } from '../../format';
import { Bar } from '../../parts/bar';
import { Pill, type StateLook } from '../../parts/pill';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import type { JudgeLine } from './story-of-records';

const VERDICTS: Readonly<Record<JudgeLine['verdict']['kind'], StateLook>> = {
  pass: { text: 'pass', tone: 'good', icon: 'check' },
  fail: { text: 'fail', tone: 'bad', icon: 'cross' },
  inconclusive: { text: 'not enough yet', tone: 'warn', icon: 'clock' },
  noData: { text: 'no data', tone: 'idle', icon: 'info' },
};

/** What the judge saw at each step: requests, failures, slowness on both sides, and how near to failing that is. */
export function JudgeTable({ lines }: { readonly lines: readonly JudgeLine[] }): ReactNode {
  return (
    <Table caption="Judge's evidence" heads={['Step', 'Verdict', { number: 'Requests' }, { number: 'Failed' }, { number: 'Slow' }, 'Evidence against the shadow']}>
      {lines.map(({ seq, atMs, where, verdict, evidence }) => (
        <tr key={seq}>
          <td className="firm">{where}<span className="sub"><Time ms={atMs} /></span></td>
          <td className="words"><Pill {...VERDICTS[verdict.kind]} /><span className="sub">{verdict.why}{verdict.kind === 'inconclusive' && verdict.isSuspicious && '; what was seen rather looks bad'}</span></td>
          <td className="number firm">{evidence === null ? '-' : <Sides shadow={count(evidence.requests.shadow)} source={count(evidence.requests.source)} />}</td>
          <td className="number firm"><Shares of={evidence} name="errors" /></td>
          <td className="number firm"><Shares of={evidence} name="latency" /></td>
          <td className="firm"><Against evidence={evidence} /></td>
        </tr>
      ))}
    </Table>
  );
}

/** A figure of the shadow above the same of the source. */
function Sides({ shadow, source }: { readonly shadow: string; readonly source: string }): ReactNode {
  return <><span className="soft small">shadow</span> {shadow}<br /><span className="soft small">source</span> {source}</>;
}

function Shares({ of, name }: { readonly of: JudgeLine['evidence']; readonly name: string }): ReactNode {
  const question = of?.questions.find((one) => one.name === name);
  if (question === undefined) return '-';
  const told = (value: number | null) => (value === null ? 'none' : percent(value, 1));
  return <Sides shadow={told(question.shadowPercent)} source={told(question.sourcePercent)} />;
}

function Against({ evidence }: { readonly evidence: JudgeLine['evidence'] }): ReactNode {
  if (evidence === null) return '-';
  const { logAgainst, logEnough } = evidence;
  if (logAgainst === null) return 'none';
  return <Bar percent={(100 * Math.max(0, logAgainst)) / logEnough} tone={logAgainst >= logEnough ? 'bad' : 'info'} text={`${factor(logAgainst)} of ${factor(logEnough)}`} />;
}

/** Evidence as a factor, which is what bounds the rate of false aborts. */
function factor(log: number): string {
  return log > 12 ? 'over 100,000' : Number(Math.exp(log).toPrecision(2)).toLocaleString('en');
}
