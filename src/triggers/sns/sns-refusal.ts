/** The message is at fault, or what it names. */
export class SnsRefusal extends Error {}
