import { AwsError } from '../operation';

const MAX_WEIGHT = 999;
const MAX_GROUPS = 5;

/** Refuses what moto lets through: weights outside 0..999, unknown or too many target groups in a forward action. */
export async function checkForwardActions(actions: unknown, isKnown: (groupArn: string) => Promise<boolean>): Promise<void> {
  for (const action of list(actions)) {
    const groups = list(field(field(action, 'ForwardConfig'), 'TargetGroups'));
    if (groups.length > MAX_GROUPS) throw new AwsError('TooManyTargetGroups', `You have specified more than ${MAX_GROUPS} target groups in a forward action.`);
    for (const group of groups) {
      const weight = field(group, 'Weight');
      if (weight !== undefined && (!/^\d+$/.test(text(weight)) || Number(weight) > MAX_WEIGHT)) {
        throw new AwsError('ValidationError', `Target group weight '${text(weight)}' must be an integer between 0 and ${MAX_WEIGHT}.`);
      }
      await checkGroup(field(group, 'TargetGroupArn'), isKnown);
    }
    const only = field(action, 'TargetGroupArn');
    if (only !== undefined) await checkGroup(only, isKnown);
  }
}

async function checkGroup(arn: unknown, isKnown: (groupArn: string) => Promise<boolean>): Promise<void> {
  if (typeof arn === 'string' && (await isKnown(arn))) return;
  throw new AwsError('TargetGroupNotFound', `Target groups '${text(arn)}' not found`);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
