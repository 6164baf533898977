import { DEFAULT_RULES, selectionOf } from '../../../src/domain/transfer/selection';

describe('selecting what is transferred', () => {
  const usual = selectionOf(DEFAULT_RULES);

  it.each([
    ['data/app.log', false, null],
    ['data/app.log.1', false, 'a rotated log (*.log.[0-9]*)'],
    ['data/app.log.12.gz', false, 'a rotated log (*.log.[0-9]*)'],
    ['a/b/.cache', true, 'a cache (.cache/)'],
    ['a/b/.cache', false, null],
    ['tmp', true, null],
    ['tmp/x', false, 'temporary files (tmp/*)'],
    ['home/tmp/x', false, null],
    ['core.4711', false, 'a memory dump (core.[0-9]*)'],
    ['core.js', false, null],
    ['notes.txt~', false, "an editor's backup (*~)"],
  ])('%s', (path, isFolder, reason) => {
    expect(usual(path, isFolder)).toBe(reason);
  });

  it('lets the first rule that matches decide', () => {
    const select = selectionOf([{ act: 'include', pattern: '*.pid', reason: 'ours' }, { act: 'exclude', pattern: 'logs/**', reason: 'not needed' }, ...DEFAULT_RULES]);
    expect(select('run/a.pid', false)).toBeNull();
    expect(select('logs/deep/er', false)).toBe('not needed (logs/**)');
    expect(select('more.logs/x', false)).toBeNull();
  });
});
