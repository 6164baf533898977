import { ASKED_MODES, FLEET_MODES } from './fleet-plan/plan-modes';
import { checkPlanPolicy } from './fleet-plan/plan-policy-input';
import { checkFields } from './field-checks';

const MODES: readonly unknown[] = FLEET_MODES;
const ASKED: readonly unknown[] = ASKED_MODES;
const namesOf = (modes: readonly string[]): string => modes.map((mode) => `"${mode}"`).join(', ');
const LONGEST_WAIT_MS = 24 * 3_600_000;
const MOST_MODES = 100;

/** All that is wrong with the input of a control tick, one sentence a field. */
export function checkFleetInput(input: unknown): string[] {
  const problems = checkFields(
    input,
    {
      fleet: (value) => (typeof value === 'string' && /^[\w .-]{1,100}$/.test(value) ? null : 'the value of the tag foreshift:fleet: 1 to 100 letters, digits, blanks, "_", "." or "-"'),
      mode: (value) => (ASKED.includes(value) ? null : `one of ${namesOf(ASKED_MODES)}`),
      modes: (value) => (isModes(value) ? null : `an object of at most ${MOST_MODES} pools or services, each with one of ${namesOf(FLEET_MODES)}`),
      policy: (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'an object of what differs from the default policy'),
      approvalTimeoutMs: (value) => (typeof value === 'number' && value >= 1_000 && value <= LONGEST_WAIT_MS ? null : `milliseconds from 1000 to ${LONGEST_WAIT_MS}`),
    },
    [],
    'shapeFleet',
  );
  const policy = (input as { readonly policy?: unknown } | null)?.policy;
  return problems.length > 0 || policy === undefined ? problems : checkPlanPolicy(policy);
}

function isModes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const modes = Object.values(value);
  return modes.length <= MOST_MODES && modes.every((mode) => MODES.includes(mode));
}
