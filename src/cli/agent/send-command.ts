import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { milliseconds, wholeNumber } from '../parse-options';
import { address } from './address';
import { agentAt, commanding, printStatus, type CommandOptions } from './commanding';

interface SendOptions extends CommandOptions {
  readonly to: string;
  readonly owner?: string;
  readonly peerFingerprint?: string;
  readonly detach?: boolean;
  readonly maxPause: number;
  readonly handover?: number;
  readonly rate?: number;
  readonly service?: string;
  readonly auto?: boolean;
}

/** Slower than this is not worth beginning. */
const LEAST_BYTES_PER_SECOND = 1_000;

/** `foreshift agent send` */
export function sendCommand(): Command {
  return commanding('send', 'Replicates to a peer and shows how far it is')
    .requiredOption('--to <host:port>', "the peer's agent")
    .option('--max-pause <ms>', 'how long the service may stand still', milliseconds, 1_000)
    .option('--handover <ms>', 'what stopping the service and starting it there take besides; default: as measured without doing it', milliseconds)
    .option('--service <host:port>', "where the peer's service or its door answers: what waits at this side's door goes there")
    .option('--rate <bytes>', 'bytes a second at most', wholeNumber(LEAST_BYTES_PER_SECOND))
    .option('--owner <id>', 'the migration that asks; its request may be repeated')
    .option('--peer-fingerprint <sha256>', "of the peer's certificate, as its status tells it; needed without --certs")
    .option('--detach', 'begins and returns')
    .option('--auto', 'cuts over as soon as the pause is short enough; without it, "foreshift agent cutover" does')
    .action(send);
}

async function send(options: SendOptions): Promise<void> {
  const { to, maxPause, auto, handover, rate, service, owner, peerFingerprint, detach } = options;
  const agent = agentAt(options);
  const begun = await agent.replicate({
    ...address(to),
    maxPauseMs: maxPause,
    ...(auto === true ? { auto } : {}),
    ...(handover === undefined ? {} : { handoverMs: handover }),
    ...(rate === undefined ? {} : { bytesPerSecond: rate }),
    ...(service === undefined ? {} : { service: address(service) }),
    ...(owner === undefined ? {} : { owner }),
    ...(peerFingerprint === undefined ? {} : { peerFingerprint }),
  });
  if (detach === true) return printStatus(begun, options);
  for (let status = begun; ; status = await agent.status()) {
    printStatus(status, options);
    if (['released', 'stopped', 'failed', 'unsure'].includes(status.phase)) {
      process.exitCode = status.phase === 'released' ? 0 : status.phase === 'stopped' ? 3 : 1;
      return;
    }
    await sleep(1_000);
  }
}
