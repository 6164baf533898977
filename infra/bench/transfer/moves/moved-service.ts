import type { ForeshiftConfig } from '../../../../src/contracts/config';
import { untilHealthy } from '../../../local/demo/behind-balancer';
import { createStatefulScene, type StatefulScene } from '../../../local/demo/stateful/stateful-scene';
import { STATEFUL_PORTS } from '../../../local/demo/stateful/stateful-user-data';
import type { Stack } from '../../../local/supervisor/start-stack';
import { MovedInstance, type MoveHandle } from '../../moves/moved-instance';

/** The parts of the stateful service on an instance, as their processes are found. */
export type Part = 'agent serve' | 'agent door' | 'kv-service';

/** A stateful service on a local cloud, that is moved from instance to instance. */
export class MovedService {
  private constructor(
    readonly scene: StatefulScene,
    readonly moved: MovedInstance,
  ) {}

  static async on(stack: Stack, config: ForeshiftConfig): Promise<MovedService> {
    const moved = await MovedInstance.on(stack, config);
    return new MovedService(await createStatefulScene(stack.info.awsEndpoint, moved.aws), moved);
  }

  close(): Promise<void> {
    return this.moved.close();
  }

  move(instanceId: string, maxPauseMs: number): Promise<MoveHandle> {
    return this.moved.move({ instanceId, reason: 'a stateful service is moved', maxPauseMs });
  }

  /** The process of a part, on this machine, where all instances are. */
  async processOf(instanceId: string, part: Part): Promise<number> {
    const [first = part, ...rest] = part;
    const pid = Number((await this.moved.run(instanceId, `pgrep -f "[${first}]${rest.join('')}.*$FORESHIFT_ADDRESS" | head -1`)) || 'nothing');
    if (Number.isNaN(pid)) throw new Error(`${part} does not run on ${instanceId}`);
    return pid;
  }

  async addressOf(instanceId: string): Promise<string> {
    return this.moved.run(instanceId, 'echo $FORESHIFT_ADDRESS');
  }

  /** From now on the service there answers so many of a hundred requests with an error. */
  async breakService(instanceId: string, percent: number): Promise<void> {
    await fetch(`http://${await this.addressOf(instanceId)}:${STATEFUL_PORTS.hooks}/break?percent=${percent}`, { method: 'POST' });
  }

  /** Starts an instance that stands, and waits until its service answers again. */
  async startAgain(instanceId: string): Promise<void> {
    await this.moved.start(instanceId);
    await untilHealthy(this.moved.aws.elb, [this.scene.targetGroupArn]);
  }
}
