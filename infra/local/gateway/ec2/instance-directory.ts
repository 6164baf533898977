import type { InstanceDirectory } from '../ports';
import type { Cloud } from './cloud';

/** What the balancer may know of the instances. */
export function createInstanceDirectory(cloud: Cloud): InstanceDirectory {
  return {
    find(instanceId) {
      const instance = cloud.instances.get(instanceId);
      return instance && { address: instance.address, state: instance.state, zone: instance.zone };
    },
    onChange: (listener) => cloud.onInstanceChange(listener),
  };
}
