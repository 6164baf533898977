import { forecastTable, limitLines, peakLine } from '../single/describe-forecast';
import type { ForecastReport } from '../single/forecast-report';
import { formatSpan } from '../single/format-amount';
import type { TimeZone } from '../single/time-zone';
import { drawForecast } from './draw-forecast';
import { htmlPage, htmlParagraphs, htmlTable } from './html-page';
import { sceneToSvg } from './scene-to-svg';

/** A forecast as one HTML file that needs nothing else: the picture, the table and the notes, in light and dark. */
export function forecastPage(report: ForecastReport, zone: TimeZone): string {
  const { title, answer } = report;
  const [heading = [], ...rows] = forecastTable(report, zone);
  const span = formatSpan(answer.quantiles.length * answer.stepMs);
  const facts = [`peak within ${span}: ${peakLine(report)}`, ...limitLines(report), ...answer.notes.map((note) => `note: ${note}`), `model ${answer.model} ${answer.version}, digest ${answer.digest}`];
  return htmlPage(
    `${title}: forecast`,
    `${sceneToSvg(drawForecast(report, zone), `${title}: ${span} of forecast`)}
${htmlTable(heading, rows)}
${htmlParagraphs(facts)}`,
  );
}
