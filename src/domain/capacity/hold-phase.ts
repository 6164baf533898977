/** `watching`: nothing is needed, or not yet; `holding`: capacity is reserved, or is being looked for; `ended`: all of it was given back or handed over. */
export type HoldPhase = 'watching' | 'holding' | 'ended';
