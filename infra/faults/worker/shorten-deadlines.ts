import type { ActivityOptions, WorkflowInterceptorsFactory, WorkflowOutboundCallsInterceptor } from '@temporalio/workflow';
import { workflowInfo } from '@temporalio/workflow';
import { msToNumber } from '@temporalio/common/lib/time';
import { MOST_MS } from '../control/protocol';

/**
 * In the bundle of the fault worker alone: where a case says so by its memo, activities are given up sooner. What has no
 * deadline is given none: a case of it must not end.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const outbound: WorkflowOutboundCallsInterceptor = {
    scheduleActivity(input, next) {
      const mostMs: unknown = workflowInfo().memo?.[MOST_MS];
      const options: ActivityOptions = input.options;
      if (typeof mostMs !== 'number' || options.scheduleToCloseTimeout === undefined) return next(input);
      return next({ ...input, options: { ...options, scheduleToCloseTimeout: Math.min(msToNumber(options.scheduleToCloseTimeout), mostMs) } });
    },
  };
  return { outbound: [outbound] };
};
