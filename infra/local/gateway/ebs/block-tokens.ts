import { createHmac, randomBytes } from 'node:crypto';

/** Makes and recognizes the tokens without which no block can be read. */
export class BlockTokens {
  private readonly key = randomBytes(32);

  tokenFor(snapshotId: string, index: number, digest: string): string {
    return createHmac('sha256', this.key).update(`${snapshotId}/${index}/${digest}`).digest('base64');
  }
}
