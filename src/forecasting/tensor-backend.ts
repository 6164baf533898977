import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

export type TensorLibrary = typeof tf;

let loading: Promise<TensorLibrary> | undefined;

/**
 * Starts tfjs once per thread, on WebAssembly (SIMD) where that starts and on its plain CPU backend otherwise; both agree to about 1e-5.
 * Loading takes up to a second of CPU and computing blocks the thread, so only worker threads import this file.
 */
export function loadTensorBackend(): Promise<TensorLibrary> {
  loading ??= load();
  return loading;
}

async function load(): Promise<TensorLibrary> {
  tf.enableProdMode(); // Without it, tfjs advertises its native package on the console.
  // setBackend answers false where a backend cannot start, and resolves either way.
  const started = await tf.setBackend('wasm').catch(() => false);
  if (!started) await tf.setBackend('cpu');
  await tf.ready();
  return tf;
}
