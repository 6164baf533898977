/**
 * Turns calls of one into calls of many: while a call runs, what comes in waits and goes with the next one. Where a call
 * fails, everything in it does.
 */
export function createBatcher<Item, Result>(run: (items: readonly Item[]) => Promise<readonly Result[]>, mostItems: number): (item: Item) => Promise<Result> {
  const waiting: { readonly item: Item; readonly resolve: (result: Result) => void; readonly reject: (error: unknown) => void }[] = [];
  let running = false;

  const drain = async (): Promise<void> => {
    running = true;
    // What is asked for in the same turn goes together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostItems);
      try {
        const results = await run(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, i) => resolve(results[i] as Result));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!running) void drain();
    });
}
