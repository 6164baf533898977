import { everyRunOf } from '../../contracts/workflow-ids';
import { meansOf } from '../../domain/capacity/hold-means';
import { say } from '../activity-proxies';
import { retireReplicas } from '../bring-into-service';
import type { HoldTools } from './hold-tools';
import { matchGroup } from './raise-group';

/** Counts anew what runs for the hold: EC2 may have taken spot instances away, somebody may have changed the group, and an answer may have been lost. */
export async function lookAfterRunning(tools: HoldTools): Promise<void> {
  const { hold, trail, template, region: { acts } } = tools;
  const means = meansOf(hold.input);
  if (hold.heldAs('group').length > 0) await matchGroup(tools, { ladder: [] });
  if (template === null || !(means.includes('launch') || means.includes('spot'))) return;
  const running = hold.heldAs('instance').map(({ id }) => id);
  const { lost, strays } = await say(acts.inspectHeld, 'Which of the instances run?', { owner: everyRunOf(hold.owner.workflowId), instanceIds: running });
  for (const id of lost) {
    const { shape, zone, rung } = hold.held.find((one) => one.id === id) ?? { shape: '', zone: '', rung: '' };
    hold.remove([id]);
    hold.refuse(`${id} (${shape} in ${zone}, ${rung}) was taken away`);
    await trail.record('failure', `${id} was taken away`, { reason: `${shape} in ${zone} (${rung})` });
  }
  await retireReplicas(tools, [...lost, ...strays], template.facts.targetGroups);
}
