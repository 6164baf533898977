import type { PolicyScore } from '../../simulation/fleet/compare-policies';
import { htmlPage, htmlParagraphs, htmlTable } from '../forecast/plot/html-page';
import { line, text, type Scene, type Shape } from '../forecast/plot/plot-scene';
import { escapeXml, sceneToSvg } from '../forecast/plot/scene-to-svg';
import { valueTicks } from '../forecast/plot/value-ticks';
import { SCORE_NOTES, scoreTable } from './describe-scores';

const WIDTH = 900;
const HEIGHT = 460;
const FRAME = { left: 80, right: 760, top: 40, bottom: 400 } as const;
/** Labels nearer than this in height, and within their lengths of each other, would lie over each other. */
const LABEL_HEIGHT = 15;
const LETTER_WIDTH = 7.5;
const TEXT_SIZE = 12;

/** A comparison as one HTML file that needs nothing else: every policy by price and overload, and the table. */
export function backtestPage(title: string, scores: readonly PolicyScore[]): string {
  const [heading = [], ...rows] = scoreTable(scores);
  return htmlPage(
    title,
    `<h1>${escapeXml(title)}</h1>
${sceneToSvg(drawTradeOff(scores), 'price and overload of each policy')}
${htmlTable(heading, rows)}
${htmlParagraphs(SCORE_NOTES)}`,
  );
}

/** Price to the right, overload upwards: the nearer to the lower left the better. */
export function drawTradeOff(scores: readonly PolicyScore[]): Scene {
  const xTicks = valueTicks(scores.map(({ usd }) => usd), { lower: 0 });
  const yTicks = valueTicks(scores.map(({ overloadMinutes }) => overloadMinutes), { lower: 0 });
  const x = scale(xTicks, FRAME.left, FRAME.right);
  const y = scale(yTicks, FRAME.bottom, FRAME.top);
  const shapes: Shape[] = [
    ...yTicks.flatMap((tick) => [
      line([[FRAME.left, y(tick)], [FRAME.right, y(tick)]], 'grid', 1),
      text(FRAME.left - 8, y(tick) + 4, String(tick), TEXT_SIZE, 'muted', 'right'),
    ]),
    ...xTicks.map((tick) => text(x(tick), FRAME.bottom + 20, String(tick), TEXT_SIZE, 'muted', 'center')),
    text(FRAME.left, 24, 'overloaded minutes', TEXT_SIZE, 'muted'),
    text(FRAME.right, FRAME.bottom + 42, 'USD', TEXT_SIZE, 'muted', 'right'),
  ];
  const placed: { readonly x: number; readonly y: number; readonly width: number }[] = [];
  for (const { policy, usd, overloadMinutes } of scores.toSorted((a, b) => a.overloadMinutes - b.overloadMinutes)) {
    const own = policy.startsWith('foreshift');
    const at: readonly [number, number] = [x(usd), y(overloadMinutes)];
    const dot = own ? 6 : 4;
    shapes.push(line([[at[0] - dot, at[1]], [at[0] + dot, at[1]]], own ? 'forecast' : 'history', 2 * dot));
    let labelY = at[1] + 4;
    const label = { x: at[0] + 12, width: policy.length * LETTER_WIDTH };
    while (placed.some((other) => Math.abs(other.y - labelY) < LABEL_HEIGHT && other.x < label.x + label.width && label.x < other.x + other.width)) labelY -= LABEL_HEIGHT;
    placed.push({ ...label, y: labelY });
    shapes.push(text(label.x, labelY, policy, TEXT_SIZE, own ? 'forecast' : 'muted'));
  }
  return { width: WIDTH, height: HEIGHT, shapes };
}

function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  return (value) => from + ((value - low) / (high - low || 1)) * (to - from);
}
