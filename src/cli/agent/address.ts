import type { Address } from '../../transfer/session/connect';
import { WrongUsage } from '../report-failure';

/** Reads `host:port`. */
export function address(text: string): Address {
  const match = /^(.+):(\d+)$/.exec(text);
  if (match === null) throw new WrongUsage(`${text}: expected host:port`);
  return { host: match[1] as string, port: Number(match[2]) };
}
