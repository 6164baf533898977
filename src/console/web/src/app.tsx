import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { SessionInfo } from '../../console-api';
import { act, logIn, read } from './api';
import { Audit } from './audit';
import { useHash, useLiveFleet } from './hooks';
import { Migration } from './migration';
import { Overview } from './overview';
import { Plan } from './plan';

const LOGIN = 'login=';

export function App(): ReactNode {
  const [session, setSession] = useState<SessionInfo | null>(null);
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const enter = (token: string) => logIn(token).then(setSession, (reason: unknown) => setError(String(reason)));
  useEffect(() => {
    const hash = window.location.hash.slice(1);
    // Out of the address at once: it is good for one login, and stands in no history.
    if (hash.startsWith(LOGIN)) window.history.replaceState(null, '', '#/');
    const entering = hash.startsWith(LOGIN) ? enter(hash.slice(LOGIN.length)) : read<SessionInfo>('/api/session').then(setSession, () => undefined);
    void entering.finally(() => setAsked(true));
  }, []);
  if (session !== null) return <Inside session={session} />;
  return (
    <main>
      <h1>Foreshift console</h1>
      {asked && (
        <form onSubmit={(event) => { event.preventDefault(); const token = new FormData(event.currentTarget).get('token'); if (typeof token === 'string') void enter(token); }}>
          <label>Token<input name="token" type="password" required autoComplete="current-password" /></label>
          <button type="submit">Log in</button>
        </form>
      )}
      {error !== null && <p className="trouble" role="alert">{error}</p>}
    </main>
  );
}

function Inside({ session }: { readonly session: SessionInfo }): ReactNode {
  const hash = useHash();
  const { fleet, connected } = useLiveFleet();
  const [, page = '', id = ''] = hash.split('/');
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>Skip to the content</a>
      <header>
        <strong>Foreshift</strong>
        <nav aria-label="Pages">
          <a href="#/" aria-current={page === '' ? 'page' : undefined}>Fleet</a>
          <a href="#/audit" aria-current={page === 'audit' ? 'page' : undefined}>Audit</a>
        </nav>
        <span role="status">{connected ? 'live' : 'not connected'}</span>
        <button onClick={toggleTheme}>Light or dark</button>
        <span>{session.name} ({session.role})</span>
        <button onClick={() => void act('/api/logout', {}, session).then(() => window.location.reload())}>Log out</button>
      </header>
      <main id="main" tabIndex={-1}>
        {page === 'migration' ? <Migration key={id} instanceId={id} fleet={fleet} session={session} /> : page === 'plan' ? <Plan key={id} planId={id} session={session} /> : page === 'audit' ? <Audit /> : <Overview fleet={fleet} />}
      </main>
    </>
  );
}

function toggleTheme(): void {
  const root = document.documentElement;
  const dark = root.dataset['theme'] === undefined ? window.matchMedia('(prefers-color-scheme: dark)').matches : root.dataset['theme'] === 'dark';
  root.dataset['theme'] = dark ? 'light' : 'dark';
}
