import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';

/** A whole number from `least`, up to `most` where that is given. @throws InvalidArgumentError (exit code 2; commander names the option and the text) */
export function wholeNumber(least: number, most?: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > (most ?? Infinity)) throw new InvalidArgumentError(`Expected a whole number from ${least}${most === undefined ? '' : ` to ${most}`}.`);
    return value;
  };
}

/** Threads that compute: each loads the models, which more of them than cores only makes slower. @throws InvalidArgumentError */
export const threadCount = wholeNumber(1, 2 * availableParallelism());

/** `25,50,100`: percentages that rise and end with all of the traffic. @throws InvalidArgumentError */
export function rampSteps(text: string): number[] {
  const steps = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const rising = steps.every((step, i) => step > (steps[i - 1] ?? 0) && step <= 100);
  if (!rising || steps[steps.length - 1] !== 100) throw new InvalidArgumentError('Expected rising percentages, the list ends with 100: 25,50,100.');
  return steps;
}

/** A duration. @throws InvalidArgumentError */
export function milliseconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number of milliseconds from 1.');
  return value;
}

/** A share of traffic. @throws InvalidArgumentError */
export function percentUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value > 0 && value <= most)) throw new InvalidArgumentError(`Expected a percentage above 0, ${most} at most.`);
    return value;
  };
}
