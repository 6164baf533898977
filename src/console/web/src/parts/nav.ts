/** The pages that stand in the navigation. */
export const PAGES = [
  { page: '', title: 'Fleet' },
  { page: 'moves', title: 'Moves' },
  { page: 'plans', title: 'Plans' },
  { page: 'queue', title: 'Queue' },
  { page: 'capacity', title: 'Capacity' },
  { page: 'accuracy', title: 'Accuracy' },
  { page: 'profiles', title: 'Profiles' },
  { page: 'audit', title: 'Audit' },
] as const;

/** Which of them a page belongs to. */
const PARENTS: Readonly<Record<string, string>> = { instance: '', migration: 'moves', plan: 'plans' };

export function parentOf(page: string): string {
  return PARENTS[page] ?? page;
}
