import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sentenceOf } from '../../../src/cli/report-failure';
import { ACCEPTED, edge, refusedWith } from '../edge';
import { mutatedJsonText } from '../mutate-json';
import { mutatedText } from '../mutate-text';
import { FILE_READERS, type FileReader } from './file-readers';

interface GivenFile {
  readonly file: string;
  readonly text: string;
}

const OWNERS_ALONE = 0o600;
const BY_NAME = new Map(FILE_READERS.map((reader) => [reader.file, reader]));

/** Files that somebody writes for the product: settings, rules, channels, accounts, keys, calendars, histories. */
export const files = edge<GivenFile>({
  name: 'files',
  about: 'settings, rules, channels, accounts, keys, policies, calendars, CSV',
  share: 22,
  open() {
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-files-'));
    for (const { file } of FILE_READERS) {
      writeFileSync(join(folder, file), '');
      // Keys that others may read are refused before they are read.
      chmodSync(join(folder, file), OWNERS_ALONE);
    }
    return {
      inputs: fc.constantFrom(...FILE_READERS).chain((reader) => textsOf(reader).map((text) => ({ file: reader.file, text }))),
      async give({ file, text }) {
        const path = join(folder, file);
        writeFileSync(path, text);
        try {
          await BY_NAME.get(file)?.read(path);
          return ACCEPTED;
        } catch (error) {
          if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error;
          return refusedWith(sentenceOf(error));
        }
      },
      close: () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});

/** Changed as text, and where it is JSON as a document as well: it stays one then, and is wrong deeper. */
function textsOf({ file, examples, words }: FileReader): fc.Arbitrary<string> {
  const asText = mutatedText(examples, words);
  if (!file.endsWith('.json') && !file.endsWith('.jsonl')) return asText;
  return fc.oneof({ weight: 1, arbitrary: asText }, { weight: 3, arbitrary: mutatedJsonText(examples.map((example) => JSON.parse(example) as unknown)) });
}
