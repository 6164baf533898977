import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeAudit } from '../../infra/supply-chain/judge-audit';
import { productionPackages, type LockFile } from '../../infra/supply-chain/locked-packages';
import { makeSbom, type Sbom } from '../../infra/supply-chain/make-sbom';

const ROOT = join(__dirname, '../..');

describe('the bill of materials', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as LockFile;
  const npmSays = (): Sbom => JSON.parse(execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1_048_576 })) as Sbom;
  const made = makeSbom(npmSays(), lock, 'foreshift');

  it('lists every package that is installed where the product runs, each with its licence, and no other', () => {
    const listed = made.components.map((component) => component['bom-ref']);
    expect(listed.toSorted()).toEqual([...productionPackages(lock)].toSorted());
    expect(made.components.filter(({ licenses = [] }) => licenses.length === 0)).toEqual([]);
    for (const needed of ['@grpc/grpc-js', '@temporalio/worker', 'kysely']) expect(made.components.map(({ name }) => name)).toContain(needed);
    expect(made.components.map(({ name }) => name)).not.toContain('jest');
  });

  it('is the same of the same lock file, whenever and wherever it is made', () => {
    const elsewhere = npmSays();
    expect(JSON.stringify(makeSbom({ ...elsewhere, metadata: { ...elsewhere.metadata, timestamp: '2020-01-01', component: { ...elsewhere.metadata.component, name: 'another-folder' } } }, lock, 'foreshift'))).toBe(JSON.stringify(made));
  });
});

describe('the audit of what is installed', () => {
  it('is not taken for clean where nobody could be asked', () => {
    for (const printed of ['', 'npm error', '{"message":"405 Method Not Allowed"}', '{"error":{"summary":"getaddrinfo ENOTFOUND"}}', 'null']) {
      const { exitCode, lines } = judgeAudit(printed);
      expect([exitCode, lines[0]]).toEqual([2, expect.stringMatching(/^NOT AUDITED: the registry could not be asked for advisories: .+/)]);
    }
  });

  it('fails for what is high or critical, and for nothing less', () => {
    const report = (severity: string) => JSON.stringify({ vulnerabilities: { pg: { severity, range: '<9' } } });
    expect(judgeAudit(report('high'))).toEqual({ exitCode: 1, lines: ['high: pg <9'] });
    expect(judgeAudit(report('moderate')).exitCode).toBe(0);
  });
});
