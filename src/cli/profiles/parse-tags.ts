import { InvalidArgumentError } from 'commander';
import type { ProfileTags } from '../../domain/profiles/workload-tag';

/** Adds one `key=value` to tags. @throws InvalidArgumentError for anything else, and for a key that was given before */
export function addTag(text: string, before: ProfileTags = {}): ProfileTags {
  const at = text.indexOf('=');
  const [key, value] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || value === '' || /[,\s]/.test(text)) throw new InvalidArgumentError(`expected key=value without commas and spaces, got "${text}"`);
  if (Object.hasOwn(before, key)) throw new InvalidArgumentError(`the tag ${key} was given twice`);
  return { ...before, [key]: value };
}
