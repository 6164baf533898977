import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { FleetView, SessionInfo } from '../../console-api';
import { logIn, read, sentenceOf } from './api';
import { ApprovalPage } from './approval-page';
import { useHash } from './hooks';
import { useLiveFleet } from './live-fleet';
import { LoginPage } from './login-page';
import { FleetPage } from './pages/fleet-page';
import { Empty, Loading } from './parts/notice';
import { PageGuard } from './parts/page-guard';
import { Shell } from './shell';

// Read when they are looked at: the first page must not wait for the charts of the others.
const MovesPage = lazy(() => import('./pages/moves-page').then(({ MovesPage: page }) => ({ default: page })));
const MigrationPage = lazy(() => import('./pages/migration/migration-page').then(({ MigrationPage: page }) => ({ default: page })));
const PlansPage = lazy(() => import('./pages/plans-page').then(({ PlansPage: page }) => ({ default: page })));
const PlanPage = lazy(() => import('./pages/plan-page').then(({ PlanPage: page }) => ({ default: page })));
const InstancePage = lazy(() => import('./pages/instance-page').then(({ InstancePage: page }) => ({ default: page })));
const QueuePage = lazy(() => import('./pages/queue-page').then(({ QueuePage: page }) => ({ default: page })));
const CapacityPage = lazy(() => import('./pages/capacity-page').then(({ CapacityPage: page }) => ({ default: page })));
const AccuracyPage = lazy(() => import('./pages/accuracy-page').then(({ AccuracyPage: page }) => ({ default: page })));
const ProfilesPage = lazy(() => import('./pages/profiles-page').then(({ ProfilesPage: page }) => ({ default: page })));
const AuditPage = lazy(() => import('./pages/audit-page').then(({ AuditPage: page }) => ({ default: page })));

const LOGIN = 'login=';
const REFUSED = 'refused=';
const APPROVE = 'approve=';

export function App(): ReactNode {
  const [session, setSession] = useState<SessionInfo | null>(null);
  const [asked, setAsked] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [approving, setApproving] = useState<string | null>(null);
  useEffect(() => {
    const hash = window.location.hash.slice(1);
    if (hash.startsWith(APPROVE)) setApproving(hash.slice(APPROVE.length));
    // Out of the address at once: it is good for one login, and stands in no history.
    if ([LOGIN, REFUSED, APPROVE].some((one) => hash.startsWith(one))) window.history.replaceState(null, '', '#/');
    if (hash.startsWith(REFUSED)) setRefusal(hash.slice(REFUSED.length));
    const entering = hash.startsWith(LOGIN)
      ? logIn(hash.slice(LOGIN.length)).then(setSession, (error: unknown) => setRefusal(sentenceOf(error)))
      : read<SessionInfo>('/api/session').then(setSession, () => undefined);
    void entering.finally(() => setAsked(true));
  }, []);
  const leave = useCallback(() => {
    setRefusal('session-over');
    setSession(null);
  }, []);
  if (approving !== null) return <ApprovalPage secret={approving} />;
  if (session !== null) return <Inside session={session} onLoggedOut={leave} />;
  return asked ? <LoginPage refusedBecause={refusal} onEntered={setSession} /> : null;
}

function Inside({ session, onLoggedOut }: { readonly session: SessionInfo; readonly onLoggedOut: () => void }): ReactNode {
  const [, page = '', ...rest] = useHash().split('/');
  const { fleet, connected } = useLiveFleet(onLoggedOut);
  const id = decodeURIComponent(rest.join('/'));
  const first = useRef(true);
  useEffect(() => {
    // Another page begins at its top, for who sees it and for who hears it.
    if (!first.current) document.getElementById('main')?.focus();
    first.current = false;
    window.scrollTo(0, 0);
  }, [page, id]);
  return (
    <Shell page={page} session={session} fleet={fleet} connected={connected}>
      <PageGuard key={`${page}/${id}`}><Suspense fallback={<Loading what="the page" />}><Page page={page} id={id} fleet={fleet} session={session} /></Suspense></PageGuard>
    </Shell>
  );
}

function Page({ page, id, fleet, session }: { readonly page: string; readonly id: string; readonly fleet: FleetView | null; readonly session: SessionInfo }): ReactNode {
  switch (page) {
    case '':
      return <FleetPage fleet={fleet} />;
    case 'moves':
      return <MovesPage fleet={fleet} />;
    case 'migration':
      return <MigrationPage key={id} instanceId={id} fleet={fleet} session={session} />;
    case 'plans':
      return <PlansPage fleet={fleet} />;
    case 'plan':
      return <PlanPage key={id} planId={id} session={session} />;
    case 'instance':
      return <InstancePage key={id} instanceId={id} fleet={fleet} />;
    case 'queue':
      return <QueuePage />;
    case 'capacity':
      return <CapacityPage fleet={fleet} session={session} />;
    case 'accuracy':
      return <AccuracyPage />;
    case 'profiles':
      return <ProfilesPage />;
    case 'audit':
      return <AuditPage />;
    default:
      return <Empty title="There is no such page."><a href="#/">To the fleet</a></Empty>;
  }
}
