import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseTrace, readTrace } from '../../../../infra/local/demo/trace-csv';

describe('a trace in CSV', () => {
  it('is read with ISO times, Unix seconds and gaps', () => {
    expect(parseTrace('timestamp,value\n2014-07-01T00:00:00Z,1.5\n2014-07-01 00:30:00,\n1404176400,3\n', 't.csv')).toEqual([
      { atMs: 1404172800000, value: 1.5 },
      { atMs: 1404174600000, value: null },
      { atMs: 1404176400000, value: 3 },
    ]);
  });

  it('may hold other columns, in another order', () => {
    expect(parseTrace('host,Value,Timestamp\na,2,0\n', 't.csv')).toEqual([{ atMs: 0, value: 2 }]);
  });

  it.each([
    ['timestamp,value\n0,1\n300,abc\n', 't.csv, line 3, column value: expected a number or nothing, got "abc"'],
    ['timestamp,value\nyesterday,1\n', 't.csv, line 2, column timestamp: expected an ISO 8601 time or Unix seconds, got "yesterday"'],
    ['timestamp,value\n1404172800000,1\n', 'milliseconds?'],
    ['timestamp,value\n0,1e999\n', 'line 2, column value'],
    ['time,load\n0,1\n', 't.csv, line 1: expected the columns timestamp and value, got time,load'],
    ['', 'got nothing'],
    ['timestamp,value\n0,\n', 'there is no value'],
  ])('is refused with line and column: %j', (text, message) => {
    expect(() => parseTrace(text, 't.csv')).toThrow(message);
  });

  it('is read from a file, gzipped or not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trace-'));
    try {
      const text = 'timestamp,value\n0,1\n';
      await writeFile(join(folder, 'a.csv'), text);
      await writeFile(join(folder, 'a.csv.gz'), gzipSync(text));
      for (const name of ['a.csv', 'a.csv.gz']) await expect(readTrace(join(folder, name))).resolves.toEqual([{ atMs: 0, value: 1 }]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
