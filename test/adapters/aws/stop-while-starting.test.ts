import { EC2Client, EC2ServiceException } from '@aws-sdk/client-ec2';
import { createCompute } from '../../../src/adapters/aws/compute';
import type { ShapeCatalogue } from '../../../src/adapters/aws/shape-catalogue';

/** EC2 with one instance that it will not stop as it is. */
class Unstoppable extends EC2Client {
  constructor(private readonly state: string) {
    super({ region: 'us-east-1' });
  }

  override send = (async ({ constructor }: { constructor: { name: string } }): Promise<unknown> => {
    if (constructor.name === 'DescribeInstancesCommand') return { Reservations: [{ Instances: [{ InstanceId: 'i-1', InstanceType: 'm7i.large', State: { Name: this.state } }] }] };
    throw new EC2ServiceException({ name: 'IncorrectInstanceState', message: 'not in a state from which it can be stopped', $fault: 'client', $metadata: { httpStatusCode: 400 } });
  }) as EC2Client['send'];
}

const stop = (state: string) => createCompute(new Unstoppable(state), {} as ShapeCatalogue).stop('i-1');

describe('an instance that EC2 will not stop', () => {
  it('is asked for again where it still starts', async () => {
    await expect(stop('pending')).rejects.toMatchObject({ type: 'NotReadyYet', nonRetryable: false });
  });

  it('is not where it ends', async () => {
    await expect(stop('shutting-down')).rejects.toMatchObject({ type: 'Conflict', nonRetryable: true });
  });
});
