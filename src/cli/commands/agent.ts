import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { createTransferAgent } from '../../adapters/agent/transfer-agent';
import { DEFAULT_RULES, type SelectionRule } from '../../domain/transfer/selection';
import { environment } from '../../contracts/config';
import { Agent } from '../../transfer/agent/agent';
import { hookOf } from '../../transfer/agent/hook';
import type { TransferStatus } from '../../transfer/agent/transfer-status';
import type { DoorPlace } from '../../transfer/front-door/open-door';
import { issueAuthority, issueCertificate } from '../../transfer/session/issue-certificate';
import { type AuthorityIdentity, readIdentity } from '../../transfer/session/tls-identity';
import { address } from '../agent/address';
import { describeTransfer } from '../agent/describe-transfer';
import { doorCommand } from '../agent/door-command';
import { ownInstanceId } from '../agent/own-instance-id';
import { WrongUsage } from '../report-failure';

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
  readonly takeOver?: string;
  readonly door?: string;
  readonly doorSocket?: string;
  readonly service?: string;
}

interface CommandOptions {
  readonly state: string;
  readonly control?: string;
  readonly instanceId?: string;
  readonly json?: boolean;
  readonly brief?: boolean;
}

interface StandByOptions extends CommandOptions {
  readonly owner: string;
  readonly peerFingerprint: string;
  readonly service?: string;
}

interface SendOptions extends CommandOptions {
  readonly to: string;
  readonly owner?: string;
  readonly peerFingerprint?: string;
  readonly detach?: boolean;
  readonly maxPause: string;
  readonly handover?: string;
  readonly rate?: string;
  readonly service?: string;
  readonly auto?: boolean;
}

interface CertsOptions {
  readonly out: string;
  readonly name: string[];
  readonly days: string;
}

const DEFAULT_CONTROL = '127.0.0.1:8713';

const DEFAULT_STATE = environment()['FORESHIFT_AGENT_STATE'] ?? '/var/lib/foreshift';

/** `foreshift agent serve|door|send|status|cutover|stop|stand-by|leave|certs` */
export function agentCommand(): Command {
  return new Command('agent')
    .description('Carries the state of a service from its source to its shadow while it runs')
    .addHelpText('after', '\nExamples:\n  foreshift agent certs --out certs --name source shadow\n  foreshift agent serve --root /var/lib/shop --state /var/lib/foreshift --certs certs --name shadow --peer-name source\n  foreshift agent send --state /var/lib/foreshift --to 10.0.0.7:8712 --max-pause 300')
    .addCommand(
      new Command('serve')
        .description('Serves the peer and the commands below until Ctrl-C')
        .requiredOption('--root <folder>', 'what is replicated')
        .option('--state <folder>', 'what the agent remembers; on the same machine, not below the root', DEFAULT_STATE)
        .option('--instance-id <id>', "what tells this machine from one made from an image of it; default: EC2's, cloud-init's or the system's id")
        .option('--certs <folder>', 'with ca.pem, <name>.pem and <name>.key; without it, keys of its own: the peer is believed by its fingerprint')
        .option('--name <name>', "this side's certificate in --certs")
        .option('--peer-name <name>', "the name that the peer's certificate must carry")
        .option('--listen <host:port>', 'for the peer', '0.0.0.0:8712')
        .option('--control <host:port>', 'for commands; loopback only', DEFAULT_CONTROL)
        .option('--include <glob...>', 'transferred whatever the other rules say')
        .option('--exclude <glob...>', 'not transferred')
        .option('--quiesce <hook>', 'stops the service for the last round: an address to post to, or a command')
        .option('--resume <hook>', 'lets it go on where the pause was given up')
        .option('--take-over <hook>', 'starts the service on the state that was handed over')
        .option('--door <host:port>', 'takes HTTP requests for the service and keeps them waiting during the pause; with --service')
        .option('--door-socket <file>', 'commands a door that is a process of its own ("foreshift agent door") in place of --door; with --service')
        .option('--service <host:port>', 'where the service answers behind the door')
        .action(serve),
    )
    .addCommand(doorCommand())
    .addCommand(
      commanding('send', 'Replicates to a peer and shows how far it is')
        .requiredOption('--to <host:port>', "the peer's agent")
        .option('--max-pause <ms>', 'how long the service may stand still', '1000')
        .option('--handover <ms>', 'what stopping the service and starting it there take besides; default: as measured without doing it')
        .option('--service <host:port>', "where the peer's service or its door answers: what waits at this side's door goes there")
        .option('--rate <bytes>', 'bytes a second at most')
        .option('--owner <id>', 'the migration that asks; its request may be repeated')
        .option('--peer-fingerprint <sha256>', "of the peer's certificate, as its status tells it; needed without --certs")
        .option('--detach', 'begins and returns')
        .option('--auto', 'cuts over as soon as the pause is short enough; without it, "foreshift agent cutover" does')
        .action(send),
    )
    .addCommand(commanding('status', 'How far it is').action(command('status')))
    .addCommand(commanding('cutover', 'Stops the service, copies the rest and hands over').action(command('cutOver')))
    .addCommand(commanding('stop', 'Ends the replication').action(command('stop')))
    .addCommand(
      commanding('stand-by', 'Stops the service here and lets the peer write its state')
        .requiredOption('--owner <id>', 'the migration that asks')
        .requiredOption('--peer-fingerprint <sha256>', "of the peer's certificate, as its status tells it")
        .option('--service <host:port>', 'where the service answers meanwhile: what comes to the door here goes there')
        .action(standBy),
    )
    .addCommand(commanding('leave', 'Makes sure that this side never takes the state over').requiredOption('--owner <id>', 'the migration that asks').action(leave))
    .addCommand(
      new Command('certs')
        .description('Makes an authority and a certificate for each side')
        .requiredOption('--out <folder>', 'where they are put')
        .requiredOption('--name <name...>', 'one for each side')
        .option('--days <days>', 'how long they are good', '30')
        .action(makeCertificates),
    );
}

function commanding(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--state <folder>', "the agent's state folder, with its token", DEFAULT_STATE)
    .option('--control <host:port>', 'where it listens for commands; default: as its state folder tells')
    .option('--instance-id <id>', 'refuses where the agent of another machine answers')
    .option('--json', 'as JSON')
    .option('--brief', 'as JSON, without the list of what is skipped');
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

async function send(options: SendOptions): Promise<void> {
  const { to, maxPause, auto, handover, rate, service, owner, peerFingerprint, detach } = options;
  const agent = agentAt(options);
  const begun = await agent.replicate({
    ...address(to),
    maxPauseMs: Number(maxPause),
    ...(auto === true ? { auto } : {}),
    ...(handover === undefined ? {} : { handoverMs: Number(handover) }),
    ...(rate === undefined ? {} : { bytesPerSecond: Number(rate) }),
    ...(service === undefined ? {} : { service: address(service) }),
    ...(owner === undefined ? {} : { owner }),
    ...(peerFingerprint === undefined ? {} : { peerFingerprint }),
  });
  if (detach === true) return print(begun, options);
  for (let status = begun; ; status = await agent.status()) {
    print(status, options);
    if (['released', 'stopped', 'failed', 'unsure'].includes(status.phase)) {
      process.exitCode = status.phase === 'released' ? 0 : status.phase === 'stopped' ? 3 : 1;
      return;
    }
    await sleep(1_000);
  }
}

function command(what: 'status' | 'cutOver' | 'stop'): (options: CommandOptions) => Promise<void> {
  return async (options) => print(await agentAt(options)[what](), options);
}

async function standBy(options: StandByOptions): Promise<void> {
  const { owner, peerFingerprint, service } = options;
  print(await agentAt(options).standBy({ owner, peerFingerprint, ...(service === undefined ? {} : { service: address(service) }) }), options);
}

async function leave(options: CommandOptions & { readonly owner: string }): Promise<void> {
  print(await agentAt(options).leave(options.owner), options);
}

function agentAt({ state, control, instanceId }: CommandOptions): ReturnType<typeof createTransferAgent> {
  const told = (file: string): string => {
    try {
      return readFileSync(join(state, file), 'utf8');
    } catch {
      throw new WrongUsage(`--state ${state}: no agent has run with this folder, or it cannot be read by this user`);
    }
  };
  return createTransferAgent({ url: `http://${control ?? told('control-address')}`, token: told('control-token'), ...(instanceId === undefined ? {} : { instanceId }) });
}

function print({ skipped, ...status }: TransferStatus, { json, brief }: CommandOptions): void {
  if (brief === true) console.log(JSON.stringify(status));
  else console.log(json === true ? JSON.stringify({ ...status, skipped }) : describeTransfer({ ...status, skipped }));
}

function doorOf({ door, doorSocket, service }: ServeOptions): DoorPlace | null {
  if (door === undefined && doorSocket === undefined && service === undefined) return null;
  if ((door === undefined) === (doorSocket === undefined) || service === undefined) throw new WrongUsage('--service belongs to either --door or --door-socket: where requests come in, and where the service answers behind it');
  return doorSocket === undefined ? { listen: address(door as string), service: address(service) } : { socket: doorSocket, service: address(service) };
}

function makeCertificates({ out, name, days }: CertsOptions): void {
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const authority = issueAuthority('foreshift transfer', Date.now(), Number(days));
  const put = (file: string, text: string): void => writeFileSync(join(out, file), text, { mode: 0o600 });
  put('ca.pem', authority.cert);
  for (const one of name) {
    const { cert, key } = issueCertificate(one, { name: 'foreshift transfer', key: authority.key }, Date.now(), Number(days));
    put(`${one}.pem`, cert);
    put(`${one}.key`, key);
  }
  // The authority's key is kept nowhere: nobody can add a third side later.
  console.log(`${out}: ca.pem and ${name.map((one) => `${one}.pem, ${one}.key`).join(', ')}; the authority's own key was not kept`);
}
