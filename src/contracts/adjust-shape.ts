import type { AdjustmentCost, AdjustmentDecision } from '../domain/shapes/adjustment/decide-adjustment';
import type { ShapeBudget } from '../domain/shapes/adjustment/decide-within-budget';
import type { AdjustmentState } from '../domain/shapes/adjustment/adjustment-state';
import type { ExpectedUse } from '../domain/shapes/adjustment/expected-use';
import type { EnqueueAnswer } from './migration-queue';
import type { MoveRequest } from '../domain/queue/move-request';

export const ADJUST_SHAPE = 'adjustShape';
export const RESIZE_IN_PLACE = 'resizeInPlace';

/** Names of the messages, for clients that do not share the workflow's code. */
export const ADJUST_MESSAGES = { stop: 'stop', status: 'status' } as const;

/** Input of `adjustShape`: only `instanceId` is required. */
export interface AdjustShapeInput {
  readonly instanceId: string;
  /** `observe`, the default, decides and tells, and changes nothing. */
  readonly mode?: 'observe' | 'act';
  /** What overload weighs against price: 0 cost alone, 1 performance alone; default 0.5. */
  readonly tradeoff?: number;
  /** Instance types that it may become; default: all of its family that it can run on. */
  readonly shapes?: readonly string[];
  /** A change beyond it is not made; what is best within it is. */
  readonly budget?: ShapeBudget;
  /** How often it is looked at; default: 5 minutes. */
  readonly everyMs?: number;
  /** Ends after so many looks; default: never. */
  readonly rounds?: number;
}

/** What is remembered from look to look. */
export interface AdjustmentMemory {
  readonly state: AdjustmentState;
  readonly expected: ExpectedUse | null;
}

/** The instance as it was seen, with all that a change needs. */
export interface SeenInstance {
  readonly name: string;
  readonly service: string;
  /** Its fleet, whose queue moves it; null where it has none. */
  readonly fleet: string | null;
  readonly zone: string;
  readonly shape: string;
  readonly targets: readonly { readonly targetGroupArn: string; readonly port: number }[];
  readonly move: Pick<MoveRequest, 'slaClass' | 'sourcePool' | 'costUsd'>;
}

export type ShapeLook =
  | { readonly kind: 'gone'; readonly replacementId: string | null }
  /** It stops, starts or is moved: nothing is decided of it now. */
  | { readonly kind: 'busy'; readonly reason: string }
  | { readonly kind: 'weighed'; readonly decision: AdjustmentDecision; readonly memory: AdjustmentMemory; readonly instance: SeenInstance; readonly beyondBudget: string | null };

export interface AdjustStatus {
  readonly instanceId: string;
  readonly mode: 'observe' | 'act';
  readonly rounds: number;
  readonly shape: string | null;
  readonly last: string;
  /** What would be best without the budget, and what it costs; null: the budget is no limit now. */
  readonly beyondBudget: string | null;
  /** Changes that were wanted, the newest last, at most 20. */
  readonly changes: readonly ShapeChange[];
}

/** `usdPerHourSaved` below 0 is the price of safety. */
export interface ShapeChange extends AdjustmentCost {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly means: string;
  readonly outcome: string;
  readonly reason: string;
  readonly usdPerHourSaved: number;
}

export type AdjustShapeResult = AdjustStatus & {
  /** `HandedOver`: another instance took its place and is looked after by its own workflow. */
  readonly outcome: 'Ended' | 'Stopped' | 'Gone' | 'HandedOver';
  readonly replacementId: string | null;
};

export interface StopArgs {
  readonly reason?: string;
  readonly by?: string;
}

/** Input of `resizeInPlace`: `instanceId`, `reason`, and one of `shape` and `takeBack`. */
export interface ResizeInPlaceInput {
  readonly instanceId: string;
  readonly shape?: string;
  /** Only takes back what an earlier change has begun that was ended from outside. */
  readonly takeBack?: true;
  readonly reason: string;
  /** Beyond it nothing is done. */
  readonly budget?: ShapeBudget;
}

export type ResizeResult =
  | { readonly kind: 'Resized'; readonly from: string; readonly to: string; readonly downMs: number; readonly cost: AdjustmentCost }
  | { readonly kind: 'Refused'; readonly error: string; readonly reasons: readonly string[] }
  | { readonly kind: 'RolledBack'; readonly reasons: readonly string[] }
  | { readonly kind: 'NeedsOperator'; readonly reasons: readonly string[]; readonly left: readonly string[] };

const IN_PLACE = ' in place';

/** Summary of the decision by which a change of type begins; by it what is half done is found again. */
export function resizeSummary(from: string, to: string): string {
  return `${from} becomes ${to}${IN_PLACE}`;
}

export function isResizeSummary(summary: string): boolean {
  return summary.endsWith(IN_PLACE);
}

export interface AdjustActivities {
  /** Forecasts the instance, learns from what came of the last forecast, and decides. */
  weighShape(args: { instanceId: string; memory: AdjustmentMemory; tradeoff: number; shapes: readonly string[] | null; budget: ShapeBudget }): Promise<ShapeLook>;
  /** What it is now, for a change in place, and what that costs. Throws `Conflict` where it cannot be stopped and started without a loss, `BudgetExceeded` with the sum. */
  inspectForResize(args: { instanceId: string; shape: string; budget: ShapeBudget }): Promise<SeenInstance & { readonly cost: AdjustmentCost }>;
  /** The instance as it was before a change that was ended from outside, half way; null where there is none. */
  recallResize(args: { workflowId: string }): Promise<SeenInstance | null>;
  /** Whether it runs and is of that type. */
  isRunningAs(args: { instanceId: string; shape: string }): Promise<boolean>;
  /** Changes the type of a stopped instance; nothing where it is that already. */
  changeShape(args: { instanceId: string; shape: string }): Promise<void>;
  enqueueMoves(args: { fleet: string; requests: readonly MoveRequest[] }): Promise<readonly EnqueueAnswer[]>;
}
