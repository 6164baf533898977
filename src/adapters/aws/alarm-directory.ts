import { DescribeAlarmsCommand, ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { nullIfNotFound } from '../../contracts/errors';
import type { AlarmDirectory } from '../../triggers/ports';
import { callAws } from './translate-error';

/** Tags of an alarm are asked for again after so long. */
const TAGS_KEPT_MS = 60_000;
const MOST_KEPT = 10_000;

/** CloudWatch's alarms. */
export function createAlarmDirectory(cloudwatch: CloudWatchClient, now: () => number): AlarmDirectory {
  const kept = new Map<string, { readonly tags: Readonly<Record<string, string>>; readonly atMs: number }>();
  return {
    async stateOf(alarmArn) {
      const name = alarmArn.split(':').slice(6).join(':');
      const { MetricAlarms = [], CompositeAlarms = [] } = await callAws(`read the alarm ${name}`, () => cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] })));
      return [...MetricAlarms, ...CompositeAlarms].find(({ AlarmArn }) => AlarmArn === alarmArn)?.StateValue ?? null;
    },
    async tagsOf(alarmArn) {
      const known = kept.get(alarmArn);
      if (known !== undefined && now() - known.atMs < TAGS_KEPT_MS) return known.tags;
      const answer = await callAws(`read the tags of ${alarmArn}`, () => cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: alarmArn }))).catch(nullIfNotFound);
      const tags = Object.fromEntries((answer?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(alarmArn, { tags, atMs: now() });
      return tags;
    },
  };
}
