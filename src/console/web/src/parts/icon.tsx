import type { ReactNode } from 'react';

/** Shapes that tell states apart without colour; 16 by 16. */
const PATHS = {
  play: 'M5 3l8 5-8 5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  check: 'M6.4 12.6L2 8.2l1.6-1.6 2.8 2.8L12.4 3.4 14 5z',
  back: 'M7 3v3h3a4 4 0 010 8H5v-2h5a2 2 0 000-4H7v3L2 7z',
  cross: 'M4.2 2.8L8 6.6l3.8-3.8 1.4 1.4L9.4 8l3.8 3.8-1.4 1.4L8 9.4l-3.8 3.8-1.4-1.4L6.6 8 2.8 4.2z',
  alert: 'M8 1.5L15 14H1zM7.2 6v4h1.6V6zm0 5v1.5h1.6V11z',
  stop: 'M3 3h10v10H3z',
  clock: 'M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zm-.8 3h1.6v3.2l2.3 2.3-1.1 1.1-2.8-2.8z',
  info: 'M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM7.2 4h1.6v1.6H7.2zm0 2.8h1.6V12H7.2z',
  up: 'M8 4l5 6H3z',
  down: 'M8 12L3 6h10z',
  out: 'M9 2h5v5h-2V5.4L7.4 10 6 8.6 10.6 4H9zM3 4h4v2H5v5h5V9h2v4H3z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 14 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return <svg width={size} height={size} viewBox="0 0 16 16" fill="currentColor" fillRule="evenodd" aria-hidden="true"><path d={PATHS[name]} /></svg>;
}

/** A link that leaves the console for the Temporal UI. */
export function TemporalLink({ url, text = 'In the Temporal UI' }: { readonly url: string | null; readonly text?: string }): ReactNode {
  if (url === null) return null;
  return <a className="button" href={url} target="_blank" rel="noreferrer">{text} <Icon name="out" /></a>;
}
