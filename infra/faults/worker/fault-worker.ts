import { readConfig } from '../../../src/contracts/config';
import { runWorker } from '../../../src/workers/worker-main';
import { FaultInterceptor } from './fault-interceptor';
import { carryWireFaults } from './wire-faults';

/** `node fault-worker.js CONTROL_URL BUNDLE`: the product's worker, and between it and its activities the matrix. */
const [controlUrl = '', workflowBundle = ''] = process.argv.slice(2);

const { awsEndpoint, otherRegions } = readConfig();
const endpoints = [awsEndpoint, ...otherRegions.map((one) => one.awsEndpoint)];
carryWireFaults(new Set(endpoints.flatMap((endpoint) => (endpoint === null ? [] : [Number(new URL(endpoint).port)]))));

runWorker(() => process.stdout.write('{"ready":true}\n'), {
  workflowBundle,
  activityInterceptors: [(context) => ({ inbound: new FaultInterceptor(context, controlUrl) })],
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
