import { openRefusingWorld } from '../command-line/refusing-world';
import { Sandbox } from '../command-line/sandbox';
import { typedLines } from '../command-line/typed-lines';
import { ACCEPTED, edge, refusedWith, Violation, type Outcome } from '../edge';
import { wrongWith } from '../judge-refusal';

const WRONG_USAGE = 2;
const MOST_CODE = 5;

/** The real command line by its own grammar, against a Temporal server, an AWS and a database that refuse everything: what it refuses itself it must not have told any of them. */
export const commandLine = edge<readonly string[]>({
  name: 'command-line',
  about: 'typed lines of every command, against a world that refuses',
  share: 12,
  // What serves is told by time, and a busy machine takes its time.
  leastOfAll: 2_000,
  async open() {
    const world = await openRefusingWorld();
    const sandbox = new Sandbox(world.env);
    const grammar = await sandbox.grammar();
    return {
      inputs: typedLines(grammar),
      // The sandbox gives a line 14 s, and begins anew before some.
      withinMs: 240_000,
      async give(argv): Promise<Outcome> {
        const typed = await sandbox.type(argv);
        const calls = world.takeCalls();
        if (typed === null) throw new Violation('the process ended, or gave no answer');
        const { code, stdout, stderr, stray, served, stops } = typed;
        if (stray[0] !== undefined) throw new Violation(`nobody caught: ${stray[0]}`);
        if (code === null) {
          if (!stops) return ACCEPTED;
          throw new Violation(`it ran on after it was told to stop; it had said: ${stderr.slice(0, 500)}`);
        }
        if (code < 0 || code > MOST_CODE) throw new Violation(`the exit code is ${code}`);
        if (code === WRONG_USAGE && calls.length > 0) throw new Violation(`refused as wrong usage, after ${calls.join(', ')}`);
        const said = stderr.trim() === '' ? stdout : stderr;
        if (code === 0 || served) return ACCEPTED;
        if (calls.length === 0) return refusedWith(said);
        // The line was right, and the world said no: that is told in a sentence as well.
        const wrong = wrongWith(said);
        if (wrong !== null) throw new Violation(`after ${calls[0]}: ${wrong}`);
        return ACCEPTED;
      },
      close() {
        sandbox.close();
        world.close();
      },
    };
  },
});
