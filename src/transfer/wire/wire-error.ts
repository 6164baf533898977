/** The peer sent what is no frame, or one that was damaged on the way. The connection is of no use any more. */
export class WireError extends Error {}
