import { InvalidArgumentError, type Command } from 'commander';
import type { CatalogueOptions } from './read-catalogue';

/** What every command about shapes takes. */
export interface LibraryOptions extends CatalogueOptions {
  readonly json?: boolean;
}

export function withLibraryOptions(command: Command): Command {
  return command
    .option('--types <file>', 'the answer of "aws ec2 describe-instance-types" instead of asking EC2')
    .option('--custom <file>', 'JSON of shapes and prices of your own')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON');
}

/** Names with commas between. @throws InvalidArgumentError */
export function names(text: string): string[] {
  const all = text.split(',').map((name) => name.trim());
  if (all.includes('')) throw new InvalidArgumentError('Expected names with commas between.');
  return all;
}

/** @throws InvalidArgumentError */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('Expected a number from 0.');
  return value;
}

/** A number of instances, or a range of it. @throws InvalidArgumentError */
export function range(text: string): { minimum: number; maximum: number } {
  const [, from = '', to = from] = /^(\d+)(?:-(\d+))?$/.exec(text.trim()) ?? [];
  const [minimum, maximum] = [Number(from), Number(to)];
  if (from === '' || minimum < 1 || maximum < minimum) throw new InvalidArgumentError('Expected a number of instances from 1, or a range such as 1-4.');
  return { minimum, maximum };
}
