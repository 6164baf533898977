#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// The SDK's release is pinned: its announcement about later ones is for whoever updates it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const entry = join(__dirname, '..', 'dist', 'src', 'cli', 'main.js');
if (!existsSync(entry)) {
  console.error('foreshift: the program is not built yet. Run "npm run build" (npm ci does it by itself unless scripts are switched off).');
  process.exit(1);
}
require(entry);
