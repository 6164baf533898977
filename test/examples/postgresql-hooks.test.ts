import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'postgresql');
const OWNER = 'migration/i-a/run-1';

/** Without a server: what the hooks decide by the state of their side alone. */
describe('the hooks of PostgreSQL', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hooks-'));
    for (const file of readdirSync(EXAMPLE)) copyFileSync(join(EXAMPLE, file), join(folder, file));
    becomes('i-a');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The machine on which the hooks and their state are found: a copy has both, and another id. */
  const becomes = (instanceId: string): void =>
    writeFileSync(
      join(folder, 'config'),
      `PGDATA=${folder}\nPGBIN=${folder}/none\nPGHOST=127.0.0.1\nPGPORT=1\nPGUSER=nobody\nRUN_AS=${userInfo().username}\nSTATE=${folder}/state\nINSTANCE_ID=${instanceId}\nREPLICATION=\nstart_server() { :; }\nstop_server() { :; }\nsleep() { :; }\n`,
    );
  const run = (hook: string, ...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(join(folder, hook), words, { encoding: 'utf8' });
    return { status, stderr: stderr.trim(), look: stdout === '' ? null : (JSON.parse(stdout) as Record<string, unknown>) };
  };

  it('make nobody live but who was claimed, and no copy of it', () => {
    expect(run('status').look).toMatchObject({ role: 'none', isFlowing: false });
    expect(run('may-start').status).toBe(1);
    expect(run('claim').look).toMatchObject({ role: 'live', owner: null });
    expect(run('may-start').status).toBe(0);
    becomes('i-b');
    expect(run('status').look).toMatchObject({ role: 'none' });
    expect(run('may-start').status).toBe(1);
  });

  it('let a copy follow, leave, and never take over afterwards', () => {
    run('claim');
    becomes('i-b');
    expect(run('stand-by', OWNER, '10.0.0.1').look).toMatchObject({ role: 'standby', owner: OWNER, isFlowing: false });
    expect(run('stand-by', OWNER, '10.0.0.1').status).toBe(0);
    expect(execFileSync('cat', [join(folder, 'postgresql.auto.conf')], { encoding: 'utf8' })).toBe("primary_conninfo = 'host=10.0.0.1 application_name=foreshift '\n");
    expect(run('take-over', OWNER, '0/3000028', '0').status).toBe(4);
    expect(run('leave', OWNER).look).toMatchObject({ role: 'left', isOver: true });
    expect(run('take-over', OWNER, '0/3000028', '1')).toMatchObject({ status: 3, stderr: `this side is left for ${OWNER}: it does not take over` });
    expect(run('stand-by', OWNER, '10.0.0.1')).toMatchObject({ status: 3, stderr: 'this side has left the move' });
    expect(run('may-start').status).toBe(1);
  });

  it('write over no live state, and let no live side leave', () => {
    run('claim');
    expect(run('stand-by', OWNER, '10.0.0.1')).toMatchObject({ status: 3, stderr: 'this side is live: nothing is written over its state' });
    expect(run('leave', OWNER)).toMatchObject({ status: 3 });
    expect(run('resume', 'migration/i-a/run-0; rm -rf /')).toMatchObject({ status: 3, stderr: expect.stringContaining('expected letters, digits') });
    expect(run('take-over', OWNER, "0' or true", '1')).toMatchObject({ status: 3, stderr: expect.stringContaining('expected a WAL location') });
  });

  it('release nothing for a move that was told to be over', () => {
    run('claim');
    // There is no server here that would take writes: what was decided is kept all the same.
    expect(run('resume', OWNER).status).toBe(4);
    expect(run('status').look).toMatchObject({ role: 'live', owner: OWNER, isOver: true });
    expect(run('release', OWNER, '10.0.0.2')).toMatchObject({ status: 3, stderr: 'the move is over for this side' });
  }, 40_000);
});
