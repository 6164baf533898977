import { join } from 'node:path';
import type { WeightsFile } from '../gate/weights-file';
import type { LoadSeries } from '../load-series';
import { startThread } from '../../threads/start-thread';
import type { ContinuedTraining } from './continue-gate';

export interface GateTask extends ContinuedTraining {
  readonly series: readonly LoadSeries[];
}

/** Trains the shipped gate further in a thread of its own, which forecasts need not wait for; null as `continueGate` says. */
export function continueGateInThread(task: GateTask): Promise<WeightsFile | null> {
  return new Promise((resolve, reject) => {
    const worker = startThread(join(__dirname, 'continue-gate-worker'), { ...task });
    worker.once('message', (weights: WeightsFile | null) => {
      resolve(weights);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the training thread ended with code ${code}`)));
  });
}
