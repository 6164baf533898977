import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { createTransferAgent, type TransferAgent } from '../../adapters/agent/transfer-agent';
import { environment } from '../../contracts/config';
import type { TransferStatus } from '../../transfer/agent/transfer-status';
import { WrongUsage } from '../report-failure';
import { describeTransfer } from './describe-transfer';

export interface CommandOptions {
  readonly state: string;
  readonly control?: string;
  readonly instanceId?: string;
  readonly json?: boolean;
  readonly brief?: boolean;
}

export const DEFAULT_STATE = environment()['FORESHIFT_AGENT_STATE'] ?? '/var/lib/foreshift';

/** A command to the agent on this machine. */
export function commanding(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--state <folder>', "the agent's state folder, with its token", DEFAULT_STATE)
    .option('--control <host:port>', 'where it listens for commands; default: as its state folder tells')
    .option('--instance-id <id>', 'refuses where the agent of another machine answers')
    .option('--json', 'as JSON')
    .option('--brief', 'as JSON, without the list of what is skipped');
}

/** The agent on this machine, as its state folder tells where it listens. */
export function agentAt({ state, control, instanceId }: CommandOptions): TransferAgent {
  const told = (file: string): string => {
    try {
      return readFileSync(join(state, file), 'utf8');
    } catch {
      throw new WrongUsage(`--state ${state}: no agent has run with this folder, or it cannot be read by this user`);
    }
  };
  return createTransferAgent({ url: `http://${control ?? told('control-address')}`, token: told('control-token'), ...(instanceId === undefined ? {} : { instanceId }) });
}

/** Prints what the agent answered. */
export function printStatus({ skipped, ...status }: TransferStatus, { json, brief }: CommandOptions): void {
  if (brief === true) console.log(JSON.stringify(status));
  else console.log(json === true ? JSON.stringify({ ...status, skipped }) : describeTransfer({ ...status, skipped }));
}
