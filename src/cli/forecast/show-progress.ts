export interface Progress {
  /** How many are done by now. */
  show(done: number): void;
  /** Takes the line away again. */
  clear(): void;
}

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A line with count and pace that is written over itself; nothing at all where nobody watches. */
export function showProgress(terminal: Terminal, what: string, now: () => number = Date.now): Progress {
  if (terminal.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  const startedMs = now();
  return {
    show(done) {
      const seconds = Math.max(0.001, (now() - startedMs) / 1000);
      terminal.write(`\r\u001b[K${done} ${what}, ${Math.round(done / seconds)}/s`);
    },
    clear: () => void terminal.write('\r\u001b[K'),
  };
}
