import { DARK, LIGHT, type Palette } from './plot-scene';
import { escapeXml } from './scene-to-svg';

/** One HTML file that needs nothing else, in light and dark. `content` is HTML. */
export function htmlPage(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>
:root { ${variables(LIGHT)} }
@media (prefers-color-scheme: dark) { :root { ${variables(DARK)} } }
body { margin: 0 auto; max-width: 1080px; padding: 16px; background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
h1 { font-size: 19px; }
svg { width: 100%; height: auto; font-family: system-ui, sans-serif; }
table { border-collapse: collapse; margin: 12px 0; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 24px 4px 0; text-align: left; border-bottom: 1px solid var(--grid); }
th { font-weight: 600; color: var(--muted); }
p { margin: 4px 0; overflow-wrap: anywhere; }
</style>
${content}
</html>
`;
}

export function htmlTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<table>
<tr>${cells(heading, 'th')}</tr>
${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}
</table>`;
}

export function htmlParagraphs(sentences: readonly string[]): string {
  return sentences.map((sentence) => `<p>${escapeXml(sentence)}</p>`).join('\n');
}

function cells(row: readonly string[], tag: 'th' | 'td'): string {
  return row.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join('');
}

function variables(palette: Palette): string {
  return Object.entries(palette).map(([role, color]) => `--${role}: ${color};`).join(' ');
}
