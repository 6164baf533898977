import type * as tensorflow from '@tensorflow/tfjs';

export type TensorLibrary = typeof tensorflow;

let loading: Promise<TensorLibrary> | undefined;

/**
 * Loads tfjs once per thread, on WebAssembly (SIMD) where that starts and on its plain CPU backend otherwise; both agree to about 1e-5.
 * Loading takes up to a second of CPU and computing blocks the thread, so only worker threads call this.
 */
export function loadTensorBackend(): Promise<TensorLibrary> {
  loading ??= load();
  return loading;
}

async function load(): Promise<TensorLibrary> {
  const tf = await import('@tensorflow/tfjs');
  tf.enableProdMode(); // Without it, tfjs advertises its native package on the console.
  await import('@tensorflow/tfjs-backend-wasm');
  // setBackend answers false where a backend cannot start, and resolves either way.
  const started = await tf.setBackend('wasm').catch(() => false);
  if (!started) await tf.setBackend('cpu');
  await tf.ready();
  return tf;
}
