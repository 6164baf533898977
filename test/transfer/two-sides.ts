import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SelectionRule } from '../../src/domain/transfer/selection';
import { StateFolder } from '../../src/transfer/manifest/state-folder';
import { receiveFrom } from '../../src/transfer/receive/receiver';
import { SenderSession } from '../../src/transfer/send/sender-session';
import { Channel } from '../../src/transfer/wire/channel';
import { type OnTheWay, wirePair } from './wire-pair';

/** A source and a shadow in folders of their own, and connections between them. */
export class TwoSides {
  readonly folder = mkdtempSync(join(tmpdir(), 'foreshift-transfer-'));
  readonly source = join(this.folder, 'source');
  readonly shadow = join(this.folder, 'shadow');
  readonly sourceState = join(this.folder, 'source-state');
  readonly shadowState = join(this.folder, 'shadow-state');
  released = 0;
  private sessions: SenderSession[] = [];
  private served: Promise<void>[] = [];

  constructor(private readonly rules: readonly SelectionRule[] = []) {
    mkdirSync(this.source);
    mkdirSync(this.shadow);
  }

  /** A new connection; both sides know no more than their folders tell, as after a restart. */
  async connect(toReceiver?: OnTheWay, toSender?: OnTheWay): Promise<SenderSession> {
    const { sender, receiver } = wirePair(toReceiver, toSender);
    const options = { root: this.shadow, state: new StateFolder(this.shadowState), refusal: () => null, onRehearse: async () => undefined, onRelease: async () => void (this.released += 1) };
    this.served.push(receiveFrom(new Channel(receiver), options));
    const session = await SenderSession.open(new Channel(sender), { root: this.source, state: new StateFolder(this.sourceState), rules: this.rules });
    this.sessions.push(session);
    return session;
  }

  /** One round over a connection of its own. */
  async round(paranoid = false): Promise<Awaited<ReturnType<SenderSession['round']>>> {
    const session = await this.connect();
    const result = await session.round(paranoid);
    await this.disconnect();
    return result;
  }

  /** Ends all connections and waits until both sides have noticed. */
  async disconnect(): Promise<void> {
    this.sessions.splice(0).forEach((session) => session.close());
    await Promise.all(this.served.splice(0));
  }

  async remove(): Promise<void> {
    await this.disconnect();
    rmSync(this.folder, { recursive: true });
  }
}

/** All that a tree is, path by path: content, kind, permissions, times of files, names that share a file. */
export function picture(root: string): Record<string, string> {
  const seen: Record<string, string> = {};
  const names = new Map<number, string>();
  const visit = (folder: string, prefix: string): void => {
    for (const name of readdirSync(folder, 'latin1').sort()) {
      const at = Buffer.from(`${folder}/${name}`, 'latin1');
      const path = `${prefix}${name}`;
      const stats = lstatSync(at);
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isDirectory()) {
        seen[path] = `folder ${mode}`;
        visit(`${folder}/${name}`, `${path}/`);
      } else if (stats.isSymbolicLink()) seen[path] = `symlink ${readlinkSync(at, 'latin1')}`;
      else {
        seen[path] = names.get(stats.ino) ?? `file ${mode} ${Math.floor(stats.mtimeMs)} ${readFileSync(at).toString('base64')}`;
        if (stats.nlink > 1 && !names.has(stats.ino)) names.set(stats.ino, `same file as ${path}`);
      }
    }
  };
  visit(root, '');
  return seen;
}
