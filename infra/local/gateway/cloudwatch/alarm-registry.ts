import { AwsError } from '../operation';
import type { Alarm, AlarmSettings, AlarmState, AlarmStateValue } from './alarm';
import { AlarmHistory } from './alarm-history';
import type { AlarmNotifier } from './alarm-notifier';
import { snsTime } from './alarm-messages';
import { holds, parseCompositeRule } from './composite-rule';
import { evaluateMetricAlarm } from './evaluate-metric-alarm';
import type { MetricStore } from './metric-store';

const EVALUATE_EVERY_MS = 1000;

export interface AlarmRegistryOptions {
  readonly store: MetricStore;
  readonly notifier: AlarmNotifier;
  readonly region: string;
  readonly accountId: string;
  readonly now?: () => number;
}

/** All alarms: evaluates them every second and announces every change of state. */
export class AlarmRegistry {
  readonly history = new AlarmHistory();
  private readonly alarms = new Map<string, Alarm>();
  private readonly announcements = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;
  private readonly now: () => number;

  constructor(private readonly options: AlarmRegistryOptions) {
    this.now = options.now ?? Date.now;
    this.timer = setInterval(() => this.evaluate(), EVALUATE_EVERY_MS);
    this.timer.unref();
  }

  /** Creates or replaces an alarm. A replaced one keeps its state; it is evaluated again at once. */
  put(definition: AlarmSettings): void {
    const { AlarmName: name, ActionsEnabled: enabled, Tags: tags } = definition.settings;
    const atMs = this.now();
    const existing = this.alarms.get(name);
    if (existing !== undefined && existing.definition.type !== definition.type) {
      throw new AwsError('ValidationError', `An alarm of another type with the name ${name} already exists.`);
    }
    if (existing !== undefined) {
      existing.definition = definition;
      existing.configuredAtMs = atMs;
      existing.actionsEnabled = enabled ?? true;
    } else {
      this.alarms.set(name, {
        arn: `arn:aws:cloudwatch:${this.options.region}:${this.options.accountId}:alarm:${name}`,
        definition,
        configuredAtMs: atMs,
        actionsEnabled: enabled ?? true,
        state: { value: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', atMs },
        tags: new Map((tags ?? []).map(({ Key, Value }) => [Key, Value])),
      });
    }
    this.record(name, definition.type, 'ConfigurationUpdate', `Alarm "${name}" ${existing === undefined ? 'created' : 'updated'}`, definition.settings);
    this.evaluate();
  }

  delete(names: readonly string[]): void {
    const missing = names.filter((name) => !this.alarms.has(name));
    if (missing.length > 0) throw new AwsError('ResourceNotFound', `Alarms [${missing.join(', ')}] do not exist.`, 404);
    for (const name of names) {
      const alarm = this.get(name);
      this.alarms.delete(name);
      this.record(name, alarm.definition.type, 'ConfigurationUpdate', `Alarm "${name}" deleted`, alarm.definition.settings);
    }
  }

  get(name: string): Alarm {
    const alarm = this.alarms.get(name);
    if (alarm === undefined) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist.`, 404);
    return alarm;
  }

  findByArn(arn: string): Alarm | undefined {
    return [...this.alarms.values()].find((alarm) => alarm.arn === arn);
  }

  list(): readonly Alarm[] {
    return [...this.alarms.values()];
  }

  /** SetAlarmState: lasts until an evaluation finds another state, up to a second as on AWS ("temporarily"). */
  setState(name: string, value: AlarmState, reason: string, reasonData: string | undefined): void {
    this.enter(this.get(name), { value, reason, ...(reasonData === undefined ? {} : { reasonData }), atMs: this.now() });
    this.evaluateComposites();
  }

  /** Waits until every message that is on its way has been sent. */
  async settle(): Promise<void> {
    while (this.announcements.size > 0) await Promise.all(this.announcements);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.settle();
  }

  private evaluate(): void {
    for (const alarm of this.alarms.values()) {
      if (alarm.definition.type !== 'MetricAlarm') continue;
      const verdict = evaluateMetricAlarm(this.options.store, alarm.definition.settings, this.now());
      if (verdict === undefined) continue;
      this.enter(alarm, { value: verdict.state, reason: verdict.reason, reasonData: verdict.reasonData, atMs: this.now() });
    }
    this.evaluateComposites();
  }

  /** Composites may name composites: repeated until nothing changes, at most once per alarm. */
  private evaluateComposites(): void {
    const composites = [...this.alarms.values()].flatMap((alarm) =>
      alarm.definition.type === 'CompositeAlarm' ? [{ alarm, rule: parseCompositeRule(alarm.definition.settings.AlarmRule) }] : [],
    );
    for (let round = 0; round < composites.length; round += 1) {
      let changed = false;
      for (const { alarm, rule } of composites) {
        const value = holds(rule, (name) => this.alarms.get(name)?.state.value) ? 'ALARM' : 'OK';
        if (value === alarm.state.value) continue;
        this.enter(alarm, { value, reason: `The rule evaluated to ${value === 'ALARM'}`, atMs: this.now() });
        changed = true;
      }
      if (!changed) return;
    }
  }

  private enter(alarm: Alarm, next: AlarmStateValue): void {
    const previous = alarm.state;
    if (previous.value === next.value) return;
    alarm.state = next;
    const name = alarm.definition.settings.AlarmName;
    const type = alarm.definition.type;
    const states = { oldState: { stateValue: previous.value, stateReason: previous.reason }, newState: { stateValue: next.value, stateReason: next.reason } };
    this.record(name, type, 'StateUpdate', `Alarm updated from ${previous.value} to ${next.value}`, states);
    const announcement = this.announce(alarm, previous).finally(() => this.announcements.delete(announcement));
    this.announcements.add(announcement);
  }

  private async announce(alarm: Alarm, previous: AlarmStateValue): Promise<void> {
    const { AlarmName: name } = alarm.definition.settings;
    for (const { action, error } of await this.options.notifier.notify(alarm, previous)) {
      const summary = error === undefined ? `Successfully executed action ${action}` : `Failed to execute action ${action}. Received error: "${error}"`;
      this.record(name, alarm.definition.type, 'Action', summary, { actionState: error === undefined ? 'Succeeded' : 'Failed', notificationResource: action, publishedAt: snsTime(this.now()) });
    }
  }

  private record(name: string, type: AlarmSettings['type'], kind: 'ConfigurationUpdate' | 'StateUpdate' | 'Action', summary: string, data: unknown): void {
    this.history.add({
      AlarmName: name,
      AlarmType: type,
      Timestamp: this.now() / 1000,
      HistoryItemType: kind,
      HistorySummary: summary,
      HistoryData: JSON.stringify({ version: '1.0', ...(data as object) }),
    });
  }
}
