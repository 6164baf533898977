/** What a handler returns when the resources of a call are not its own: the gateway then forwards the call to moto. */
export const PASS_THROUGH: unique symbol = Symbol('pass-through');
