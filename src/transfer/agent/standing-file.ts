import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../manifest/write-whole';
import type { Address } from '../session/connect';
import type { ReplicationRequest, TransferStatus } from './transfer-status';

/** A side's part in a move, as it must be known after a restart as well. */
export interface Standing {
  /** The machine that it was written on; on another one, made from an image of it, it tells nothing. */
  readonly instanceId: string;
  readonly role: TransferStatus['role'];
  /** The migration that this side takes part in; null where somebody moves by hand. */
  readonly owner: string | null;
  readonly peerFingerprint: string | null;
  /** Where the service answers while this side is not live. */
  readonly elsewhere: Address | null;
  /** What is replicated to the peer; goes on after a restart. */
  readonly request: ReplicationRequest | null;
  /**
   * What was begun and not seen to its end: the service stands still for the last round (`pausing`), the peer was told to
   * take over (`releasing`), or this side's service is being started on what it was given (`takingOver`).
   */
  readonly step: 'pausing' | 'releasing' | 'takingOver' | null;
}

/** Everything in the state folder that belongs to one machine. */
const OF_ONE_MACHINE = ['standing.json', 'agent.key', 'agent.pem', 'control-token', 'control-address', 'manifest', 'manifest.next', 'manifest.folded', 'tables', 'state.json', 'in-flux'];

const NOTHING_YET = { role: 'undecided', owner: null, peerFingerprint: null, elsewhere: null, request: null, step: null } as const;

/** Keeps the standing across restarts: nothing is ever written over a live state, and nothing that was begun is forgotten. */
export class StandingFile {
  private readonly file: string;

  /** Where the folder came with an image of another machine, what it remembers is removed first: its keys, its role, its manifest. */
  constructor(folder: string, private readonly instanceId: string) {
    this.file = join(folder, 'standing.json');
    if (this.read()?.instanceId === instanceId) return;
    for (const name of OF_ONE_MACHINE) rmSync(join(folder, name), { recursive: true, force: true });
    // From now on it is this machine's: what a restart finds here it may keep.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.set({});
  }

  get(): Standing {
    return this.read() ?? { instanceId: this.instanceId, ...NOTHING_YET };
  }

  set(change: Partial<Omit<Standing, 'instanceId'>>): void {
    writeWhole(this.file, JSON.stringify({ ...this.get(), ...change }));
  }

  private read(): Standing | null {
    return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, 'utf8')) as Standing) : null;
  }
}
