/** One link as it stands in the store: the entry's canonical text and its place in the chain. */
export interface ChainLink {
  readonly seq: number;
  readonly entry: string;
  readonly previousHash: string;
  readonly hash: string;
}

export interface ChainVerdict {
  readonly intact: boolean;
  readonly records: number;
  /** The last good hash: keep it elsewhere, and a cut-off end shows as well. */
  readonly head: string;
  readonly problems: readonly string[];
}

/**
 * Checks links in order: gap-free numbers from 1, each previous hash the hash before, each hash over number, previous
 * hash and entry. `sha256Hex` is given, since the domain has no crypto of its own.
 */
export function verifyChain(links: Iterable<ChainLink>, genesisHash: string, sha256Hex: (text: string) => string): ChainVerdict {
  let head = genesisHash;
  let expected = 1;
  let records = 0;
  const problems: string[] = [];
  for (const link of links) {
    records += 1;
    if (link.seq !== expected) problems.push(`record ${expected} is missing: the next one is ${link.seq}`);
    if (link.previousHash !== head) problems.push(`record ${link.seq} does not follow the record before it`);
    if (sha256Hex(`${link.seq}\n${link.previousHash}\n${link.entry}`) !== link.hash) problems.push(`record ${link.seq} was changed`);
    head = link.hash;
    expected = link.seq + 1;
  }
  return { intact: problems.length === 0, records, head, problems };
}
