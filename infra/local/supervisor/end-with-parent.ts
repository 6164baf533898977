const LOOK_EVERY_MS = 500;

/** Ends this process in order on SIGTERM, on SIGINT, and when the process that started it is gone. */
export function endWithParent(close: () => Promise<void>): void {
  const parent = process.ppid;
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    close()
      .catch((error: unknown) => console.error(error))
      .finally(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, LOOK_EVERY_MS).unref();
}
