export type HistoryType = 'ConfigurationUpdate' | 'StateUpdate' | 'Action';

export interface HistoryItem {
  readonly AlarmName: string;
  readonly AlarmType: 'MetricAlarm' | 'CompositeAlarm';
  /** Epoch seconds. */
  readonly Timestamp: number;
  readonly HistoryItemType: HistoryType;
  readonly HistorySummary: string;
  readonly HistoryData: string;
}

const LIMIT = 10_000;

/** What happened to alarms, oldest first; it outlives a deleted alarm as on AWS. */
export class AlarmHistory {
  private readonly items: HistoryItem[] = [];

  add(item: HistoryItem): void {
    this.items.push(item);
    if (this.items.length > LIMIT) this.items.splice(0, this.items.length - LIMIT);
  }

  list(): readonly HistoryItem[] {
    return this.items;
  }
}
