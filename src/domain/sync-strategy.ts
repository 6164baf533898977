/**
 * How the shadow gets the source's state. `none`: as of the image, and what the source writes afterwards is not carried
 * over; for services that keep nothing of their own. `image`: snapshots of the data volumes until nothing changes any more.
 * `blocks`: the same, but what the shadow is given is what it has, with only the changed blocks written on top.
 * `replicate`: agents on both sides copy it while the service writes, and hand it over in a pause. `application`: the service replicates by itself,
 * as a database does; its hooks on both sides tell how far it is, and hand it over.
 */
export const SYNC_STRATEGIES = ['none', 'image', 'blocks', 'replicate', 'application'] as const;

export type SyncStrategy = (typeof SYNC_STRATEGIES)[number];

/** Strategies whose state has one writer, on one side, and goes over at one moment. */
export type HandedOverStrategy = Extract<SyncStrategy, 'replicate' | 'application'>;

export function isHandedOver(strategy: SyncStrategy): strategy is HandedOverStrategy {
  return strategy === 'replicate' || strategy === 'application';
}

export const SYNC_TAG = 'foreshift:sync';

/** What was asked for, else what the source's tag says, else `image`. A tag that says something else is answered with a sentence: its state would not be treated as its owner wants. */
export function syncStrategyOf(asked: SyncStrategy | undefined, tags: Readonly<Record<string, string>>): { readonly strategy: SyncStrategy } | { readonly problem: string } {
  const said = asked ?? tags[SYNC_TAG] ?? 'image';
  const strategy = SYNC_STRATEGIES.find((one) => one === said);
  return strategy === undefined ? { problem: `the tag ${SYNC_TAG} is "${said}"; expected ${SYNC_STRATEGIES.map((one) => `"${one}"`).join(' or ')}` } : { strategy };
}
