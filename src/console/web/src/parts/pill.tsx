import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'idle';

/** A state: told by a word and a shape, and by colour besides. */
export interface StateLook {
  readonly text: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

export function Pill({ text, tone, icon }: StateLook): ReactNode {
  return <span className={`pill ${tone}`}><Icon name={icon} size={12} />{text}</span>;
}
