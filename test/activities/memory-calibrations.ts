import { sameCalibrationKey, type CalibrationStore, type StoredCalibration } from '../../src/activities/calibration-port';

/** Calibrations in memory; `calls` counts reads and writes. */
export function memoryCalibrations(): CalibrationStore & { readonly calls: { reads: number; writes: number } } {
  const states = new Map<string, StoredCalibration & { readonly updatedAtMs: number }>();
  const calls = { reads: 0, writes: 0 };
  return {
    calls,
    read: async (subjects) => {
      calls.reads += 1;
      return [...states.values()].filter(({ subject }) => subjects.includes(subject));
    },
    save: async (more) => {
      calls.writes += 1;
      for (const one of more) states.set(sameCalibrationKey(one), one);
    },
    deleteBefore: async (atMs) => {
      for (const [key, { updatedAtMs }] of states) if (updatedAtMs < atMs) states.delete(key);
    },
  };
}
