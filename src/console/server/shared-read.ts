/** One answer for all who ask within `forMs`: fifty viewers cost what one does. What failed is asked anew. */
export function sharedRead<T>(read: () => Promise<T>, forMs: number, nowMs: () => number = Date.now): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly untilMs: number } | null = null;
  return () => {
    if (last !== null && nowMs() < last.untilMs) return last.answer;
    const mine = { answer: read(), untilMs: nowMs() + forMs };
    mine.answer.catch(() => {
      if (last === mine) last = null;
    });
    last = mine;
    return mine.answer;
  };
}
