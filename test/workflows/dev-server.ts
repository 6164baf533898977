import { TestWorkflowEnvironment } from '@temporalio/testing';
import { provideTemporal } from '../../infra/local/tools/provision-tools';
import { readConfig } from '../../src/contracts/config';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes';

/** A Temporal dev server with the search attributes and timers that come when they are due. It skips no time. */
export async function startDevServer(): Promise<TestWorkflowEnvironment> {
  const { home, python, path, temporalCli } = readConfig();
  const tool = await provideTemporal({ home, python, path, temporalCli, env: process.env });
  const attributes = SEARCH_ATTRIBUTES.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]);
  const extraArgs = [...attributes, '--dynamic-config-value', 'history.timerProcessorMaxTimeShift="10ms"'];
  return TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path: tool.path }, extraArgs, log: { format: 'pretty', level: 'never' } } });
}
