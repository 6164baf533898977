/** A key of 32 bytes that payloads are encrypted by. */
export interface DataKey {
  readonly id: string;
  readonly key: Uint8Array;
  /** The key itself, encrypted by the key that `id` names; it travels with what it encrypts. Null for a key that is known by its id. */
  readonly wrapped: Uint8Array | null;
}

/** Where the keys of payloads come from. */
export interface DataKeys {
  /** The one that encrypts now. */
  current(): Promise<DataKey>;
  /** The one that encrypted something. @throws Error where it is not known */
  byId(id: string, wrapped: Uint8Array | null): Promise<Uint8Array>;
}
