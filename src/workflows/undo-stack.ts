import { CancellationScope } from '@temporalio/workflow';
import { sentenceOf } from './sentence-of';

/** One way back. `guards` marks an undo before which nothing further down may run if it fails. */
interface Undo {
  readonly name: string;
  readonly undo: () => Promise<void>;
  readonly guards: boolean;
}

/**
 * The ways back of a saga, registered before the acts they undo and run last-in-first-out where no cancellation reaches
 * them. An undo that fails does not stop the others, unless it guards them: the shadow must not be terminated while
 * traffic could not be taken from it.
 */
export class UndoStack {
  private readonly stack: Undo[] = [];

  push(name: string, undo: () => Promise<void>, options: { guards?: boolean } = {}): void {
    this.stack.push({ name, undo, guards: options.guards ?? false });
  }

  names(): string[] {
    return this.stack.map((entry) => entry.name).reverse();
  }

  /** From here on there is no way back. */
  forget(): void {
    this.stack.length = 0;
  }

  /** Runs every undo; returns what failed, with its reason. */
  async unwind(onUndo: (name: string) => void): Promise<string[]> {
    return CancellationScope.nonCancellable(async () => {
      const failed: string[] = [];
      for (let entry = this.stack.pop(); entry !== undefined; entry = this.stack.pop()) {
        onUndo(entry.name);
        try {
          await entry.undo();
        } catch (error) {
          failed.push(`${entry.name}: ${sentenceOf(error)}`);
          if (entry.guards) {
            failed.push(...this.stack.splice(0).reverse().map((rest) => `${rest.name}: not tried, because "${entry.name}" failed`));
          }
        }
      }
      return failed;
    });
  }
}
