/** Reads from Envoy's admin which version of each resource is live. */
export class EnvoyAdmin {
  constructor(private readonly port: number) {}

  /** Versions by the name of the statistic that carries them; empty while Envoy doesn't answer. */
  async versions(): Promise<ReadonlyMap<string, string>> {
    try {
      const url = `http://127.0.0.1:${this.port}/stats?type=TextReadouts&filter=version_text`;
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
      const text = await response.text();
      const lines = text.split('\n').map((line) => /^(.+?)\.version_text: "(.*)"$/.exec(line.trim()));
      return new Map(lines.flatMap((match) => (match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const])));
    } catch {
      return new Map();
    }
  }
}
