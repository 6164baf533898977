import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransferAgent, type TransferAgent } from '../../src/adapters/agent/transfer-agent';
import type { TransferStatus } from '../../src/transfer/agent/transfer-status';
import { picture } from './two-sides';

interface Side {
  readonly name: string;
  readonly control: TransferAgent;
  readonly root: string;
  readonly port: number;
  readonly process: ChildProcess;
}

/** Agents as processes of their own, so that they can be killed. */
describe("an agent's part in a move", () => {
  let folder: string;
  let running: ChildProcess[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'foreshift-standing-'));
    running = [];
  });
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function side(name: string, ...more: string[]): Promise<Side> {
    const root = join(folder, name);
    mkdirSync(root, { recursive: true });
    const stateFolder = join(folder, `${name}-state`);
    const hooks = ['quiesce', 'resume', 'take-over'].flatMap((hook) => (more.includes(`--${hook}`) ? [] : [`--${hook}`, `echo ${name} ${hook} >> ${folder}/calls`]));
    const child = spawn(process.execPath, [join(__dirname, '../../bin/foreshift.js'), 'agent', 'serve', '--root', root, '--state', stateFolder, '--instance-id', name, '--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', ...hooks, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
    running.push(child);
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{')) continue;
      const { port, controlPort } = JSON.parse(line) as { port: number; controlPort: number };
      return { name, root, port, process: child, control: createTransferAgent({ url: `http://127.0.0.1:${controlPort}`, token: readFileSync(join(stateFolder, 'control-token'), 'utf8') }) };
    }
    throw new Error(`${name} did not start`);
  }

  async function killed({ process }: Side): Promise<void> {
    process.kill('SIGKILL');
    await once(process, 'exit');
  }

  async function reached({ control }: Side, wanted: Partial<TransferStatus>): Promise<TransferStatus> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const status = await control.status();
      if (Object.entries(wanted).every(([key, value]) => status[key as keyof TransferStatus] === value)) return status;
      await sleep(25);
    }
    throw new Error(`not ${JSON.stringify(wanted)} yet: ${JSON.stringify(await control.status())}`);
  }

  const owner = 'migration/i-1';

  async function replicating(source: Side, shadow: Side): Promise<void> {
    const { fingerprint } = await source.control.status();
    const { fingerprint: peerFingerprint } = await shadow.control.standBy({ owner, peerFingerprint: fingerprint });
    await source.control.replicate({ owner, host: '127.0.0.1', port: shadow.port, peerFingerprint, everyMs: 100, maxPauseMs: 5_000 });
  }

  /** Both sides, with a first line carried over, as far as they are when a hand-over may be asked for. */
  async function readyToHandOver({ source: ofSource = [], shadow: ofShadow = [] }: { readonly source?: readonly string[]; readonly shadow?: readonly string[] } = {}): Promise<{ readonly source: Side; readonly shadow: Side }> {
    const [source, shadow] = [await side('source', ...ofSource), await side('shadow', ...ofShadow)];
    writeFileSync(join(source.root, 'log'), 'first\n');
    await replicating(source, shadow);
    await reached(source, { phase: 'ready' });
    return { source, shadow };
  }

  const calls = (): string[] => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : []);

  it('is to believe the peer whose fingerprint it was told, and nobody else', async () => {
    const [source, shadow, stranger] = [await side('source'), await side('shadow'), await side('stranger')];
    writeFileSync(join(source.root, 'log'), 'first\n');
    writeFileSync(join(stranger.root, 'log'), 'wrong\n');
    await replicating(source, shadow);
    await reached(source, { phase: 'ready' });
    expect(calls()).toEqual(['shadow quiesce']);
    const { fingerprint: peerFingerprint } = await shadow.control.status();
    await stranger.control.replicate({ owner, host: '127.0.0.1', port: shadow.port, peerFingerprint });
    await sleep(500);
    expect(readFileSync(join(shadow.root, 'log'), 'utf8')).toBe('first\n');
    expect(await stranger.control.status()).toMatchObject({ phase: 'copying', rounds: 0 });
    await expect(shadow.control.standBy({ owner, peerFingerprint: 'AB:CD' })).rejects.toThrow('expected a SHA-256 fingerprint');
  });

  it('may be asked for twice, is refused to another move, and is never the one that is written to where it is live', async () => {
    const [source, shadow] = [await side('source'), await side('shadow')];
    await replicating(source, shadow);
    await replicating(source, shadow);
    const { fingerprint: peerFingerprint } = await shadow.control.status();
    await expect(source.control.replicate({ owner: 'another', host: '127.0.0.1', port: shadow.port, peerFingerprint })).rejects.toThrow('it replicates already');
    await expect(source.control.standBy({ owner, peerFingerprint })).rejects.toThrow('live already');
    await expect(source.control.leave(owner)).rejects.toThrow('live already');
  });

  it('ends for good where it leaves: the source never hands over to it and goes on serving', async () => {
    const [source, shadow] = [await side('source'), await side('shadow')];
    await replicating(source, shadow);
    await reached(source, { phase: 'ready' });
    await shadow.control.leave(owner);
    await source.control.cutOver();
    expect((await reached(source, { phase: 'failed' })).role).toBe('live');
    const times = (call: string): number => calls().filter((one) => one === call).length;
    expect(times('source resume')).toBe(times('source quiesce'));
    await expect(replicating(source, shadow)).rejects.toThrow('left the move');
  });

  it('is nothing that an image of it remembers: another machine has keys, a role and a manifest of its own', async () => {
    const source = await side('source');
    const before = await side('shadow');
    await replicating(source, before);
    await reached(source, { phase: 'ready' });
    const { fingerprint } = await source.control.status();
    cpSync(join(folder, 'source-state'), join(folder, 'copy-state'), { recursive: true });
    const copy = await side('copy');
    expect(await copy.control.status()).toMatchObject({ role: 'undecided', owner: null, phase: 'idle', root: null });
    expect((await copy.control.status()).fingerprint).not.toBe(fingerprint);
  });

  it('takes no command that is meant for another machine: what tells where an agent listens may have come with an image', async () => {
    const source = await side('source');
    const folderOf = join(folder, 'source-state');
    const meantFor = (instanceId: string) => createTransferAgent({ url: `http://${readFileSync(join(folderOf, 'control-address'), 'utf8')}`, token: readFileSync(join(folderOf, 'control-token'), 'utf8'), instanceId });
    const { fingerprint: peerFingerprint } = await meantFor('source').status();
    await expect(meantFor('copy').standBy({ owner, peerFingerprint })).rejects.toMatchObject({ type: 'NotReadyYet', message: 'the agent of source answers here, and not that of copy' });
    expect(await source.control.status()).toMatchObject({ role: 'undecided' });
    expect(calls()).toEqual([]);
  });

  it('keeps its token and its key where its process is killed before it takes any part: who was told of them still reaches it', async () => {
    const source = await side('source');
    const token = readFileSync(join(folder, 'source-state', 'control-token'), 'utf8');
    const { fingerprint } = await source.control.status();
    await killed(source);
    await side('source');
    const told = createTransferAgent({ url: `http://${readFileSync(join(folder, 'source-state', 'control-address'), 'utf8')}`, token });
    expect((await told.status()).fingerprint).toBe(fingerprint);
    cpSync(join(folder, 'source-state'), join(folder, 'copy-state'), { recursive: true });
    await side('copy');
    expect(readFileSync(join(folder, 'copy-state', 'control-token'), 'utf8')).not.toBe(token);
  });

  it('goes on after its process was killed while it copied', async () => {
    const { source, shadow } = await readyToHandOver();
    await killed(source);
    appendFileSync(join(source.root, 'log'), 'second\n');
    const again = await side('source');
    await reached(again, { phase: 'ready' });
    await again.control.cutOver();
    await reached(again, { phase: 'released', role: 'standby' });
    expect(picture(shadow.root)).toEqual(picture(source.root));
  });

  it('is seen to its end after its process was killed while the peer took over: the service is not resumed, for there would be two of it', async () => {
    const { source, shadow } = await readyToHandOver({ shadow: ['--take-over', `echo shadow take-over >> ${folder}/calls; sleep 1`] });
    await source.control.cutOver();
    await reached(shadow, { role: 'live' });
    await killed(source);
    const again = await side('source');
    expect(await reached(again, { role: 'standby' })).toMatchObject({ phase: 'released' });
    expect(calls()).toEqual(['shadow quiesce', 'source quiesce', 'shadow take-over', 'source quiesce']);
  });

  it('ends the pause after its process was killed in it: nothing was handed over yet', async () => {
    const { source, shadow } = await readyToHandOver({ source: ['--quiesce', `echo source quiesce >> ${folder}/calls; sleep 1`] });
    await source.control.cutOver();
    await reached(source, { phase: 'quiesced' });
    await killed(source);
    const again = await side('source');
    await reached(again, { phase: 'ready', role: 'live' });
    expect(calls()).toEqual(['shadow quiesce', 'source quiesce', 'source resume']);
    expect((await shadow.control.status()).role).toBe('standby');
  });

  it('is taken up again by a peer that was killed while it started the service', async () => {
    const { source, shadow } = await readyToHandOver({ shadow: ['--take-over', `echo shadow take-over >> ${folder}/calls; sleep 1`] });
    await source.control.cutOver();
    await reached(shadow, { role: 'live' });
    await killed(shadow);
    const again = await side('shadow', '--listen', `127.0.0.1:${shadow.port}`);
    expect((await again.control.status()).role).toBe('live');
    await reached(source, { role: 'standby' });
    expect(calls()).toEqual(['shadow quiesce', 'source quiesce', 'shadow take-over', 'shadow take-over']);
  });
});
