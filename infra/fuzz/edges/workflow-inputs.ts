import fc from 'fast-check';
import { ACCEPTED, edge, refusedWith } from '../edge';
import { mutatedJson } from '../mutate-json';
import { WORKFLOW_MESSAGES } from './message-examples';
import { WORKFLOW_INPUTS } from './workflow-examples';

const CHECKED = { ...WORKFLOW_INPUTS, ...WORKFLOW_MESSAGES };

/** What starts workflows and what they are told, as it comes from the Temporal UI, a trigger or the command line, before the checks that they make themselves. */
export const workflowInputs = edge<{ readonly of: string; readonly input: unknown }>({
  name: 'workflow-inputs',
  about: "workflows' inputs and messages, before their own checks",
  share: 24,
  open: () => ({
    inputs: fc.constantFrom(...Object.keys(CHECKED)).chain((of) => mutatedJson(CHECKED[of]?.examples ?? []).map((input) => ({ of, input }))),
    give({ of, input }) {
      const problems = CHECKED[of]?.check(input) ?? [];
      return problems.length === 0 ? ACCEPTED : refusedWith(problems.join('; '));
    },
    close: () => undefined,
  }),
});
