import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { createTransferAgent } from '../../adapters/agent/transfer-agent';
import { DEFAULT_RULES, type SelectionRule } from '../../domain/transfer/selection';
import { Agent, type AgentOptions } from '../../transfer/agent/agent';
import { hookOf } from '../../transfer/agent/hook';
import type { TransferStatus } from '../../transfer/agent/transfer-status';
import type { Address } from '../../transfer/session/connect';
import { issueAuthority, issueCertificate } from '../../transfer/session/issue-certificate';
import { readIdentity } from '../../transfer/session/tls-identity';
import { describeTransfer } from '../agent/describe-transfer';
import { WrongUsage } from '../report-failure';

interface ServeOptions {
  readonly root: string;
  readonly state: string;
  readonly listen: string;
  readonly control: string;
  readonly certs: string;
  readonly name: string;
  readonly peerName: string;
  readonly exclude?: string[];
  readonly include?: string[];
  readonly quiesce?: string;
  readonly resume?: string;
  readonly takeOver?: string;
  readonly door?: string;
  readonly service?: string;
}

interface SendOptions {
  readonly state: string;
  readonly control: string;
  readonly to: string;
  readonly maxPause: string;
  readonly handover?: string;
  readonly rate?: string;
  readonly service?: string;
  readonly auto?: boolean;
  readonly json?: boolean;
}

interface CertsOptions {
  readonly out: string;
  readonly name: string[];
  readonly days: string;
}

const DEFAULT_CONTROL = '127.0.0.1:8713';

/** `foreshift agent serve|send|status|cutover|stop|certs` */
export function agentCommand(): Command {
  return new Command('agent')
    .description('Carries the state of a service from its source to its shadow while it runs')
    .addHelpText('after', '\nExamples:\n  foreshift agent certs --out certs --name source shadow\n  foreshift agent serve --root /var/lib/shop --state /var/lib/foreshift --certs certs --name shadow --peer-name source\n  foreshift agent send --state /var/lib/foreshift --to 10.0.0.7:8712 --max-pause 300')
    .addCommand(
      new Command('serve')
        .description('Serves the peer and the commands below until Ctrl-C')
        .requiredOption('--root <folder>', 'what is replicated')
        .requiredOption('--state <folder>', 'what the agent remembers; on the same machine, not below the root')
        .requiredOption('--certs <folder>', 'with ca.pem, <name>.pem and <name>.key')
        .requiredOption('--name <name>', "this side's certificate")
        .requiredOption('--peer-name <name>', "the name that the peer's certificate must carry")
        .option('--listen <host:port>', 'for the peer', '0.0.0.0:8712')
        .option('--control <host:port>', 'for commands; loopback only', DEFAULT_CONTROL)
        .option('--include <glob...>', 'transferred whatever the other rules say')
        .option('--exclude <glob...>', 'not transferred')
        .option('--quiesce <hook>', 'stops the service for the last round: an address to post to, or a command')
        .option('--resume <hook>', 'lets it go on where the pause was given up')
        .option('--take-over <hook>', 'starts the service on the state that was handed over')
        .option('--door <host:port>', 'takes HTTP requests for the service and keeps them waiting during the pause; with --service')
        .option('--service <host:port>', 'where the service answers behind the door')
        .action(serve),
    )
    .addCommand(
      commanding('send', 'Replicates to a peer and shows how far it is')
        .requiredOption('--to <host:port>', "the peer's agent")
        .option('--max-pause <ms>', 'how long the service may stand still', '1000')
        .option('--handover <ms>', 'what stopping the service and starting it there take besides; default: as measured without doing it')
        .option('--service <host:port>', "where the peer's service or its door answers: what waits at this side's door goes there")
        .option('--rate <bytes>', 'bytes a second at most')
        .option('--auto', 'cuts over as soon as the pause is short enough; without it, "foreshift agent cutover" does')
        .action(send),
    )
    .addCommand(commanding('status', 'How far it is').action(command('status')))
    .addCommand(commanding('cutover', 'Stops the service, copies the rest and hands over').action(command('cutOver')))
    .addCommand(commanding('stop', 'Ends the replication').action(command('stop')))
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
  return new Command(name).description(description).requiredOption('--state <folder>', "the agent's state folder, with its token").option('--control <host:port>', 'where it listens for commands', DEFAULT_CONTROL).option('--json', 'as JSON');
}

async function serve(options: ServeOptions): Promise<void> {
  const control = address(options.control);
  if (!/^(127\.|localhost$|\[?::1)/.test(control.host)) throw new WrongUsage(`--control ${options.control}: a loopback address is needed`);
  const files = { ca: join(options.certs, 'ca.pem'), cert: join(options.certs, `${options.name}.pem`), key: join(options.certs, `${options.name}.key`) };
  const rulesOf = (act: SelectionRule['act'], patterns: readonly string[] = []): SelectionRule[] => patterns.map((pattern) => ({ act, pattern, reason: 'asked for' }));
  const agent = new Agent({
    root: options.root,
    stateFolder: options.state,
    identity: readIdentity(files, options.peerName),
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

async function send(options: SendOptions): Promise<void> {
  const agent = agentAt(options);
  const { host, port } = address(options.to);
  await agent.replicate({ host, port, maxPauseMs: Number(options.maxPause), ...(options.auto === true ? { auto: true } : {}), ...(options.handover === undefined ? {} : { handoverMs: Number(options.handover) }), ...(options.rate === undefined ? {} : { bytesPerSecond: Number(options.rate) }), ...(options.service === undefined ? {} : { service: address(options.service) }) });
  for (let status = await agent.status(); ; status = await agent.status()) {
    print(status, options.json === true);
    if (['released', 'stopped', 'failed', 'unsure'].includes(status.phase)) {
      process.exitCode = status.phase === 'released' ? 0 : status.phase === 'stopped' ? 3 : 1;
      return;
    }
    await sleep(1_000);
  }
}

function command(what: 'status' | 'cutOver' | 'stop'): (options: SendOptions) => Promise<void> {
  return async (options) => print(await agentAt(options)[what](), options.json === true);
}

function agentAt({ state, control }: { readonly state: string; readonly control: string }): ReturnType<typeof createTransferAgent> {
  return createTransferAgent({ url: `http://${control}`, token: readFileSync(join(state, 'control-token'), 'utf8') });
}

function print(status: TransferStatus, json: boolean): void {
  console.log(json ? JSON.stringify(status) : describeTransfer(status));
}

function doorOf({ door, service }: ServeOptions): NonNullable<AgentOptions['door']> | null {
  if (door === undefined && service === undefined) return null;
  if (door === undefined || service === undefined) throw new WrongUsage('--door and --service belong together: where requests come in, and where the service answers behind it');
  return { listen: address(door), service: address(service) };
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

function address(text: string): Address {
  const match = /^(.+):(\d+)$/.exec(text);
  if (match === null) throw new WrongUsage(`${text}: expected host:port`);
  return { host: match[1] as string, port: Number(match[2]) };
}
