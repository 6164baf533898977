import type { PolicyScore } from '../../simulation/fleet/compare-policies';
import { DARK, LIGHT, type ColorRole, type Palette, type Scene, type Shape } from '../forecast/plot/plot-scene';
import { escapeXml, sceneToSvg } from '../forecast/plot/scene-to-svg';
import { valueTicks } from '../forecast/plot/value-ticks';
import { SCORE_NOTES, scoreTable } from './describe-scores';

const WIDTH = 900;
const HEIGHT = 460;
const FRAME = { left: 80, right: 760, top: 40, bottom: 400 } as const;
/** Labels nearer than this in height, and within their lengths of each other, would lie over each other. */
const LABEL_HEIGHT = 15;
const LETTER_WIDTH = 7.5;

/** A comparison as one HTML file that needs nothing else: every policy by price and overload, and the table. */
export function backtestPage(title: string, scores: readonly PolicyScore[]): string {
  const [heading = [], ...rows] = scoreTable(scores);
  const cells = (row: readonly string[], tag: string): string => row.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join('');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>
:root { ${variables(LIGHT)} }
@media (prefers-color-scheme: dark) { :root { ${variables(DARK)} } }
body { margin: 0 auto; max-width: 900px; padding: 16px; background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
h1 { font-size: 19px; }
svg { width: 100%; height: auto; font-family: system-ui, sans-serif; }
table { border-collapse: collapse; margin: 12px 0; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 20px 4px 0; text-align: left; border-bottom: 1px solid var(--grid); }
th { font-weight: 600; color: var(--muted); }
</style>
<h1>${escapeXml(title)}</h1>
${sceneToSvg(drawTradeOff(scores), 'price and overload of each policy')}
<table>
<tr>${cells(heading, 'th')}</tr>
${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}
</table>
${SCORE_NOTES.map((note) => `<p>${escapeXml(note)}</p>`).join('\n')}
</html>
`;
}

/** Price to the right, overload upwards: the nearer to the lower left the better. */
export function drawTradeOff(scores: readonly PolicyScore[]): Scene {
  const xTicks = valueTicks(scores.map(({ usd }) => usd), { lower: 0 });
  const yTicks = valueTicks(scores.map(({ overloadMinutes }) => overloadMinutes), { lower: 0 });
  const x = scale(xTicks, FRAME.left, FRAME.right);
  const y = scale(yTicks, FRAME.bottom, FRAME.top);
  const shapes: Shape[] = [
    ...yTicks.flatMap((tick): Shape[] => [
      { kind: 'line', points: [[FRAME.left, y(tick)], [FRAME.right, y(tick)]], color: 'grid', width: 1 },
      text(FRAME.left - 8, y(tick) + 4, String(tick), 'right'),
    ]),
    ...xTicks.map((tick) => text(x(tick), FRAME.bottom + 20, String(tick), 'center')),
    text(FRAME.left, 24, 'overloaded minutes', 'left'),
    text(FRAME.right, FRAME.bottom + 42, 'USD', 'right'),
  ];
  const placed: { readonly x: number; readonly y: number; readonly width: number }[] = [];
  for (const { policy, usd, overloadMinutes } of scores.toSorted((a, b) => a.overloadMinutes - b.overloadMinutes)) {
    const own = policy.startsWith('foreshift');
    const at: readonly [number, number] = [x(usd), y(overloadMinutes)];
    const dot = own ? 6 : 4;
    shapes.push({ kind: 'line', points: [[at[0] - dot, at[1]], [at[0] + dot, at[1]]], color: own ? 'forecast' : 'history', width: 2 * dot });
    let labelY = at[1] + 4;
    const label = { x: at[0] + 12, width: policy.length * LETTER_WIDTH };
    while (placed.some((other) => Math.abs(other.y - labelY) < LABEL_HEIGHT && other.x < label.x + label.width && label.x < other.x + other.width)) labelY -= LABEL_HEIGHT;
    placed.push({ ...label, y: labelY });
    shapes.push(text(label.x, labelY, policy, 'left', own ? 'forecast' : 'muted'));
  }
  return { width: WIDTH, height: HEIGHT, shapes };
}

function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  return (value) => from + ((value - low) / (high - low || 1)) * (to - from);
}

function text(x: number, y: number, words: string, align: 'left' | 'center' | 'right', color: ColorRole = 'muted'): Shape {
  return { kind: 'text', at: [x, y], text: words, size: 12, color, align };
}

function variables(palette: Palette): string {
  return Object.entries(palette).map(([role, color]) => `--${role}: ${color};`).join(' ');
}
