import { SnsRefusal } from '../../triggers/sns/sns-refusal';

const MOST_BYTES = 64 * 1_024;
const WITHIN_MS = 5_000;

/** GETs a small file in bounded time, without following where it is sent to. @throws SnsRefusal where the server refuses; another error where it cannot be reached */
export async function fetchBounded(url: string): Promise<Buffer> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(WITHIN_MS), headers: { accept: '*/*' } });
  if (response.status >= 500 || response.status === 429) throw new Error(`it answered ${response.status}`);
  if (response.status !== 200) throw new SnsRefusal(`${new URL(url).host} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MOST_BYTES) throw new SnsRefusal(`${new URL(url).host} answered with more than ${MOST_BYTES} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}
