import type { CommandOutcome } from '../../src/activities/instance-command-port';
import { createCommandedAgents } from '../../src/adapters/agent/commanded-agents';
import { createCommandedHooks } from '../../src/adapters/application/commanded-hooks';

const INSTANCE = 'i-0123456789abcdef0';
const HOOK = { role: 'live', owner: null, isOver: false, isFlowing: true, lagBytes: 0, position: null, why: 'ready \u001b[2J\u202e' };

describe('what an instance says', () => {
  const answering = (outcome: Partial<CommandOutcome>) => ({ run: async () => ({ exitCode: 0, stdout: '', stderr: '', ...outcome }) });

  it.each([
    ['in words of a hook that refuses', { exitCode: 3, stderr: 'no\u001b[2J' }],
    ['in words of a hook that is missing', { exitCode: 127, stderr: '\u202eno' }],
    ['in what is no status', { stdout: '\u0000{' }],
  ])('rewrites no terminal, log or audit %s', async (_, outcome) => {
    for (const asked of [createCommandedHooks(answering(outcome)).look(INSTANCE), createCommandedAgents(answering(outcome)).look(INSTANCE)]) await expect(asked).rejects.toThrow(/^[ -~]+$/);
  });

  it('rewrites none in the reason of a status that is right', async () => {
    expect((await createCommandedHooks(answering({ stdout: JSON.stringify(HOOK) })).look(INSTANCE)).why).toBe('ready \\u001b[2J\\u202e');
  });
});
