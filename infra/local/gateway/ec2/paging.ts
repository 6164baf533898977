import { AwsError } from '../operation';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** One page of records in order of creation. Records that come or go between two pages disturb neither. */
export function pageOf<T extends { readonly seq: number }>(
  records: readonly T[],
  request: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): Page<T> {
  const after = request.NextToken === undefined ? -1 : readToken(request.NextToken);
  const rest = records.filter((record) => record.seq > after).sort((a, b) => a.seq - b.seq);
  const items = rest.slice(0, request.MaxResults ?? rest.length);
  const last = items.at(-1);
  return { items, nextToken: last && items.length < rest.length ? writeToken(last.seq) : undefined };
}

function writeToken(seq: number): string {
  return Buffer.from(`after:${seq}`, 'utf8').toString('base64url');
}

function readToken(token: string): number {
  const match = /^after:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (!match) throw new AwsError('InvalidNextToken', 'The specified next token is invalid');
  return Number(match[1]);
}
