import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '../..');
/** A real machine's load; traces are not part of the repository, so that a clone of its own goes without. */
const TRACE = join(REPOSITORY, '../shared/data/traces/series/datacenter__azure_v2_cpu_usage.csv.gz');
const BOTH_SCENARIOS_MS = 600_000;

function demo(...args: string[]): Promise<{ code: number | string; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(REPOSITORY, 'bin/foreshift.js'), 'demo', ...args], { cwd: REPOSITORY, timeout: BOTH_SCENARIOS_MS }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? (error === null ? 0 : 'killed'), output: stdout + stderr }),
    );
  });
}

describe('the demo', () => {
  (existsSync(TRACE) ? it : it.skip)(
    "with a real machine's load (skipped where ../shared/data is missing) moves one instance and brings another back, losing nothing",
    async () => {
      const { code, output } = await demo('--trace', TRACE);
      expect(output).toContain('All of it held');
      expect(code).toBe(0);
    },
    BOTH_SCENARIOS_MS,
  );

  it('refuses a trace that is none, naming the file and what is wrong', async () => {
    const { code, output } = await demo('--trace', join(REPOSITORY, 'package.json'), '--scenario', 'migrate');
    expect(code).toBe(1);
    expect(output).toMatch(/package\.json.*timestamp,value/s);
  }, BOTH_SCENARIOS_MS);
});
