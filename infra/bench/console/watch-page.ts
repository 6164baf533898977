import { performance } from 'node:perf_hooks';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';

export interface PageFigures {
  /** Page, scripts, styles and answers until the table is there, compressed; without the live stream, which never ends, and without the instances' rows. */
  readonly firstLoadKib: number;
  /** The rows of all instances, compressed. */
  readonly instancesKib: number;
  /** From opening the link until a row's link was clicked. */
  readonly interactiveMs: number;
  /** The longest time that the page's one thread was busy at a stretch while all rows were scrolled through. */
  readonly longestTaskMs: number;
  readonly rowsInPage: number;
}

const STEP_PX = 4_000;

/** Opens the console in Chromium, waits for a row, and scrolls from the first to the last. */
export async function watchPage(executablePath: string, link: string, firstRow: string): Promise<PageFigures & { readonly cookie: string }> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    const urls = new Map<string, string>();
    let [bytes, instanceBytes] = [0, 0];
    session.on('Network.requestWillBeSent', ({ requestId, request }) => void urls.set(requestId, request.url));
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (urls.get(requestId)?.endsWith('/api/instances') === true) instanceBytes += encodedDataLength;
      else bytes += encodedDataLength;
    });
    const beganAtMs = performance.now();
    await page.goto(link);
    await page.getByRole('link', { name: firstRow, exact: true }).click();
    const interactiveMs = performance.now() - beganAtMs;
    const [firstLoadKib, instancesKib] = [bytes / 1_024, instanceBytes / 1_024];
    await page.goBack();
    await page.getByRole('link', { name: firstRow, exact: true }).waitFor();
    const scrolled = await scrollThrough(page);
    const cookies = await page.context().cookies();
    return { firstLoadKib, instancesKib, interactiveMs, ...scrolled, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
  } finally {
    await browser.close();
  }
}

/** A frame a step, as a hand at the scroll bar does. */
async function scrollThrough(page: Page): Promise<Pick<PageFigures, 'longestTaskMs' | 'rowsInPage'>> {
  await page.getByRole('table', { name: 'Instances' }).waitFor();
  return page.evaluate<Pick<PageFigures, 'longestTaskMs' | 'rowsInPage'>>(SCROLL);
}

/** Runs in the page. */
const SCROLL = `(async () => {
  let longestTaskMs = 0;
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => { longestTaskMs = Math.max(longestTaskMs, duration); }));
  observer.observe({ type: 'longtask' });
  const table = document.querySelector('[role="region"][aria-label="Instances"]');
  let rowsInPage = 0;
  for (let top = 0; top < table.scrollHeight; top += ${STEP_PX}) {
    table.scrollTop = top;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    rowsInPage = Math.max(rowsInPage, table.querySelectorAll('tbody tr').length);
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  observer.disconnect();
  return { longestTaskMs, rowsInPage };
})()`;
