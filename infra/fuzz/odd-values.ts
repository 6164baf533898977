/** Texts that programs have stumbled over. None is a word by which a refusal is judged: a sentence may quote them. */
export const ODD_TEXTS: readonly string[] = [
  '', ' ', '\t', '\n', '\r\n', '\0', '\u001b[31m', '\u202e', '\ufeff', '\ud800', '\u{1F600}', 'é', 'e\u0301', 'ﷺ', '0', '-1', '1e999', 'NaN', 'Infinity', '-Infinity', '0x10', '1_000', '١٢', '9'.repeat(400), 'true', 'null', '[]', '{}', '"', "'", '`', '\\', '/', '..', '../..', '%00', '%', '%2e%2e%2f',
  '${jndi:ldap://x}', '${instanceId}', '$(id)', ';id', '|', '*', '?', '(a+)+$', '<script>', "' OR 1=1 --", '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'i-0123456789abcdef0', 'arn:aws:sns:us-east-1:123456789012:t', '2026-13-45T99:99:99Z', '2026-11-26T10:00:00Z', '+275760-09-13T00:00:00.001Z', '99999999d', 'x'.repeat(501), 'x'.repeat(70_000), '--', '-', '--help', '=', 'a=b', ',', 'a,b', '1,2,100', ':', '::1', 'http://127.0.0.1:1/', 'file:///dev/null', '/dev/null',
];

export const ODD_NUMBERS: readonly number[] = [0, -0, 1, -1, 0.1, 0.5, 100, 101, 1e3, 1e9, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 1e21, 1e308, -1e308, 5e-324, 8.64e15, 8.64e15 + 1];

/** How deep what is nested stands: beyond what a recursion of one's own survives. */
const DEEP = 20_000;
export const DEEP_LIST = `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`;

/** As JSON texts, for there is no other way to say some of them, such as a key that is there twice or an own `__proto__`. */
export const ODD_JSON: readonly string[] = [
  'null', 'true', 'false', '[]', '{}', '[[]]', '[null]', '[{}]', '""', '{"__proto__":{"a":1}}', '{"constructor":{"prototype":{"a":1}}}', '{"toString":1,"valueOf":2}', '{"length":-1}', '{"a":1,"a":2}', '1e999', '-0', '{"":""}', '[1,2,3,"4"]', '{"kind":"x"}', '{"kind":null}', '{"then":1}', '{"toJSON":1}',
  DEEP_LIST, `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`, `[${'0,'.repeat(5_000)}0]`,
];

/** Keys of objects that are not like others, and of fields that are none. */
export const ODD_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'then', 'toJSON', '', ' ', '0', '\0', 'a.b', 'kind', 'by', 'x'.repeat(300)];
