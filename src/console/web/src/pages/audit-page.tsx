import { useState } from 'react';
import type { ReactNode } from 'react';
import type { AuditRecord } from '../../../../contracts/audit';
import type { AuditVerdict } from '../../../console-api';
import { read } from '../api';
import { count } from '../format';
import { useRead } from '../hooks';
import { ReadingState } from '../parts/notice';
import { Records } from '../parts/records';
import { useSaid } from '../parts/use-said';

const FIELDS = [['text', 'Words'], ['instanceId', 'Instance'], ['service', 'Service'], ['actor', 'By'], ['outcome', 'Outcome']] as const;
const KINDS = ['decision', 'intent', 'act', 'readback', 'undo', 'failure', 'refusal', 'approval', 'operator', 'phase', 'outcome', 'hindsight'] as const;
const PROBLEMS_SHOWN = 5;

/** Every record: searched, exported, verified. */
export function AuditPage(): ReactNode {
  const [query, setQuery] = useState('');
  const [before, setBefore] = useState<readonly number[]>([]);
  const asked = new URLSearchParams(query);
  const oldestShown = before.at(-1);
  if (oldestShown !== undefined) asked.set('beforeSeq', String(oldestShown));
  const { value, error } = useRead<AuditRecord[]>(`/api/audit?${asked.toString()}`);
  const { said, tell } = useSaid();
  const oldest = value?.[0]?.seq;
  const search = (form: FormData) => {
    setBefore([]);
    setQuery(new URLSearchParams([...form].flatMap(([name, text]) => (typeof text === 'string' && text !== '' ? [[name, text]] : []))).toString());
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>Audit</h1>
        <div className="row">
          <button type="button" onClick={() => tell(verify())}>Verify the chain</button>
          <a className="button" href={`/api/audit/export?${query}`}>Export all that pass</a>
        </div>
      </div>
      {said}
      <form role="search" className="card" onSubmit={(event) => { event.preventDefault(); search(new FormData(event.currentTarget)); }}>
        <div className="row end search">
          {FIELDS.map(([name, label]) => <label key={name}>{label}<input name={name} /></label>)}
          <label>Kind<select name="kind"><option value="">any</option>{KINDS.map((kind) => <option key={kind}>{kind}</option>)}</select></label>
          <button type="submit" className="primary">Search</button>
        </div>
        <p className="small soft">Words are looked for in what was done and why: all of them, "in this order", or -without.</p>
      </form>
      <ReadingState error={error} loaded={value !== null} what="the records" />
      {value !== null && <Records caption="Records that pass" records={value} withSubject newestFirst />}
      <div className="row">
        {before.length > 0 && <button type="button" onClick={() => setBefore(before.slice(0, -1))}>Newer</button>}
        {oldest !== undefined && oldest > 1 && <button type="button" onClick={() => setBefore([...before, oldest])}>Older</button>}
      </div>
    </div>
  );
}

async function verify(): Promise<{ readonly said: string; readonly bad: boolean }> {
  const { intact, records, problems, signed, signedToSeq } = await read<AuditVerdict>('/api/audit/verify');
  if (!intact) return { said: [...problems.slice(0, PROBLEMS_SHOWN), ...(problems.length > PROBLEMS_SHOWN ? [`and ${problems.length - PROBLEMS_SHOWN} more`] : [])].join('; '), bad: true };
  const signatures = signed === null ? 'no key is known here, so signatures were not checked' : signed === 0 ? 'none of them signed' : `signed up to record ${count(signedToSeq)} by ${count(signed)} checkpoints`;
  return { said: `${count(records)} records, chain verified; ${signatures}`, bad: false };
}
