import { Command } from 'commander';
import { address } from '../agent/address';
import { certsCommand } from '../agent/certs-command';
import { agentAt, commanding, printStatus, type CommandOptions } from '../agent/commanding';
import { doorCommand } from '../agent/door-command';
import { sendCommand } from '../agent/send-command';
import { serveCommand } from '../agent/serve-command';

interface StandByOptions extends CommandOptions {
  readonly owner: string;
  readonly peerFingerprint: string;
  readonly service?: string;
}

/** `foreshift agent serve|door|send|status|cutover|stop|stand-by|leave|certs` */
export function agentCommand(): Command {
  return new Command('agent')
    .description('Carries the state of a service from its source to its shadow while it runs')
    .addHelpText('after', '\nExamples:\n  foreshift agent serve --root /var/lib/shop --quiesce http://127.0.0.1:9001/quiesce\n  foreshift agent status\n  foreshift agent certs --out certs --name source shadow')
    .addCommand(serveCommand())
    .addCommand(doorCommand())
    .addCommand(sendCommand())
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
    .addCommand(certsCommand());
}

function command(what: 'status' | 'cutOver' | 'stop'): (options: CommandOptions) => Promise<void> {
  return async (options) => printStatus(await agentAt(options)[what](), options);
}

async function standBy(options: StandByOptions): Promise<void> {
  const { owner, peerFingerprint, service } = options;
  printStatus(await agentAt(options).standBy({ owner, peerFingerprint, ...(service === undefined ? {} : { service: address(service) }) }), options);
}

async function leave(options: CommandOptions & { readonly owner: string }): Promise<void> {
  printStatus(await agentAt(options).leave(options.owner), options);
}
