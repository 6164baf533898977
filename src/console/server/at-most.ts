import { bodyLimit } from 'hono/body-limit';
import { ConsoleRefusal } from './console-refusal';

/** Refuses a longer body, whether its length is told ahead or not. */
export function atMost(bytes: number) {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw new ConsoleRefusal(413, `request: expected at most ${bytes} bytes`);
    },
  });
}
