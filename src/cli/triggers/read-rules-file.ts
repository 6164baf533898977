import { readFile } from 'node:fs/promises';
import { parseRules } from '../../triggers/rules-file';
import type { TriggerRules } from '../../triggers/rules-file';
import { WrongUsage } from '../report-failure';

/** Reads and checks a file of rules. @throws WrongUsage with all that is wrong */
export async function readRulesFile(file: string): Promise<TriggerRules> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new WrongUsage(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    return parseRules(text);
  } catch (error) {
    throw new WrongUsage(`${file}:\n${error instanceof Error ? error.message : String(error)}`);
  }
}
