import { connect } from 'node:net';
import type { HaproxyAddress } from '../../contracts/config';
import { retryableFailure } from '../../contracts/errors';
import { refusalOf } from './refusal-of';

const ANSWER_WITHIN_MS = 5_000;
/** A table of a million sessions is not read. */
const LONGEST_ANSWER_BYTES = 16 * 1024 * 1024;

/** One command, one answer. @throws what `refusalOf` makes of a refusal, `Unavailable` where HAProxy does not answer */
export type RunCommand = (command: string) => Promise<string>;

/** HAProxy's runtime API (management guide, "Unix Socket commands"). A connection a command: HAProxy closes it after the answer. */
export function createRuntimeApi(address: HaproxyAddress, answerWithinMs = ANSWER_WITHIN_MS): RunCommand {
  return async (command) => {
    // Two commands in one would be answered as one.
    if (/[\n;]/.test(command)) throw new Error(`"${command}" is not one command`);
    const answer = await ask(address, command, answerWithinMs);
    const refusal = refusalOf(command, answer);
    if (refusal !== null) throw refusal;
    return answer;
  };
}

function ask(address: HaproxyAddress, command: string, answerWithinMs: number): Promise<string> {
  const where = 'path' in address ? address.path : `${address.host}:${address.port}`;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect(address);
    const fail = (why: string): void => {
      socket.destroy();
      reject(retryableFailure('Unavailable', `HAProxy at ${where}, "${command}": ${why}`));
    };
    socket.setTimeout(answerWithinMs, () => fail(`no answer within ${answerWithinMs} ms`));
    socket.once('error', (error) => fail(error.message));
    socket.once('connect', () => socket.write(`${command}\n`));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > LONGEST_ANSWER_BYTES) fail(`the answer is longer than ${LONGEST_ANSWER_BYTES} bytes`);
    });
    socket.once('end', () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}
