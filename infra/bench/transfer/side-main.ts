import { StateFolder } from '../../../src/transfer/manifest/state-folder';
import { receiveFrom } from '../../../src/transfer/receive/receiver';
import { SenderSession } from '../../../src/transfer/send/sender-session';
import { connect } from '../../../src/transfer/session/connect';
import { listen } from '../../../src/transfer/session/listen';
import type { TlsIdentity } from '../../../src/transfer/session/tls-identity';
import { Channel } from '../../../src/transfer/wire/channel';

interface Common {
  readonly root: string;
  readonly stateFolder: string;
  readonly identity: TlsIdentity;
}

/** What a side is told first. */
export type SideSetup = (Common & { readonly kind: 'receive' }) | (Common & { readonly kind: 'send'; readonly port: number; readonly paranoid: boolean });

/** What a side has used so far; bytes on the wire in both directions, TLS among them. */
export interface SideUsage {
  readonly cpuMs: number;
  readonly maxRssMib: number;
  readonly wireBytes: number;
}

const HOST = '127.0.0.1';
let wireBytes = (): number => 0;

function usage(): SideUsage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, maxRssMib: maxRSS / 1024, wireBytes: wireBytes() };
}

async function receive({ root, stateFolder, identity }: Common): Promise<void> {
  const state = new StateFolder(stateFolder);
  const { port } = await listen({ host: HOST, port: 0 }, identity, (socket) => void receiveFrom(new Channel(socket), { root, state, refusal: () => null, onRehearse: async () => undefined, onRelease: async () => undefined }));
  process.on('message', () => process.send?.(usage()));
  process.send?.({ port });
}

async function send({ root, stateFolder, identity, port, paranoid }: Extract<SideSetup, { kind: 'send' }>): Promise<void> {
  const connection = await connect({ host: HOST, port }, identity);
  wireBytes = connection.wireBytes;
  const session = await SenderSession.open(new Channel(connection.socket), { root, state: new StateFolder(stateFolder), rules: [] });
  process.on('message', (what) => {
    if (what === 'usage') process.send?.(usage());
    else session.round(paranoid).then((round) => process.send?.(round.root === null ? { error: 'the digests differ' } : {}), (error: Error) => process.send?.({ error: error.message }));
  });
  process.send?.({});
}

process.once('message', (setup: SideSetup) => void (setup.kind === 'receive' ? receive(setup) : send(setup)));
