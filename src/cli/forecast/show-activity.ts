export interface Activity {
  /** What is being done now; written over what was done before. */
  show(doing: string): void;
  /** Takes the line away again. */
  clear(): void;
}

/** A line that says what is being waited for; nothing at all where nobody watches. */
export function showActivity(terminal: { readonly isTTY?: boolean; write(text: string): unknown }): Activity {
  const write = (text: string): void => void (terminal.isTTY === true && terminal.write(`\r\u001b[K${text}`));
  return { show: (doing) => write(`${doing} …`), clear: () => write('') };
}
