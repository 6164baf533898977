import { useState } from 'react';
import type { ReactNode } from 'react';
import { sentenceOf } from '../api';
import { Notice } from './notice';

type Said = { readonly text: string; readonly kind: 'good' | 'bad' | 'info' };

/** Does something and tells what came of it, also to a screen reader. */
export function useSaid(): { readonly said: ReactNode; readonly tell: (work: Promise<{ readonly said: string; readonly bad?: boolean }>) => void } {
  const [said, setSaid] = useState<Said | null>(null);
  const tell = (work: Promise<{ readonly said: string; readonly bad?: boolean }>) => {
    setSaid({ text: 'Asking ...', kind: 'info' });
    work.then(({ said: text, bad }) => setSaid({ text, kind: bad === true ? 'bad' : 'good' }), (error: unknown) => setSaid({ text: sentenceOf(error), kind: 'bad' }));
  };
  return { said: <div role="status">{said !== null && <Notice kind={said.kind}>{said.text}</Notice>}</div>, tell };
}
