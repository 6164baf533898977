import { request as httpRequest, Agent } from 'node:http';

export interface UpstreamRequest {
  readonly method: string;
  readonly url: string;
  /** Name and value in turn, as they arrived: signatures and hosts stay what the client made them. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface UpstreamReply {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly contentType: string;
  readonly body: Buffer;
}

/** Passes calls on to moto, byte for byte. */
export interface Upstream {
  forward(request: UpstreamRequest): Promise<UpstreamReply>;
  close(): void;
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect']);

/** An upstream at the given base address. */
export function createUpstream(baseUrl: string): Upstream {
  const base = new URL(baseUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  return {
    forward: (request) =>
      new Promise((resolve, reject) => {
        const headers = [...endToEnd(request.rawHeaders), 'content-length', String(request.body.length)];
        const outgoing = httpRequest(
          { host: base.hostname, port: base.port, method: request.method, path: request.url, headers, agent },
          (incoming) => {
            const chunks: Buffer[] = [];
            incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
            incoming.on('error', reject);
            incoming.on('end', () => {
              resolve({
                status: incoming.statusCode ?? 502,
                rawHeaders: endToEnd(incoming.rawHeaders),
                contentType: incoming.headers['content-type'] ?? '',
                body: Buffer.concat(chunks),
              });
            });
          },
        );
        outgoing.on('error', reject);
        outgoing.end(request.body);
      }),
    close: () => agent.destroy(),
  };
}

function endToEnd(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, rawHeaders[at + 1] ?? '');
  }
  return kept;
}
