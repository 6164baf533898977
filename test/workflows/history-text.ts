import { historyToJSON } from '@temporalio/common/lib/proto-utils';

/** A history as it is committed, on one line. Stack traces name files of the machine that records: the folder is taken out. */
export function historyText(history: Parameters<typeof historyToJSON>[0]): string {
  return `${JSON.stringify(JSON.parse(historyToJSON(history))).replaceAll(`${process.cwd()}/`, '')}\n`;
}
