import { lazy, Suspense, useEffect } from 'react';
import type { ReactNode } from 'react';
import type { FleetView, SessionInfo } from '../../console-api';
import { Notice } from './parts/notice';
import { PAGES, parentOf } from './parts/nav';

// A quarter of the scripts is for menus: the page does not wait for them.
const AccountMenu = lazy(() => import('./account-menu').then(({ AccountMenu: menu }) => ({ default: menu })));

interface ShellProps {
  readonly page: string;
  readonly session: SessionInfo;
  readonly fleet: FleetView | null;
  readonly connected: boolean;
  readonly children: ReactNode;
}

/** What stands around every page: where one may go, whether what is shown is live, who one is. */
export function Shell({ page, session, fleet, connected, children }: ShellProps): ReactNode {
  const current = parentOf(page);
  const title = PAGES.find((one) => one.page === current)?.title ?? 'Foreshift';
  useEffect(() => {
    document.title = `${title} · Foreshift`;
    // On a narrow page the navigation scrolls by itself.
    document.querySelector('nav [aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [title]);
  const running = fleet?.migrations.filter(({ endedAtMs }) => endedAtMs === null).length ?? 0;
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>Skip to the content</a>
      <header className="side">
        <a className="brand" href="#/"><Logo />Foreshift</a>
        <nav aria-label="Pages">
          <ul>
            {PAGES.map((one) => (
              <li key={one.page}>
                <a href={`#/${one.page}`} aria-current={current === one.page ? 'page' : undefined}>{one.title}{one.page === 'moves' && running > 0 && <span className="pill info" aria-label={`${running} run`}>{running}</span>}</a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="foot">
          <span role="status" className={connected ? 'live' : 'live off'}><i aria-hidden="true" />{connected ? 'live' : 'not connected'}</span>
          <Suspense fallback={<button type="button" className="menu-button" disabled>{session.name} ({session.role})</button>}><AccountMenu session={session} /></Suspense>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {fleet !== null && !connected && <div className="lost"><Notice kind="warn">The connection is lost: what is shown is from before. It comes back by itself once the console answers again.</Notice></div>}
        {children}
      </main>
    </div>
  );
}

export function Logo(): ReactNode {
  return <svg width="22" height="22" viewBox="0 0 22 22" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d="M2 15l5-5 4 3 8-8" /><path d="M14 5h5v5" /><path d="M2 20h18" opacity=".45" /></svg>;
}
