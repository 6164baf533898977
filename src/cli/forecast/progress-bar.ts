const CELLS = 24;

/** "██████░░ 12 of 60" */
export function progressBar(done: number, of: number): string {
  const filled = of === 0 ? CELLS : Math.round((CELLS * done) / of);
  return `${'█'.repeat(filled)}${'░'.repeat(CELLS - filled)} ${done} of ${of}`;
}
