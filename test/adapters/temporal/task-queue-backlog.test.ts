import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { backlogOf } from '../../../src/adapters/temporal/task-queue-backlog';
import { keepTellingBacklog } from '../../../src/workers/keep-telling-backlog';
import { startDevServer } from '../../workflows/dev-server';

describe('the backlog of a task queue', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => {
    env = await startDevServer();
  }, 120_000);
  afterAll(() => env.teardown());

  it('is told again and again, also after it could not be: what waits where no worker is', async () => {
    for (const workflowId of ['a', 'b']) await env.client.workflow.start('nobodyKnows', { taskQueue: 'waits', workflowId });
    const told: [string, number][] = [];
    const complaints: string[] = [];
    let refused = false;
    const enough = new Promise<void>((resolve) => {
      const end = keepTellingBacklog(
        {
          taskQueues: ['waits', 'is-empty'],
          backlogOf: (taskQueue) => backlogOf(env.connection, env.namespace ?? 'default', taskQueue),
          put: async (taskQueue, tasks) => {
            if (!refused) {
              refused = true;
              throw new Error('CloudWatch is away');
            }
            told.push([taskQueue, tasks]);
            if (!told.some(([queue, count]) => queue === 'waits' && count === 2) || !told.some(([queue]) => queue === 'is-empty')) return;
            end();
            resolve();
          },
          log: (text) => complaints.push(text),
        },
        200,
      );
    });
    await enough;
    expect(told).toContainEqual(['is-empty', 0]);
    expect(complaints).toEqual([expect.stringMatching(/^the backlog of [\w-]+ was not told: Error: CloudWatch is away$/)]);
  }, 30_000);
});
