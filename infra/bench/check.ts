/** Prints a figure with its target, as "met" or "MISSED"; the exit code is 1 where one is missed. */
export function check(what: string, held: boolean): void {
  console.log(`${held ? 'met   ' : 'MISSED'} ${what}`);
  if (!held) process.exitCode = 1;
}
