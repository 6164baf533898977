import type { TransferStatus } from '../../transfer/agent/transfer-status';

/** One line for a reader: where it is, how fast, what is to be expected. */
export function describeTransfer(status: TransferStatus): string {
  const parts = [
    `${status.phase} (${status.role}), round ${status.rounds}: ${status.why}`,
    `${megabytes(status.readBytes)} read, ${megabytes(status.wireBytes)} sent`,
    status.dirtyBytesPerSecond === null ? null : `${megabytes(status.dirtyBytesPerSecond)}/s change, ${megabytes(status.throughputBytesPerSecond ?? 0)}/s can be sent, ${megabytes(status.lagBytes ?? 0)} behind`,
    status.pauseMs !== null ? `pause ${status.pauseMs.toFixed(0)} ms, predicted ${status.pausePredictedMs?.toFixed(0)} ms` : status.predictedPauseMs === null ? null : `pause predicted ${status.predictedPauseMs.toFixed(0)} ms`,
    status.door === null ? null : `door: ${status.door.isHolding ? `${status.door.held} requests wait` : `passes to ${status.door.upstream.host}:${status.door.upstream.port}`}, ${status.door.inFlight} under way`,
    status.skippedCount === 0 ? null : `${status.skippedCount} paths skipped (--json lists them)`,
  ];
  return parts.filter((part) => part !== null).join('; ');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
