import { forecastTable, limitLines, peakLine } from '../single/describe-forecast';
import type { ForecastReport } from '../single/forecast-report';
import { formatSpan } from '../single/format-amount';
import type { TimeZone } from '../single/time-zone';
import { drawForecast } from './draw-forecast';
import { DARK, LIGHT, type Palette } from './plot-scene';
import { escapeXml, sceneToSvg } from './scene-to-svg';

/** A forecast as one HTML file that needs nothing else: the picture, the table and the notes, in light and dark. */
export function forecastPage(report: ForecastReport, zone: TimeZone): string {
  const { title, answer } = report;
  const [heading = [], ...rows] = forecastTable(report, zone);
  const span = formatSpan(answer.quantiles.length * answer.stepMs);
  const facts = [`peak within ${span}: ${peakLine(report)}`, ...limitLines(report), ...answer.notes.map((note) => `note: ${note}`), `model ${answer.model} ${answer.version}, digest ${answer.digest}`];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}: forecast</title>
<style>
:root { ${variables(LIGHT)} }
@media (prefers-color-scheme: dark) { :root { ${variables(DARK)} } }
body { margin: 0 auto; max-width: 1080px; padding: 16px; background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
svg { width: 100%; height: auto; font-family: system-ui, sans-serif; }
table { border-collapse: collapse; margin: 12px 0; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 24px 4px 0; text-align: left; border-bottom: 1px solid var(--grid); }
th { font-weight: 600; color: var(--muted); }
p { margin: 4px 0; overflow-wrap: anywhere; }
</style>
${sceneToSvg(drawForecast(report, zone), `${title}: ${span} of forecast`)}
<table>
<tr>${heading.map((cell) => `<th>${escapeXml(cell)}</th>`).join('')}</tr>
${rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`).join('\n')}
</table>
${facts.map((fact) => `<p>${escapeXml(fact)}</p>`).join('\n')}
</html>
`;
}

function variables(palette: Palette): string {
  return Object.entries(palette).map(([role, color]) => `--${role}: ${color};`).join(' ');
}
