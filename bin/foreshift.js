#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const entry = join(__dirname, '..', 'dist', 'src', 'cli', 'main.js');
if (!existsSync(entry)) {
  console.error('foreshift: the program is not built yet. Run "npm run build" (npm ci does it by itself unless scripts are switched off).');
  process.exit(1);
}
require(entry);
