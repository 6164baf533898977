import { BUSINESS_ERRORS, retryableFailure } from '../../src/contracts/errors';
import type { ForeshiftErrorType } from '../../src/contracts/errors';
import type { InstanceFacts } from '../../src/activities/compute-port';
import type { Owner } from '../../src/contracts/migration-activities';
import type { SourceSnapshot, TrafficBinding } from '../../src/domain/source-snapshot';

export const OWNER: Owner = { workflowId: 'migration/i-1', runId: 'run-1' };

export const FACTS: InstanceFacts = {
  instanceId: 'i-1',
  state: 'running',
  shape: 'm5.large',
  imageId: 'ami-1',
  architecture: 'x86_64',
  zone: 'us-east-1a',
  hostId: null,
  reservationId: null,
  launchedAtMs: 0,
  vpcId: 'vpc-1',
  subnetId: 'subnet-a',
  address: '127.0.0.1',
  securityGroupIds: ['sg-1'],
  instanceProfileArn: null,
  keyName: null,
  tags: { Name: 'shop' },
  rootDevice: '/dev/xvda',
  volumes: [
    { volumeId: 'vol-root', device: '/dev/xvda' },
    { volumeId: 'vol-b', device: '/dev/xvdb' },
  ],
};

export const TRAFFIC: TrafficBinding = {
  targetGroupArn: 'pool',
  targetGroupName: 'pool',
  loadBalancerArn: 'balancer',
  port: 8080,
  healthyOthers: 1,
  routes: [{ kind: 'listener', arn: 'listener', forward: [{ targetGroupArn: 'pool', weight: 1 }] }],
};

export const SOURCE: SourceSnapshot = {
  instanceId: 'i-1',
  name: 'shop',
  service: 'shop',
  shape: 'm5.large',
  architecture: 'x86_64',
  zone: 'us-east-1a',
  vpcId: 'vpc-1',
  subnetId: 'subnet-a',
  securityGroupIds: ['sg-1'],
  tags: {},
  rootDevice: '/dev/xvda',
  dataVolumes: [{ volumeId: 'vol-b', device: '/dev/xvdb', sizeGiB: 1, volumeType: 'gp3' }],
  traffic: TRAFFIC,
};

/** A port that knows these methods; a call of any other one fails the test by name. */
export function portOf<Port extends object>(methods: Partial<Port>): Port {
  return new Proxy(methods, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown;
      if (method === undefined) throw new Error(`${String(name)} was called, which this test does not expect`);
      return method;
    },
  }) as Port;
}

/** The same port, of which the nth call does its work and then loses its answer. Counts calls. */
export function losingReply<Port extends object>(port: Port, nth: number): { port: Port; calls: () => number } {
  let calls = 0;
  const losing = new Proxy(port, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        calls += 1;
        const lost = calls === nth;
        const answer = await method.apply(target, args);
        if (lost) throw retryableFailure('Unavailable', `the answer of ${String(name)} was lost`);
        return answer;
      };
    },
  });
  return { port: losing, calls: () => calls };
}

/** Repeats what may be repeated, as Temporal does; a business failure ends it. */
export async function untilDone<T>(activity: () => Promise<T>, attempts = 20): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await activity();
    } catch (error) {
      if (attempt === attempts || (error as { nonRetryable?: boolean }).nonRetryable !== false) throw error;
    }
  }
}

/** Checks the type of a failure, and that Temporal repeats it exactly where it is one of the moment. */
export async function expectFailure(activity: Promise<unknown>, type: ForeshiftErrorType, message?: string | RegExp): Promise<void> {
  const failure = await activity.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ type, nonRetryable: (BUSINESS_ERRORS as readonly string[]).includes(type) });
  if (message !== undefined) expect((failure as Error).message).toMatch(message);
}
