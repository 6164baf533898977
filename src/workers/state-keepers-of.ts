import type { ComputePort } from '../activities/compute-port';
import type { InstanceCommandPort } from '../activities/instance-command-port';
import type { StateDependencies } from '../activities/state-activities';
import { createAgentKeeper } from '../adapters/agent/agent-keeper';
import { createCommandedAgents } from '../adapters/agent/commanded-agents';
import { createCommandedHooks } from '../adapters/application/commanded-hooks';
import { createHooksKeeper } from '../adapters/application/hooks-keeper';

/** How the instances of a region are spoken to. */
interface SideAccess {
  readonly commands: InstanceCommandPort;
  readonly compute: Pick<ComputePort, 'describe'>;
}

/** Who keeps a service's state, by strategy; all of them speak to the instances by commands alone. `accessTo`: the worker's own region without a name. */
export function stateKeepersOf(accessTo: (region?: string) => SideAccess): StateDependencies['keeperOf'] {
  return ({ strategy, shadowId, shadowRegion }) => {
    const { commands, compute } = shadowRegion === undefined ? accessTo() : eitherSide(accessTo(), accessTo(shadowRegion), shadowId);
    return strategy === 'replicate' ? createAgentKeeper(createCommandedAgents(commands), compute) : createHooksKeeper(createCommandedHooks(commands), compute);
  };
}

/** Each instance is spoken to in its region. */
function eitherSide(source: SideAccess, shadow: SideAccess, shadowId: string): SideAccess {
  const accessTo = (instanceId: string): SideAccess => (instanceId === shadowId ? shadow : source);
  return {
    commands: { run: (instanceId, ...rest) => accessTo(instanceId).commands.run(instanceId, ...rest) },
    compute: { describe: (instanceId) => accessTo(instanceId).compute.describe(instanceId) },
  };
}
