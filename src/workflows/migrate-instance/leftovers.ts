import { say } from '../activity-proxies';
import { sentenceOf } from '../sentence-of';
import type { Migration } from './migration';
import type { Place } from './place';

type Where = Pick<Migration, 'owner' | 'here' | 'there'>;

/** Where the move may have left something: one place where it stays in its region, else two. */
export function placesOf({ here, there }: Pick<Where, 'here' | 'there'>): readonly Place[] {
  return here === there ? [here] : [here, there];
}

/** What of this run still exists, one line each; what is in another region names it, since ids do not tell. */
export async function leftoversOf(where: Where): Promise<readonly string[]> {
  const found: string[] = [];
  for (const place of placesOf(where)) found.push(...(await leftoversIn(place, where.owner)));
  return found;
}

/** The same on the way back: a place that cannot be asked is named, and the other one is asked all the same. */
export async function leftoversAsFarAsKnown(where: Where): Promise<readonly string[]> {
  const found: string[] = [];
  for (const place of placesOf(where)) {
    const unknown = `it is unknown whether anything is left over${inRegion(place)}`;
    found.push(...(await leftoversIn(place, where.owner).catch((error: unknown) => [`${unknown}: ${sentenceOf(error)}`])));
  }
  return found;
}

async function leftoversIn(place: Place, owner: Where['owner']): Promise<readonly string[]> {
  const found = await say(place.undos.listLeftovers, 'Is anything left over?', { owner });
  return found.map((line) => `${line}${inRegion(place)}`);
}

function inRegion({ other }: Place): string {
  return other === null ? '' : ` in ${other.region}`;
}
