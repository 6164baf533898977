#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// The SDK's release is pinned: its announcement about later ones is for whoever updates it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// The agent's part is small, and so is what it loads.
const main = process.argv[2] === 'agent' ? 'agent-main.js' : 'main.js';
const entry = join(__dirname, '..', 'dist', 'src', 'cli', main);
if (!existsSync(entry)) {
  console.error('foreshift: the program is not built yet. Run "npm run build" (npm ci does it by itself unless scripts are switched off).');
  process.exit(1);
}
require(entry);
