import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { describeIssues } from '../contracts/describe-issues';

interface JsonFile {
  /** What it should be, for the sentence where it is no JSON. */
  readonly expected: string;
  /** What it is called where no single field is wrong. */
  readonly whole: string;
  /** Why it is no JSON is not told: the reason may repeat what stands in it. */
  readonly isSecret?: boolean;
}

/** Reads a file that one of our processes is set up by. @throws Error naming the file, each field that is wrong, and what was expected */
export function readJsonFile<T>(file: string, schema: z.ZodType<T>, { expected, whole, isSecret = false }: JsonFile): T {
  const read = parsed(file);
  // Without a cause: what is shown of a chain of errors is its innermost sentence, and that must be this one.
  if ('why' in read) throw new Error(`${file}: expected ${expected}${isSecret ? '' : `: ${read.why}`}`);
  const { data, error } = schema.safeParse(read.said);
  if (error !== undefined) throw new Error(`${file}: ${describeIssues(error, whole).join('; ')}`);
  return data;
}

function parsed(file: string): { readonly said: unknown } | { readonly why: string } {
  try {
    return { said: JSON.parse(readFileSync(file, 'utf8')) as unknown };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}
