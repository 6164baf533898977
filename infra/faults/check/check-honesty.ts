import type { Violation } from './check-service';

/** What is left over, against what the result says is. A thing that could not be asked for must be named as unknown. */
export function checkHonesty(left: readonly string[], owned: ReadonlyMap<string, string>): readonly Violation[] {
  const said = left.filter((line) => CLAIM.test(line));
  const isUnknown = left.some((line) => line.startsWith('it is unknown whether anything is left over'));
  const untold = isUnknown ? [] : [...owned].filter(([id]) => !said.some((line) => line.includes(id)));
  const invented = said.filter((line) => !ENDING.test(line) && ![...owned.keys()].some((id) => line.includes(id)));
  return [
    ...untold.map(([id, kind]): Violation => ({ expected: 'everything that is left is named', found: `${kind} ${id} is not` })),
    ...invented.map((line): Violation => ({ expected: 'only what is left is named', found: `"${line}" does not exist` })),
  ];
}

/** What is said to be on its way out may be gone by now. */
const ENDING = /\((shutting-down|terminated)\)$/;
/** Lines of a result that say that something exists. */
const CLAIM = /^(instance|image|snapshot|volume|capacity reservation|target group) \S/;
