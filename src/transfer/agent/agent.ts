import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:tls';
import { DEFAULT_RULES, type SelectionRule } from '../../domain/transfer/selection';
import type { Door } from '../front-door/door';
import { openDoor, type DoorPlace } from '../front-door/open-door';
import { StateFolder } from '../manifest/state-folder';
import type { Address } from '../session/connect';
import { listen } from '../session/listen';
import type { TlsIdentity } from '../session/tls-identity';
import { serveControl } from './control-server';
import type { Hook } from './hook';
import { fingerprintOf, ownKeys } from './own-keys';
import { ReceivingSide } from './receiving-side';
import { SendingSide } from './sending-side';
import { ServiceCalls } from './service-calls';
import { StandingFile } from './standing-file';
import type { TransferStatus } from './transfer-status';

export interface AgentOptions {
  readonly root: string;
  readonly stateFolder: string;
  /** Tells this machine from one that was made from an image of it. */
  readonly instanceId: string;
  /** Null: keys of its own, and the peer is believed by the fingerprint that a request names. */
  readonly identity: TlsIdentity | null;
  readonly listen: Address;
  /** On a loopback address. */
  readonly control: Address;
  readonly rules?: readonly SelectionRule[];
  readonly quiesce?: Hook | null;
  readonly resume?: Hook | null;
  /** Called after each round that comes while this side stands by: the service reads what is new, and its take-over is short. */
  readonly warm?: Hook | null;
  /** Called when the peer has handed its state over: starts the service. */
  readonly takeOver?: Hook | null;
  /** Keeps HTTP requests waiting during the pause. */
  readonly door?: DoorPlace | null;
  readonly log?: (text: string) => void;
}

interface Running {
  readonly sending: SendingSide;
  readonly receiving: ReceivingSide;
  readonly door: Door | null;
  readonly peers: TlsServer;
  readonly port: number;
  readonly control: Server;
}

const IDLE = { phase: 'idle', why: 'nothing is replicated', rounds: 0, entries: 0, readBytes: 0, wireBytes: 0, lagBytes: null, dirtyBytesPerSecond: null, throughputBytesPerSecond: null, predictedRounds: null, predictedPauseMs: null, pauseMs: null, pausePredictedMs: null, root: null } as const;

/** Runs beside a service, on its source and on its shadow: serves the peer, and sends to it when it is told to. */
export class Agent {
  private readonly standing: StandingFile;
  private readonly state: StateFolder;
  private readonly identity: TlsIdentity;
  private readonly fingerprint: string;
  private running: Running | null = null;

  constructor(private readonly options: AgentOptions) {
    const { stateFolder, instanceId } = options;
    this.standing = new StandingFile(stateFolder, instanceId);
    this.state = new StateFolder(stateFolder);
    this.identity = options.identity ?? { ...ownKeys(stateFolder, instanceId, Date.now()), peerFingerprint: () => this.standing.get().peerFingerprint };
    this.fingerprint = fingerprintOf(this.identity.cert);
  }

  /** Begins to listen and goes on with what a restart broke off. Returns the ports and the token that the control endpoint asks for. */
  async start(): Promise<{ readonly port: number; readonly controlPort: number; readonly token: string }> {
    const { quiesce = null, resume = null, warm = null, takeOver = null, door: doorway = null, root } = this.options;
    const door = doorway === null ? null : await openDoor(doorway);
    const { elsewhere } = this.standing.get();
    if (elsewhere !== null) await door?.passTo(elsewhere);
    const { state, standing, identity } = this;
    const service = new ServiceCalls({ quiesce, resume, warm, takeOver }, door === null || doorway === null ? null : { door, service: doorway.service });
    const common = { root, state, standing, service, log: (text: string) => this.options.log?.(text) };
    const sending = new SendingSide({ ...common, identity, quiesceHook: quiesce, rules: this.options.rules ?? DEFAULT_RULES });
    const receiving = new ReceivingSide(common);
    const peers = await listen(this.options.listen, identity, (socket) => void receiving.serve(socket));
    const control = await serveControl(this.options.control, this.options.stateFolder, this.options.instanceId, {
      status: () => this.status(),
      replicate: (request) => {
        if (door !== null && request.service === undefined) throw new Error("service is missing: the door must know where the peer's service answers");
        receiving.close();
        sending.replicate(request);
      },
      cutOver: () => sending.cutOver(),
      stop: () => sending.stop(),
      standBy: (request) => receiving.standBy(request),
      leave: (owner) => receiving.leave(owner),
    });
    this.running = { sending, receiving, door, peers: peers.server, port: peers.port, control: control.server };
    await receiving.recover();
    await sending.recover();
    return { port: peers.port, controlPort: control.port, token: control.token };
  }

  /** Stops listening and sending; what was received is kept. */
  stop(): void {
    if (this.running === null) return;
    const { sending, receiving, door, peers, control } = this.running;
    sending.breakOff();
    receiving.close();
    control.closeAllConnections();
    control.close();
    peers.close();
    void door?.close();
  }

  status(): TransferStatus {
    const { role, owner, step } = this.standing.get();
    const { sending, door, port = 0 } = this.running ?? {};
    return {
      ...(sending?.status() ?? { ...IDLE, root: this.state.mark().root }),
      instanceId: this.options.instanceId,
      fingerprint: this.fingerprint,
      port,
      role,
      owner,
      isHandingOver: step === 'releasing',
      skipped: sending?.skipped.listed ?? [],
      skippedCount: sending?.skipped.count ?? 0,
      hasDoor: door !== undefined && door !== null,
      door: door?.state ?? null,
    };
  }
}
