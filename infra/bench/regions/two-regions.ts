import { createAwsClients, type AwsClients } from '../../../src/adapters/aws/clients';
import { createInstanceCommands } from '../../../src/adapters/aws/instance-commands';
import type { MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import { control } from '../../local/demo/control-client';
import { leftOver, takeInventory, type Inventory } from '../../local/demo/inventory';
import type { Stack } from '../../local/supervisor/start-stack';

/** Of the blocks that EBS direct carries. */
const BLOCK_BYTES = 524_288;

/** The local cloud's other region, and what is there and in the first one. */
export class TwoRegions {
  readonly region: string;
  readonly aws: AwsClients;
  private readonly endpoint: string;

  constructor(
    private readonly stack: Stack,
    private readonly home: AwsClients,
  ) {
    const [other] = stack.info.otherRegions;
    if (other?.awsEndpoint == null) throw new Error('the local cloud has one region only');
    this.region = other.region;
    this.endpoint = other.awsEndpoint;
    this.aws = createAwsClients({ region: other.region, endpoint: other.awsEndpoint, credentials: { accessKeyId: 'BENCH', secretAccessKey: 'local-cloud-only' } });
  }

  async inventories(): Promise<readonly [Inventory, Inventory]> {
    return [await takeInventory(this.stack.info.awsEndpoint, this.home.elb), await takeInventory(this.endpoint, this.aws.elb)];
  }

  /** What a move left in either region, but for the replacement. */
  async leftSince([home, other]: readonly [Inventory, Inventory], result: MigrateInstanceResult): Promise<readonly string[]> {
    const [homeNow, otherNow] = await this.inventories();
    return [...leftOver(home, homeNow, []), ...leftOver(other, otherNow, result.kind === 'Completed' ? [result.replacementId] : [])];
  }

  /** Bytes that were put into the other region's snapshots since its call of that number. */
  async carriedSince(seq: number): Promise<number> {
    return (await this.callsSince(seq)).filter(({ operation }) => operation === 'PutSnapshotBlock').length * BLOCK_BYTES;
  }

  async lastCall(): Promise<number> {
    return (await this.callsSince(0)).at(-1)?.seq ?? 0;
  }

  /** Runs a command on an instance of the other region and returns what it printed. */
  async run(instanceId: string, command: string): Promise<string> {
    return (await createInstanceCommands(this.aws.ssm).run(instanceId, command, { withinMs: 60_000 })).stdout.trim();
  }

  private async callsSince(seq: number): Promise<readonly { readonly seq: number; readonly operation: string }[]> {
    return (await control<{ calls: readonly { readonly seq: number; readonly operation: string }[] }>(this.endpoint, 'GET', `/_local/calls?since=${seq}`)).calls;
  }
}
