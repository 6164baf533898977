import Table from 'cli-table3';

/** Figures beside their targets, printed at the end. */
export interface BenchReport {
  atMost(what: string, figure: number, target: number, unit?: string): void;
  atLeast(what: string, figure: number, target: number, unit?: string): void;
  within(what: string, figure: number, low: number, high: number): void;
  /** A figure without a target. */
  tell(what: string, figure: string): void;
  /** Prints all; the process' exit code becomes 1 where one is missed. */
  print(): void;
}

export function createReport(): BenchReport {
  const rows: { readonly cells: readonly string[]; readonly held: boolean }[] = [];
  const add = (what: string, figure: string, target: string, held: boolean) => {
    rows.push({ cells: [what, figure, target, target === '' ? '' : held ? 'held' : 'MISSED'], held });
  };
  const show = (figure: number) => (Math.abs(figure) >= 100 ? figure.toFixed(0) : figure.toPrecision(3));
  return {
    atMost: (what, figure, target, unit = '') => add(what, `${show(figure)} ${unit}`, `<= ${target}`, figure <= target),
    atLeast: (what, figure, target, unit = '') => add(what, `${show(figure)} ${unit}`, `>= ${target}`, figure >= target),
    within: (what, figure, low, high) => add(what, show(figure), `${low}..${high}`, figure >= low && figure <= high),
    tell: (what, figure) => add(what, figure, '', true),
    print() {
      const table = new Table({ head: ['', 'measured', 'target', ''], style: { head: [], border: [] } });
      for (const { cells } of rows) table.push([...cells]);
      console.log(table.toString());
      if (!rows.every(({ held }) => held)) process.exitCode = 1;
    },
  };
}
