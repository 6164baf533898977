import { useEffect, useState } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT_AS = 'foreshift-theme';
const DARK = window.matchMedia('(prefers-color-scheme: dark)');

/** The theme that was chosen in this browser; `system` follows the system's. */
function keptTheme(): Theme {
  return THEMES.find((one) => one === localStorage.getItem(KEPT_AS)) ?? 'system';
}

/** Says on the page's root which colours hold. */
export function showTheme(theme: Theme = keptTheme()): void {
  document.documentElement.dataset['theme'] = theme === 'system' ? (DARK.matches ? 'dark' : 'light') : theme;
}

export function useTheme(): { readonly theme: Theme; readonly choose: (theme: Theme) => void } {
  const [theme, setTheme] = useState<Theme>(keptTheme);
  useEffect(() => {
    const show = () => showTheme(theme);
    show();
    DARK.addEventListener('change', show);
    return () => DARK.removeEventListener('change', show);
  }, [theme]);
  const choose = (chosen: Theme) => {
    localStorage.setItem(KEPT_AS, chosen);
    setTheme(chosen);
  };
  return { theme, choose };
}
