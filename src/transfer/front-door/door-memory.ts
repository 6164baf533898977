import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeWhole } from '../manifest/write-whole';

const memorySchema = z.strictObject({ instanceId: z.string(), upstream: z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535) }), isHolding: z.boolean() });

type Remembered = Omit<z.infer<typeof memorySchema>, 'instanceId'>;

/** What a door that is started again has to know: where it passed to, and whether it was told to keep requests waiting. */
export class DoorMemory {
  /** @param instanceId of this machine: what came with an image of another one is not this door's */
  constructor(
    private readonly file: string,
    private readonly instanceId: string,
  ) {}

  /** Null before anything was told. Throws where the file is not one of a door. */
  read(): Remembered | null {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    const { instanceId, ...remembered } = this.remembered(text);
    return instanceId === this.instanceId ? remembered : null;
  }

  private remembered(text: string): z.infer<typeof memorySchema> {
    try {
      return memorySchema.parse(JSON.parse(text));
    } catch {
      throw new Error(`${this.file}: expected what a door has written there: {"instanceId", "upstream": {"host", "port"}, "isHolding"}`);
    }
  }

  // Not synced: a machine that lost its power begins anew, and its agent knows which side is live.
  write(remembered: Remembered): void {
    writeWhole(this.file, JSON.stringify({ instanceId: this.instanceId, ...remembered }));
  }
}
