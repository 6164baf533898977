import { useState } from 'react';
import type { ReactNode } from 'react';
import type { LoginWays, SessionInfo } from '../../console-api';
import { logIn, sentenceOf } from './api';
import { useRead } from './hooks';
import { Notice } from './parts/notice';
import { Logo } from './shell';

/** Why somebody is here; of a sign-on, more stands in the console's own log. */
const REFUSALS: Readonly<Record<string, string>> = {
  'no-role': 'You were recognised, but none of your groups has a role here. Ask who runs this console.',
  'not-begun': 'That sign-on took too long, or began in another browser. Try again.',
  refused: 'The answer of the identity provider was not accepted. The console\'s log says why.',
  'session-over': 'Your session is over: it was ended elsewhere, lasted 12 hours, or the console was started anew. Log in again.',
  unreachable: 'The identity provider does not answer. The console\'s log says more.',
};

/** By a token, or by single sign-on where there is one. */
export function LoginPage({ refusedBecause, onEntered }: { readonly refusedBecause: string | null; readonly onEntered: (session: SessionInfo) => void }): ReactNode {
  const { value: ways } = useRead<LoginWays>('/api/login');
  const [error, setError] = useState<string | null>(refusedBecause);
  const enter = (token: string) => logIn(token).then(onEntered, (reason: unknown) => setError(sentenceOf(reason)));
  return (
    <main className="login">
      <div className="card">
        <div className="brand"><Logo /><h1>Foreshift console</h1></div>
        {error !== null && <Notice kind="bad">{REFUSALS[error] ?? error}</Notice>}
        {ways?.oidc != null && <><a className="button" href="/oidc/start">{ways.oidc}</a><p className="or">or</p></>}
        <form onSubmit={(event) => { event.preventDefault(); const token = new FormData(event.currentTarget).get('token'); if (typeof token === 'string') void enter(token); }}>
          <label>Token<input name="token" type="password" required autoComplete="current-password" /></label>
          <button type="submit" className="primary">Log in</button>
        </form>
        <p className="small soft">The link that <code>foreshift console</code> printed logs in once. A token of the users file does so again and again.</p>
      </div>
    </main>
  );
}
