import { useState } from 'react';
import type { ReactNode } from 'react';
import type { AuditRecord } from '../../../contracts/audit';
import type { ChainVerdict } from '../../../domain/audit-chain';
import { read } from './api';
import { useRead } from './hooks';
import { useSaid } from './parts';
import { Records } from './records';

const FIELDS = [['text', 'Words'], ['instanceId', 'Instance'], ['service', 'Service'], ['kind', 'Kind'], ['actor', 'By'], ['outcome', 'Outcome']] as const;

export function Audit(): ReactNode {
  const [query, setQuery] = useState('');
  const { value, error } = useRead<AuditRecord[]>(`/api/audit?${query}`);
  const { said, tell } = useSaid();
  const oldest = value?.[0]?.seq;
  const older = new URLSearchParams(query);
  if (oldest !== undefined) older.set('beforeSeq', String(oldest));
  return (
    <>
      <h1>Audit</h1>
      <form role="search" onSubmit={(event) => { event.preventDefault(); setQuery(new URLSearchParams([...new FormData(event.currentTarget)].map(([name, text]) => [name, typeof text === 'string' ? text : ''])).toString()); }}>
        {FIELDS.map(([name, label]) => <label key={name}>{label}<input name={name} /></label>)}
        <button type="submit">Search</button>
      </form>
      <p>
        <a href={`/api/audit/export?${query}`}>Export all that pass</a> | <button onClick={() => tell(verify())}>Verify the chain</button>{' '}
        {oldest !== undefined && <button onClick={() => setQuery(older.toString())}>Older</button>}
      </p>
      {said}
      {error !== null && <p className="trouble" role="alert">{error}</p>}
      {value === null ? error === null && <p role="status">Searching ...</p> : <Records caption="Records that pass" records={value} />}
    </>
  );
}

async function verify(): Promise<{ readonly said: string }> {
  const { records, problems } = await read<ChainVerdict>('/api/audit/verify');
  return { said: problems.length === 0 ? `${records} records, chain verified (signatures: foreshift audit verify)` : problems.join('; ') };
}
