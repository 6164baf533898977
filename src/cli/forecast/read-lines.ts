import { StringDecoder } from 'node:string_decoder';

/**
 * UTF-8 bytes as lines without their ends. Reads on only when the next line is asked for, unlike `readline`, which runs up to 1,024 lines ahead: a task line
 * may be hundreds of kB long.
 */
export async function* readLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  // In pieces, so that a long line is joined once and not at every read.
  let begun: string[] = [];
  for await (const chunk of bytes) {
    const [first, ...more] = decoder.write(chunk).split('\n');
    begun.push(first ?? '');
    for (const next of more) {
      yield begun.join('');
      begun = [next];
    }
  }
  const rest = begun.join('') + decoder.end();
  if (rest !== '') yield rest;
}
