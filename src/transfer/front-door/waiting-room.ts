interface Waiting {
  readonly admit: (refusal: string | null) => void;
  readonly timer: NodeJS.Timeout;
}

/** Keeps those who come while it is closed, in the order in which they came, and lets all of them in when it opens. */
export class WaitingRoom {
  private readonly queue = new Set<Waiting>();
  private closed = false;

  constructor(
    private readonly most: number,
    private readonly atMostMs: number,
  ) {}

  get isClosed(): boolean {
    return this.closed;
  }

  get waiting(): number {
    return this.queue.size;
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.closed = false;
    for (const { admit, timer } of this.queue) {
      clearTimeout(timer);
      admit(null);
    }
    this.queue.clear();
  }

  /** Null when one may go in; a sentence where one waited for too long or too many wait already. */
  async enter(): Promise<string | null> {
    if (!this.closed) return null;
    if (this.queue.size >= this.most) return `${this.queue.size} requests wait already`;
    return new Promise((admit) => {
      const timer = setTimeout(() => {
        this.queue.delete(waiting);
        admit(`the service is being moved and was not back within ${this.atMostMs} ms`);
      }, this.atMostMs);
      const waiting: Waiting = { admit, timer };
      this.queue.add(waiting);
    });
  }
}
