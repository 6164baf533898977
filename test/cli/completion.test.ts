import { execFileSync } from 'node:child_process';
import { Command, Option } from 'commander';
import { bashScript } from '../../src/cli/completion/bash-script';

describe('completion in bash', () => {
  const audit = new Command('audit').addCommand(new Command('list').option('--since <time>', 'x').option('-q', 'x')).addCommand(new Command('verify'));
  const plan = new Command('plan').addOption(new Option('--mode <mode>', 'x').choices(['observe', 'propose', 'act']));
  const script = bashScript([audit, plan]);

  /** What bash offers after these words, the last of which is being typed. */
  function offered(...words: string[]): string[] {
    const typed = ['foreshift', ...words].map((word) => `'${word}'`).join(' ');
    const run = `${script}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _foreshift; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['--norc', '-c', run], { cwd: '/' }).toString().split('\n').filter((line) => line !== '');
  }

  it.each<[string, readonly string[], readonly string[]]>([
    ['commands', [''], ['audit', 'plan']],
    ['commands by their beginning', ['pl'], ['plan']],
    ['subcommands', ['audit', ''], ['list', 'verify']],
    ["a subcommand's options", ['audit', 'list', '--'], ['--since', '--help']],
    ['options after other words', ['audit', 'list', '--since', '2h', '--h'], ['--help']],
    ['the words that an option takes', ['plan', '--mode', ''], ['observe', 'propose', 'act']],
    ['those by their beginning', ['plan', '--mode', 'pro'], ['propose']],
    ['nothing where nothing fits', ['nothing'], []],
  ])('offers %s', (_, words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('offers files where words are free', () => {
    expect(offered('plan', 'et')).toEqual(['etc']);
  });
});
