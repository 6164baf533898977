import type { FleetView } from '../console-api';
import type { ConsolePorts } from './ports/console-ports';

export interface LiveFleet {
  /** Calls at once with what is known, then whenever it changed, until the answer is called. */
  follow(onView: (view: FleetView) => void): () => void;
}

/** One reader for all viewers: fifty of them cost Temporal and Postgres what one does, and none nothing. */
export function createLiveFleet({ readFleet }: Pick<ConsolePorts, 'readFleet'>, everyMs: number): LiveFleet {
  const viewers = new Set<(view: FleetView) => void>();
  let last: FleetView | null = null;
  let reading = false;

  async function readOn(): Promise<void> {
    if (reading) return;
    reading = true;
    while (viewers.size > 0) {
      const view = await readFleet().then(
        (fleet) => ({ ...fleet, trouble: null }),
        (error: unknown) => ({ migrations: last?.migrations ?? [], plans: last?.plans ?? [], trouble: error instanceof Error ? error.message : String(error) }),
      );
      if (JSON.stringify(view) !== JSON.stringify(last)) for (const tell of viewers) tell(view);
      last = view;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    reading = false;
    // What was read for viewers who left is old for the next.
    last = null;
  }

  return {
    follow(onView) {
      viewers.add(onView);
      if (last !== null) onView(last);
      void readOn();
      return () => void viewers.delete(onView);
    },
  };
}
