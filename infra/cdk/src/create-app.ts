import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parse } from 'yaml';
import { parseRules } from '../../../src/triggers/rules-file';
import { readSettings } from './deployment-settings';
import { ForeshiftStack } from './foreshift-stack';

/** The app of a settings file (YAML or JSON): checked by cdk-nag wherever it is synthesized. @param outdir where the templates go; default: CDK's own */
export function createApp(file: string, outdir?: string): App {
  const settings = readSettings(parse(readFileSync(file, 'utf8')));
  const rulesFile = settings.triggerRules === undefined ? null : resolve(dirname(file), settings.triggerRules);
  const triggerRules = rulesFile === null ? null : readFileSync(rulesFile, 'utf8');
  // What the intake would refuse at its start is refused here.
  if (triggerRules !== null) parseRules(triggerRules);
  const app = new App(outdir === undefined ? {} : { outdir });
  new ForeshiftStack(app, settings.name, { settings, triggerRules });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
