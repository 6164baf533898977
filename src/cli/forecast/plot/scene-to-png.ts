import { dirname, join } from 'node:path';
import CanvasKitInit, { type Canvas, type CanvasKit, type Font, type Paint } from 'canvaskit-wasm/full';
import { LIGHT, type Scene, type Shape } from './plot-scene';

/** Pixels for each px of the scene: sharp on dense screens and in print. */
const SCALE = 2;
/** The font inside Skia's full build has one width for all letters and is wider than a page's: it is set smaller. */
const FONT_SHARE = 0.88;

/** A picture as a PNG on light paper, drawn by Skia with the font that comes inside its full build. */
export async function sceneToPng(scene: Scene): Promise<Uint8Array> {
  const folder = dirname(require.resolve('canvaskit-wasm/full'));
  const kit = await CanvasKitInit({ locateFile: (file) => join(folder, file) });
  const surface = kit.MakeSurface(scene.width * SCALE, scene.height * SCALE);
  if (surface === null) throw new Error(`there is no memory for a picture of ${scene.width * SCALE} x ${scene.height * SCALE} pixels`);
  const font = new kit.Font(kit.Typeface.GetDefault(), 12);
  font.setSubpixel(true);
  const canvas = surface.getCanvas();
  canvas.scale(SCALE, SCALE);
  canvas.clear(kit.parseColorString(LIGHT.paper));
  for (const shape of scene.shapes) draw({ kit, canvas, font }, shape);
  surface.flush();
  const bytes = surface.makeImageSnapshot().encodeToBytes();
  surface.dispose();
  if (bytes === null) throw new Error('the picture could not be written as PNG');
  return bytes;
}

interface Pen {
  readonly kit: CanvasKit;
  readonly canvas: Canvas;
  readonly font: Font;
}

function draw(pen: Pen, shape: Shape): void {
  const { kit, canvas } = pen;
  const paint = new kit.Paint();
  paint.setAntiAlias(true);
  paint.setColor(kit.parseColorString(LIGHT[shape.color]));
  switch (shape.kind) {
    case 'area':
      paint.setAlphaf(shape.opacity);
      drawPath(pen, shape.points, paint);
      break;
    case 'line':
      paint.setStyle(kit.PaintStyle.Stroke);
      paint.setStrokeWidth(shape.width);
      paint.setStrokeJoin(kit.StrokeJoin.Round);
      if (shape.dash !== undefined) paint.setPathEffect(kit.PathEffect.MakeDash([...shape.dash]));
      drawPath(pen, shape.points, paint);
      break;
    case 'text': {
      pen.font.setSize(shape.size * FONT_SHARE);
      const width = pen.font.getGlyphWidths(pen.font.getGlyphIDs(shape.text)).reduce((sum, one) => sum + one, 0);
      const before = { left: 0, center: width / 2, right: width }[shape.align];
      canvas.drawText(shape.text, shape.at[0] - before, shape.at[1], paint, pen.font);
    }
  }
  paint.delete();
}

function drawPath({ kit, canvas }: Pen, points: readonly (readonly [number, number])[], paint: Paint): void {
  const commands = points.flatMap(([x, y], i) => [i === 0 ? kit.MOVE_VERB : kit.LINE_VERB, x, y]);
  const path = kit.Path.MakeFromCmds(commands);
  if (path === null) return;
  canvas.drawPath(path, paint);
  path.delete();
}
