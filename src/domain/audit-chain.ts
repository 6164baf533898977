/** One link as it stands in the store: the entry's canonical text and its place in the chain. */
export interface ChainLink {
  readonly seq: number;
  readonly entry: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** What somebody signed: that this was the record of that number. */
export interface ChainPoint {
  readonly seq: number;
  readonly hash: string;
}

export interface ChainVerdict {
  readonly intact: boolean;
  readonly records: number;
  /** The last good hash: keep it elsewhere, and a cut-off end shows as well. */
  readonly head: string;
  readonly problems: readonly string[];
}

/** More problems than anybody reads; a chain that is broken from its beginning has one for every record. */
const MOST_PROBLEMS = 1_000;

/**
 * Checks links in order, one after the other: gap-free numbers from 1, each previous hash the hash before, each hash over number, previous
 * hash and entry, and each signed record where it was signed to be; that also shows an end that was cut off before it. `sha256Hex` is given, since the
 * domain has no crypto of its own.
 */
export class ChainCheck {
  private head: string;
  private expected = 1;
  private records = 0;
  private readonly problems: string[] = [];
  private readonly signed: ReadonlyMap<number, string>;

  constructor(
    genesisHash: string,
    private readonly sha256Hex: (text: string) => string,
    private readonly points: readonly ChainPoint[] = [],
  ) {
    this.head = genesisHash;
    this.signed = new Map(points.map(({ seq, hash }) => [seq, hash]));
  }

  /** The next link, in the order of their numbers. */
  add({ seq, previousHash, entry, hash }: ChainLink): void {
    this.records += 1;
    if (seq !== this.expected) this.tell(`record ${this.expected} is missing: the next one is ${seq}`);
    if (previousHash !== this.head) this.tell(`record ${seq} does not follow the record before it`);
    if (this.sha256Hex(`${seq}\n${previousHash}\n${entry}`) !== hash) this.tell(`record ${seq} was changed`);
    const signed = this.signed.get(seq);
    if (signed !== undefined && signed !== hash) this.tell(`record ${seq} is another than the one that was signed`);
    this.head = hash;
    this.expected = seq + 1;
  }

  /** Something else that is wrong with a record. */
  tell(problem: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(problem);
  }

  /** After the last link. */
  verdict(): ChainVerdict {
    const last = Math.max(0, ...this.points.map(({ seq }) => seq));
    const cutOff = last >= this.expected ? [`the records from ${this.expected} to ${last} are missing: the last of them was signed`] : [];
    const problems = [...this.problems, ...cutOff];
    return { intact: problems.length === 0, records: this.records, head: this.head, problems };
  }
}
