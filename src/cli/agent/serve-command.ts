import { join } from 'node:path';
import { Command } from 'commander';
import { DEFAULT_RULES, type SelectionRule } from '../../domain/transfer/selection';
import { Agent } from '../../transfer/agent/agent';
import { hookOf } from '../../transfer/agent/hook';
import type { DoorPlace } from '../../transfer/front-door/open-door';
import { type AuthorityIdentity, readIdentity } from '../../transfer/session/tls-identity';
import { WrongUsage } from '../report-failure';
import { address } from './address';
import { DEFAULT_STATE } from './commanding';
import { ownInstanceId } from './own-instance-id';

interface ServeOptions {
  readonly root: string;
  readonly state: string;
  readonly listen: string;
  readonly control: string;
  readonly instanceId?: string;
  readonly certs?: string;
  readonly name?: string;
  readonly peerName?: string;
  readonly exclude?: string[];
  readonly include?: string[];
  readonly quiesce?: string;
  readonly resume?: string;
  readonly warm?: string;
  readonly takeOver?: string;
  readonly door?: string;
  readonly doorSocket?: string;
  readonly service?: string;
}

/** `foreshift agent serve` */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Serves the peer and the commands below until Ctrl-C')
    .requiredOption('--root <folder>', 'what is replicated')
    .option('--state <folder>', 'what the agent remembers; on the same machine, not below the root', DEFAULT_STATE)
    .option('--instance-id <id>', "what tells this machine from one made from an image of it; default: EC2's, cloud-init's or the system's id")
    .option('--certs <folder>', 'with ca.pem, <name>.pem and <name>.key; without it, keys of its own: the peer is believed by its fingerprint')
    .option('--name <name>', "this side's certificate in --certs")
    .option('--peer-name <name>', "the name that the peer's certificate must carry")
    .option('--listen <host:port>', 'for the peer', '0.0.0.0:8712')
    .option('--control <host:port>', 'for commands; loopback only', '127.0.0.1:8713')
    .option('--include <glob...>', 'transferred whatever the other rules say')
    .option('--exclude <glob...>', 'not transferred')
    .option('--quiesce <hook>', 'stops the service for the last round: an address to post to, or a command')
    .option('--resume <hook>', 'lets it go on where the pause was given up')
    .option('--warm <hook>', 'lets the service, which stands by, read what each round brought, so that its take-over is short')
    .option('--take-over <hook>', 'starts the service on the state that was handed over')
    .option('--door <host:port>', 'takes HTTP requests for the service and keeps them waiting during the pause; with --service')
    .option('--door-socket <file>', 'commands a door that is a process of its own ("foreshift agent door") in place of --door; with --service')
    .option('--service <host:port>', 'where the service answers behind the door')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const control = address(options.control);
  if (!/^(127\.|localhost$|\[?::1)/.test(control.host)) throw new WrongUsage(`--control ${options.control}: a loopback address is needed`);
  const rulesOf = (act: SelectionRule['act'], patterns: readonly string[] = []): SelectionRule[] => patterns.map((pattern) => ({ act, pattern, reason: 'asked for' }));
  const agent = new Agent({
    root: options.root,
    stateFolder: options.state,
    instanceId: options.instanceId ?? ownInstanceId(),
    identity: identityOf(options),
    listen: address(options.listen),
    control,
    rules: [...rulesOf('include', options.include), ...rulesOf('exclude', options.exclude), ...DEFAULT_RULES],
    quiesce: options.quiesce === undefined ? null : hookOf(options.quiesce),
    resume: options.resume === undefined ? null : hookOf(options.resume),
    warm: options.warm === undefined ? null : hookOf(options.warm),
    takeOver: options.takeOver === undefined ? null : hookOf(options.takeOver),
    door: doorOf(options),
    log: (text) => console.log(text),
  });
  const { port, controlPort } = await agent.start();
  console.log(JSON.stringify({ ready: true, port, controlPort }));
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  agent.stop();
}

function identityOf({ certs, name, peerName }: ServeOptions): AuthorityIdentity | null {
  if (certs === undefined && name === undefined && peerName === undefined) return null;
  if (certs === undefined || name === undefined || peerName === undefined) throw new WrongUsage("--certs, --name and --peer-name belong together: the folder, this side's name and the peer's");
  return readIdentity({ ca: join(certs, 'ca.pem'), cert: join(certs, `${name}.pem`), key: join(certs, `${name}.key`) }, peerName);
}

function doorOf({ door, doorSocket, service }: ServeOptions): DoorPlace | null {
  if (door === undefined && doorSocket === undefined && service === undefined) return null;
  if ((door === undefined) === (doorSocket === undefined) || service === undefined) throw new WrongUsage('--service belongs to either --door or --door-socket: where requests come in, and where the service answers behind it');
  return doorSocket === undefined ? { listen: address(door as string), service: address(service) } : { socket: doorSocket, service: address(service) };
}
