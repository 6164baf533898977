import type { ForeshiftConfig } from '../../../src/contracts/config';
import { createPostgresScene, type PostgresScene } from '../../local/demo/postgresql/postgres-scene';
import type { Stack } from '../../local/supervisor/start-stack';
import { MovedInstance, type MoveHandle } from '../moves/moved-instance';

const MAX_PAUSE_MS = 5_000;

/** PostgreSQL on a local cloud, moved from instance to instance. */
export class MovedPostgres {
  private constructor(
    readonly stack: Stack,
    readonly scene: PostgresScene,
    readonly moved: MovedInstance,
  ) {}

  static async on(stack: Stack, config: ForeshiftConfig): Promise<MovedPostgres> {
    const moved = await MovedInstance.on(stack, config);
    return new MovedPostgres(stack, await createPostgresScene(stack.info.awsEndpoint, moved.aws), moved);
  }

  close(): Promise<void> {
    return this.moved.close();
  }

  move(instanceId: string): Promise<MoveHandle> {
    return this.moved.move({ instanceId, reason: 'a database is moved', maxPauseMs: MAX_PAUSE_MS });
  }
}
