import type { ComputePort } from '../activities/compute-port';
import type { InstanceCommandPort } from '../activities/instance-command-port';
import type { StateDependencies } from '../activities/state-activities';
import { createAgentKeeper } from '../adapters/agent/agent-keeper';
import { createCommandedAgents } from '../adapters/agent/commanded-agents';
import { createCommandedHooks } from '../adapters/application/commanded-hooks';
import { createHooksKeeper } from '../adapters/application/hooks-keeper';

/** Who keeps a service's state, by strategy; all of them speak to the instances by commands alone. */
export function stateKeepersOf(commands: InstanceCommandPort, compute: ComputePort): StateDependencies['keepers'] {
  return {
    replicate: createAgentKeeper(createCommandedAgents(commands), compute),
    application: createHooksKeeper(createCommandedHooks(commands), compute),
  };
}
