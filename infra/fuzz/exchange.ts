import { connect } from 'node:net';

/** Node's own answer, before the product. */
export const HEAD_TOO_LONG = 431;

/** What a server of this machine answers to these bytes; status 0 where it ends the connection without an answer. A stream of events is left after its head. */
export function exchange(port: number, bytes: string | Buffer): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('data', (piece) => {
      pieces.push(piece);
      if (/^content-type: text\/event-stream/im.test(headOf(Buffer.concat(pieces).toString('latin1')))) socket.destroy();
    });
    // A server that answers before it has read all may reset what is still being sent.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      const answer = Buffer.concat(pieces).toString('utf8');
      const head = headOf(answer);
      resolve({ status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0), body: unchunked(head, answer.slice(head.length + 4)) });
    });
    socket.end(bytes);
  });
}

function headOf(answer: string): string {
  const end = answer.indexOf('\r\n\r\n');
  return end < 0 ? answer : answer.slice(0, end);
}

/** Of an answer as short as a refusal's, which comes in one piece. */
function unchunked(head: string, body: string): string {
  return /^transfer-encoding: chunked/im.test(head) ? body.replace(/^[0-9a-f]+\r\n/i, '').replace(/\r\n0\r\n\r\n$/, '') : body;
}
