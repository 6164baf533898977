import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { wrongWith } from '../../infra/fuzz/judge-refusal';
import { runEdge } from '../../infra/fuzz/run-edge';
import { ACCEPTED, edge, refusedWith } from '../../infra/fuzz/edge';
import { mutatedJson } from '../../infra/fuzz/mutate-json';

const FUZZ = join(__dirname, '../../dist/infra/fuzz/fuzz-main.js');
const INPUTS = 1_500;

describe('the fuzz of all edges', () => {
  it('finds nothing in a quick part of its inputs (npm run test:fuzz gives all)', () => {
    const { status, stdout } = spawnSync(process.execPath, [FUZZ, '--count', String(INPUTS)], { encoding: 'utf8' });
    expect({ status, stdout: status === 0 ? '' : stdout }).toEqual({ status: 0, stdout: '' });
  });

  /** An edge that stumbles over whatever has no `name`, in one of these ways. */
  const stumbling = (how: (input: unknown) => unknown) =>
    edge<unknown>({ name: 'stumbling', about: '', share: 1, open: () => ({ inputs: mutatedJson([{ name: 'a' }]), give: (input) => (typeof (input as { name?: unknown } | null)?.name === 'string' ? ACCEPTED : refusedWith(String(how(input)))), close: () => undefined }) });

  it.each([
    ['a bug that was thrown', () => (null as unknown as { x: string }).x, /TypeError/],
    ['a stack in place of a sentence', () => new Error('x').stack, /accident/],
    ['an object that nobody turned into words', () => `name is ${String(Object.create(Object.prototype))}`, /accident/],
  ])('would not miss %s', async (_, how, says) => {
    const { violations } = await runEdge(stumbling(how), 200, 1);
    expect(violations[0]?.what).toMatch(says);
  });

  it('would not miss a promise that nobody waits for', () => {
    // Jest has its own ear for those: hence a process of its own.
    const program = `
      const { runEdge } = require(${JSON.stringify(join(FUZZ, '../run-edge.js'))});
      const fc = require('fast-check');
      const open = async () => ({ inputs: fc.nat(), give: () => (Promise.reject(new Error('lost')), { kind: 'accepted' }), close() {} });
      runEdge({ name: 'x', about: '', share: 1, open }, 5, 1).then(({ violations }) => { console.log(violations[0].what); process.exit(0); });`;
    expect(spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', cwd: __dirname }).stdout).toBe('nobody caught: lost\n');
  });

  it('tells a refusal in words from one by accident', () => {
    expect(wrongWith('name is missing; expected a text')).toBeNull();
    for (const said of ['', 'Cannot read properties of null', 'name is undefined', 'a\u001b[31mb', 'x'.repeat(30_000)]) expect(wrongWith(said)).not.toBeNull();
  });
});
