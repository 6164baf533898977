/** What `npm audit --json` prints, as far as it is looked at. */
interface AuditReport {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range?: string; readonly fixAvailable?: unknown }>>;
  readonly metadata?: { readonly dependencies?: { readonly prod?: number } };
  readonly message?: string;
  readonly error?: { readonly summary?: string; readonly detail?: string };
}

export interface AuditVerdict {
  /** 0: looked at and clean; 1: something is known of a package; 2: nobody could be asked. */
  readonly exitCode: 0 | 1 | 2;
  readonly lines: readonly string[];
}

const BAD = ['high', 'critical'];

/** What npm's audit came to. What could not be asked is never taken for clean. */
export function judgeAudit(printed: string): AuditVerdict {
  const report = reportOf(printed);
  if (report?.vulnerabilities === undefined) {
    const why = report?.message ?? report?.error?.summary ?? report?.error?.detail ?? (printed.trim().slice(0, 300) || 'npm printed nothing');
    return { exitCode: 2, lines: [`NOT AUDITED: the registry could not be asked for advisories: ${why}`, 'Run it again where the registry of npm (or a mirror that answers advisories, by "npm config set registry") can be reached.'] };
  }
  const known = Object.entries(report.vulnerabilities);
  const bad = known.filter(([, { severity }]) => BAD.includes(severity));
  const lines = bad.map(([name, { severity, range = '' }]) => `${severity}: ${name} ${range}`);
  return bad.length > 0 ? { exitCode: 1, lines } : { exitCode: 0, lines: [`audited: nothing high or critical in what is installed where the product runs (${known.length} lower)`] };
}

function reportOf(printed: string): AuditReport | null {
  try {
    const report: unknown = JSON.parse(printed);
    return typeof report === 'object' && report !== null ? report : null;
  } catch {
    return null;
  }
}
