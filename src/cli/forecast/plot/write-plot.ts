import { writeFile } from 'node:fs/promises';
import type { ForecastReport } from '../single/forecast-report';
import type { TimeZone } from '../single/time-zone';
import { drawForecast } from './draw-forecast';
import { forecastPage } from './forecast-page';
import { sceneToPng } from './scene-to-png';

/** Writes a forecast's picture. @throws what the file system says, with the path */
export async function writePlot(kind: 'png' | 'html', report: ForecastReport, zone: TimeZone, file: string): Promise<void> {
  await writeFile(file, kind === 'html' ? forecastPage(report, zone) : await sceneToPng(drawForecast(report, zone)));
}
