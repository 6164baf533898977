import type { ForecasterPort } from '../activities/forecast-activities';

export function createForecaster(): ForecasterPort & { close(): Promise<void> } {
  throw new Error('the engine comes');
}
