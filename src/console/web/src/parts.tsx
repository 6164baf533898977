import { useState } from 'react';
import type { ReactNode } from 'react';

export function Time({ ms }: { readonly ms: number }): ReactNode {
  const iso = new Date(ms).toISOString();
  return <time dateTime={iso}>{iso.slice(0, 19).replace('T', ' ')}Z</time>;
}

/** A table that scrolls by itself where it is wider than the page, by keys too. */
export function Table({ caption, heads, children }: { readonly caption: string; readonly heads: readonly string[]; readonly children: ReactNode }): ReactNode {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table aria-label={caption}>
        <thead><tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** A field for a reason and the button that needs it. */
export function ReasonForm({ id, button, onReason }: { readonly id: string; readonly button: string; readonly onReason: (reason: string) => void }): ReactNode {
  const [reason, setReason] = useState('');
  return (
    <form onSubmit={(event) => { event.preventDefault(); onReason(reason); }}>
      <label htmlFor={id}>Reason, which stands in the audit<input id={id} value={reason} required maxLength={500} onChange={(event) => setReason(event.target.value)} /></label>
      <button type="submit">{button}</button>
    </form>
  );
}

/** Does something and tells what came of it, also to a screen reader. */
export function useSaid(): { readonly said: ReactNode; readonly tell: (work: Promise<{ readonly said: string }>) => void } {
  const [said, setSaid] = useState<{ readonly text: string; readonly bad: boolean } | null>(null);
  const tell = (work: Promise<{ readonly said: string }>) => {
    setSaid({ text: 'asking ...', bad: false });
    work.then(({ said: text }) => setSaid({ text, bad: false }), (error: unknown) => setSaid({ text: String(error), bad: true }));
  };
  return { said: <div role="status">{said !== null && <p className={said.bad ? 'trouble' : 'said'}>{said.text}</p>}</div>, tell };
}
