import type { Scene, Shape } from './plot-scene';

const ANCHORS = { left: 'start', center: 'middle', right: 'end' } as const;

/** A picture as an SVG element; colours are the CSS variables `--paper`, `--ink` and so on. `label` is read out instead of it. */
export function sceneToSvg({ width, height, shapes }: Scene, label: string): string {
  const drawn = shapes.map(draw).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(label)}">\n${drawn}\n</svg>`;
}

function draw(shape: Shape): string {
  const color = `var(--${shape.color})`;
  switch (shape.kind) {
    case 'area':
      return `<path d="${pathOf(shape.points)}Z" fill="${color}" fill-opacity="${shape.opacity}"/>`;
    case 'line': {
      const dash = shape.dash === undefined ? '' : ` stroke-dasharray="${shape.dash.join(' ')}"`;
      return `<path d="${pathOf(shape.points)}" fill="none" stroke="${color}" stroke-width="${shape.width}" stroke-linejoin="round"${dash}/>`;
    }
    case 'text':
      return `<text x="${round(shape.at[0])}" y="${round(shape.at[1])}" font-size="${shape.size}" text-anchor="${ANCHORS[shape.align]}" fill="${color}">${escapeXml(shape.text)}</text>`;
  }
}

function pathOf(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

/** A tenth of a px cannot be seen. */
function round(value: number): number {
  return Number(value.toFixed(1));
}

/** For text and attribute values of XML and HTML. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
