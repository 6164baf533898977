import { TestWorkflowEnvironment } from '@temporalio/testing';
import { provideTemporal } from '../../infra/local/tools/provision-tools';
import { readConfig } from '../../src/contracts/config';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes';

/** A Temporal dev server with the search attributes and timers that come when they are due. It skips no time. @param settings of its dynamic configuration, as JSON */
export async function startDevServer(settings: Readonly<Record<string, string>> = {}): Promise<TestWorkflowEnvironment> {
  const { home, python, path, temporalCli } = readConfig();
  const tool = await provideTemporal({ home, python, path, temporalCli, env: process.env });
  const attributes = SEARCH_ATTRIBUTES.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]);
  const configured = Object.entries({ 'history.timerProcessorMaxTimeShift': '"10ms"', ...settings }).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]);
  const extraArgs = [...attributes, ...configured];
  return TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path: tool.path }, extraArgs, log: { format: 'pretty', level: 'never' } } });
}
