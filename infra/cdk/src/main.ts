import { parseArgs } from 'node:util';
import { createApp } from './create-app';

/** `node main.js SETTINGS.yaml [--output DIR]`: writes the templates, without AWS and without CDK's command line. */
function main(): void {
  const { positionals: [file], values: { output } } = parseArgs({ allowPositionals: true, options: { output: { type: 'string', default: 'cdk.out' } } });
  if (file === undefined) throw new Error('expected a settings file, such as infra/cdk/example.yaml');
  createApp(file, output).synth();
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
