/** The order of a walk that enters a folder before it goes on: by bytes, with the separator before everything else. Negative: a comes first. */
export function comparePaths(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = weight(a, i) - weight(b, i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function weight(path: string, at: number): number {
  const code = path.charCodeAt(at);
  return code === 47 ? 0 : code;
}
