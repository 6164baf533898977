import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { MigrateInstanceResult, MigrationStatus } from '../../../../src/contracts/migrate-instance';
import { STATEFUL_PORTS } from '../../../local/demo/stateful/stateful-user-data';
import { isHandedOver } from '../../moves/moved-instance';
import type { MovedService, Part } from './moved-service';

/** A move that a fault happens to. */
export interface FaultyMove {
  readonly service: MovedService;
  readonly sourceId: string;
  /** Waits until the move is so far; throws where it ended before. */
  readonly until: (isSoFar: (status: MigrationStatus) => boolean) => Promise<MigrationStatus>;
  readonly isOver: () => boolean;
  /** From now on the only instance of the service is gone: no request can be answered. */
  readonly noteOutage: () => void;
}

export interface MoveFault {
  readonly title: string;
  readonly expected: MigrateInstanceResult['kind'];
  /** What requests may be answered with that are not to be counted, because the service itself was made to. */
  readonly allowed?: RegExp;
  readonly happens: (move: FaultyMove) => Promise<void>;
}

const exec = promisify(execFile);

const inSync = ({ phase }: MigrationStatus): boolean => phase === 'sync';

/** Everything that is to happen to a stateful service while it is moved. */
export const MOVE_FAULTS: readonly MoveFault[] = [
  { title: 'nothing', expected: 'Completed', happens: async () => undefined },
  { title: "the source's agent is killed while it copies", expected: 'Completed', happens: (move) => killIn(move, 'source', 'agent serve', inSync) },
  { title: "the shadow's agent is killed while it is written to", expected: 'Completed', happens: (move) => killIn(move, 'shadow', 'agent serve', inSync) },
  { title: "the source's agent is killed around the pause", expected: 'Completed', happens: (move) => killInPause(move, 'source') },
  { title: "the shadow's agent is killed around the pause", expected: 'Completed', happens: (move) => killInPause(move, 'shadow') },
  { title: 'the link is cut again and again', expected: 'Completed', happens: cutLink },
  {
    title: 'the source is stopped before the hand-over',
    expected: 'RolledBack',
    happens: async ({ service, sourceId, until, noteOutage }) => {
      await until(inSync);
      noteOutage();
      await service.moved.stop(sourceId);
    },
  },
  {
    title: 'the source is stopped in the bake',
    expected: 'Completed',
    happens: async ({ service, sourceId, until }) => {
      await until(({ phase }) => phase === 'bake');
      await sleep(2_000);
      await service.moved.stop(sourceId);
    },
  },
  { title: 'the shadow turns bad late in the bake', expected: 'RolledBack', allowed: /^500 broken/, happens: turnsBad },
  { title: 'both agents are killed after the hand-over', expected: 'Completed', happens: killBoth },
];

async function killIn({ service, sourceId, until }: FaultyMove, side: 'source' | 'shadow', part: Part, when: (status: MigrationStatus) => boolean): Promise<void> {
  const { shadowId } = await until(when);
  process.kill(await service.processOf(side === 'source' ? sourceId : (shadowId ?? ''), part), 'SIGKILL');
}

/** While the source's door keeps requests waiting: how far into the pause is chance. The instance itself watches: from here it would be over. */
async function killInPause({ service, sourceId, until }: FaultyMove, side: 'source' | 'shadow'): Promise<void> {
  const { shadowId } = await until(({ phase }) => phase === 'ramp');
  const pid = await service.processOf(side === 'source' ? sourceId : (shadowId ?? ''), 'agent serve');
  const afterSeconds = (Math.random() * 0.05).toFixed(3);
  await service.moved.run(sourceId, `until grep -q '"isHolding":true' run/door.sock.json; do sleep 0.005; done; sleep ${afterSeconds}; kill -9 ${pid}`);
}

async function cutLink({ service, until, isOver }: FaultyMove): Promise<void> {
  const { shadowId } = await until(({ shadowId: id, phase }) => id !== null && phase === 'sync');
  const address = await service.addressOf(shadowId ?? '');
  for (let cuts = 0; cuts < 40 && !isOver(); cuts += 1) {
    await exec('ss', ['-K', 'dst', address, 'dport', '=', String(STATEFUL_PORTS.peers)]);
    await sleep(50 + Math.random() * 500);
  }
}

async function turnsBad({ service, until }: FaultyMove): Promise<void> {
  const { shadowId } = await until(({ phase }) => phase === 'bake');
  await sleep(4_000);
  await service.breakService(shadowId ?? '', 40);
}

async function killBoth(move: FaultyMove): Promise<void> {
  await killIn(move, 'source', 'agent serve', isHandedOver);
  await killIn(move, 'shadow', 'agent serve', isHandedOver);
}
