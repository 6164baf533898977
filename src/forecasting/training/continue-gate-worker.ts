import { parentPort, workerData } from 'node:worker_threads';
import { shippedGates } from '../gate/shipped-gates';
import { toWeightsFile } from '../gate/weights-file';
import { loadTensorBackend } from '../tensor-backend';
import { continueGate } from './continue-gate';
import type { GateTask } from './continue-gate-in-thread';

/** The thread's side of a continued training: does one and ends. */
void (async () => {
  const { series, ...training } = workerData as GateTask;
  const weights = continueGate(await loadTensorBackend(), shippedGates.short, series, training);
  parentPort?.postMessage(weights === null ? null : toWeightsFile(weights));
})();
