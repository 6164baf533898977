import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { showTheme } from './theme';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element "root"');
// Before anything is drawn: a page that turns dark after a moment hurts.
showTheme();
createRoot(root).render(<StrictMode><App /></StrictMode>);
