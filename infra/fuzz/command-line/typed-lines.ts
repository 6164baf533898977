import fc from 'fast-check';
import { ODD_TEXTS } from '../odd-values';
import type { CommandGrammar, OptionGrammar } from './grammar';
import { FILES } from './sandbox';

const INSTANCE = 'i-0123456789abcdef0';
/** What is right for some option, by what its name tells; elsewhere it is as wrong as an odd text, and looks better. */
const VALUES: readonly { readonly of: RegExp; readonly texts: readonly string[] }[] = [
  { of: /stack/, texts: ['default', 'nowhere'] },
  { of: /instance/i, texts: [INSTANCE, 'i-01234567', 'i-xyz'] },
  { of: /file|rules|config|history|csv|events|calendar|policy|request|input|out|key|cert|ca|users|oidc|catalog|custom|trace|channels|checkpoints|folder|dir/i, texts: [...FILES, '.', 'missing.json', 'out.txt', '-'] },
  { of: /ms$|seconds|minutes|count|limit|max|min|top|days|rounds|port|seed|trials|origins|horizon|percent|usd|weight|every|bake/i, texts: ['1', '5', '100', '60000', '0.5', '9464'] },
  { of: /since|until|at|from|to|deadline|window|after|for/i, texts: ['2h', '90m', '3d', '2026-11-26T10:00:00Z', '2099-01-01T00:00:00Z', '2026-11-26T10:00:00Z/2026-11-26T12:00:00Z'] },
  { of: /zone|region/i, texts: ['us-east-1', 'us-east-1a', 'us-east-1a,us-east-1b', 'Europe/Berlin'] },
  { of: /shape|type|families/i, texts: ['m7i.large', 'm7i.large,m7i.xlarge'] },
  { of: /tag|workload/i, texts: ['app=web', 'app=web,tier=front'] },
  { of: /steps|ramp/i, texts: ['25,50,100', '100'] },
  { of: /listen|address|to$|upstream|service|socket/i, texts: ['127.0.0.1:1', 'edge', '127.0.0.1:0'] },
];
const ANY = ['web', 'shop', 'm7i.large', INSTANCE, 'app=web', '1', '100', '2h', 'cpuPercent', 'act', 'observe', 'json', 'r-1', 'ada', 'a reason'];

const odd = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...ODD_TEXTS) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) });

/** A value that somebody may have meant, or an odd one. */
function valueFor(name: string, choices: readonly string[]): fc.Arbitrary<string> {
  const meant = choices.length > 0 ? choices : (VALUES.find(({ of }) => of.test(name))?.texts ?? ANY);
  return fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...meant) }, { weight: 1, arbitrary: fc.constantFrom(...ANY) }, { weight: 2, arbitrary: odd });
}

function optionOf({ flag, value, choices }: OptionGrammar): fc.Arbitrary<readonly string[]> {
  if (value === null) return fc.constant([flag]);
  return fc.tuple(valueFor(value, choices), fc.boolean()).map(([text, joined]) => (joined && flag.startsWith('--') ? [`${flag}=${text}`] : [flag, text]));
}

function lineOf({ words, arguments: args, options }: CommandGrammar): fc.Arbitrary<readonly string[]> {
  const given = args.map(({ name, required, many, choices }) => fc.array(valueFor(name, choices), { minLength: required ? 1 : 0, maxLength: many ? 3 : 1 }));
  const needed = options.filter(({ mandatory }) => mandatory);
  const chosen = options.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...options).chain(optionOf), { maxLength: 4 });
  const mandatory = fc.tuple(...needed.map(optionOf));
  return fc.tuple(fc.tuple(...given), mandatory, chosen).map(([own, must, may]) => [...words, ...own.flat(), ...must.flat(), ...may.flat()]);
}

/** Lines that the command line might be given: most are a command's own, some with words that are odd, missing, doubled or in another order. */
export function typedLines(grammar: readonly CommandGrammar[]): fc.Arbitrary<readonly string[]> {
  const right = fc.constantFrom(...grammar).chain(lineOf);
  const shaken = fc.tuple(right, fc.array(fc.tuple(fc.constantFrom('insert', 'delete', 'double', 'swap'), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), odd), { minLength: 1, maxLength: 3 })).map(([line, changes]) => changes.reduce<readonly string[]>(shake, line));
  const globals = fc.tuple(fc.constantFrom('--config', '--profile', '--address', '--namespace'), fc.oneof(odd, fc.constantFrom('rules.yaml', 'missing.yaml', '127.0.0.1:1'))).map(([flag, value]) => [flag, value]);
  return fc
    .oneof({ weight: 8, arbitrary: right }, { weight: 3, arbitrary: shaken }, { weight: 1, arbitrary: fc.tuple(globals, right).map(([before, line]) => [...before, ...line]) }, { weight: 1, arbitrary: fc.array(odd, { maxLength: 4 }) })
    // No process can be given these.
    .map((line) => line.map((word) => word.replaceAll('\0', '').replace(/[\ud800-\udfff]/g, '\ufffd')));
}

function shake(line: readonly string[], [act, at, text]: readonly [string, number, string]): readonly string[] {
  const place = Math.floor(at * (line.length + 1));
  const [before, after] = [line.slice(0, place), line.slice(place)];
  if (act === 'insert') return [...before, text, ...after];
  if (act === 'delete') return [...before, ...after.slice(1)];
  return act === 'double' ? [...before, ...after.slice(0, 1), ...after] : [...after, ...before];
}
