/** What a colour stands for; light and dark decide how it looks. */
export type ColorRole = 'paper' | 'ink' | 'muted' | 'grid' | 'history' | 'forecast' | 'limit';

type Point = readonly [x: number, y: number];

export type Shape =
  | { readonly kind: 'area'; readonly points: readonly Point[]; readonly color: ColorRole; readonly opacity: number }
  | { readonly kind: 'line'; readonly points: readonly Point[]; readonly color: ColorRole; readonly width: number; readonly dash?: readonly number[] }
  | { readonly kind: 'text'; readonly at: Point; readonly text: string; readonly size: number; readonly color: ColorRole; readonly align: 'left' | 'center' | 'right' };

/** A picture as shapes in drawing order, in px from the upper left. SVG and PNG are made of the same one. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** A line through points, in px. */
export function line(points: readonly Point[], color: ColorRole, width: number, dash?: readonly number[]): Shape {
  return { kind: 'line', points, color, width, ...(dash === undefined ? {} : { dash }) };
}

/** Words at a place, in px. */
export function text(x: number, y: number, words: string, size: number, color: ColorRole, align: 'left' | 'center' | 'right' = 'left'): Shape {
  return { kind: 'text', at: [x, y], text: words, size, color, align };
}

export type Palette = Readonly<Record<ColorRole, string>>;

export const LIGHT: Palette = { paper: '#ffffff', ink: '#17212b', muted: '#5c6a78', grid: '#e4e9ee', history: '#44515e', forecast: '#1566c0', limit: '#c8322b' };
export const DARK: Palette = { paper: '#11161c', ink: '#e8eef4', muted: '#93a1af', grid: '#27313b', history: '#c0cbd6', forecast: '#5aa9ff', limit: '#ff7468' };
