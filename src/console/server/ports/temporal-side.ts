import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { ConsoleRefusal } from '../console-refusal';

/** What the console's ports need of Temporal. */
export interface TemporalSide {
  readonly client: Client;
  /** A workflow's page in the Temporal UI; null where no UI is known. The newest run's where none is named. */
  linkTo(workflowId: string, runId?: string): string | null;
  /** Sends an update, waits for its answer. @throws ConsoleRefusal with the workflow's words where it says no, or does not run */
  update(workflowId: string, message: string, args: object): Promise<string>;
  /** Asks a running workflow for its status; null where nobody answers. */
  statusOf<Status>(workflowId: string): Promise<Status | null>;
  /** At most so many workflows that meet a query, newest first. */
  list(query: string, most: number): Promise<WorkflowExecutionInfo[]>;
}

/** Every workflow answers its status under this name. */
const STATUS = 'status';
const PAGE = 500;

export function openTemporalSide(client: Client, { namespace, temporalUi }: { readonly namespace: string; readonly temporalUi: string | null }): TemporalSide {
  return {
    client,
    linkTo(workflowId, runId) {
      if (temporalUi === null) return null;
      const page = `${temporalUi}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
      return runId === undefined ? page : `${page}/${runId}/history`;
    },
    async update(workflowId, message, args) {
      try {
        return await client.workflow.getHandle(workflowId).executeUpdate<string, [object]>(message, { args: [args] });
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) throw new ConsoleRefusal(409, error.cause?.message ?? error.message);
        if (error instanceof WorkflowNotFoundError) throw new ConsoleRefusal(409, `${workflowId} does not run any more`);
        throw error;
      }
    },
    statusOf: <Status>(workflowId: string) => client.workflow.getHandle(workflowId).query<Status>(STATUS).catch(() => null),
    async list(query, most) {
      const listed: WorkflowExecutionInfo[] = [];
      for await (const one of client.workflow.list({ query, pageSize: Math.min(most, PAGE) })) {
        listed.push(one);
        if (listed.length >= most) break;
      }
      return listed;
    },
  };
}
