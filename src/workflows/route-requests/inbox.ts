import { CancellationScope, defineSignal, setHandler } from '@temporalio/workflow';
import { ROUTE_MESSAGES, type FollowArgs, type RecommendArgs, type WithdrawArgs } from '../../contracts/route-requests';
import { checkPlainCommand } from '../../domain/queue/queue-input';
import type { RoutedService } from '../../domain/routing/routed-service';
import { checkFollowArgs, checkRecommendArgs } from '../../domain/routing/routing-input';

const recommendSignal = defineSignal<[RecommendArgs]>(ROUTE_MESSAGES.recommend);
const withdrawSignal = defineSignal<[WithdrawArgs | undefined]>(ROUTE_MESSAGES.withdraw);
const followSignal = defineSignal<[FollowArgs]>(ROUTE_MESSAGES.follow);

/** What a routing was told and has not done yet. A signal has no answer: what cannot be meant is handed to `onRefusal`. */
export class Inbox {
  readonly recommended: RecommendArgs[];
  readonly moved: FollowArgs[];
  withdrawn: WithdrawArgs | null = null;
  private scope: CancellationScope | null = null;

  constructor(service: RoutedService, kept: { readonly recommended: readonly RecommendArgs[]; readonly moved: readonly FollowArgs[] }, onRefusal: (problems: readonly string[]) => void) {
    this.recommended = [...kept.recommended];
    this.moved = [...kept.moved];
    const take = (problems: readonly string[], accept: () => void): void => (problems.length > 0 ? onRefusal(problems) : accept());
    setHandler(recommendSignal, (args) => take(checkRecommendArgs(args, service), () => this.recommended.push(args)), { description: 'What is forecast: {"outlook": {...}, "reason": "...", "by": "..."}' });
    setHandler(followSignal, (args) => take(checkFollowArgs(args, service), () => this.moved.push(args)), { description: 'A member is at another place now: {"memberId": "a", "host": "10.0.0.7", "port": 8080}' });
    setHandler(withdrawSignal, (args) => take(checkPlainCommand(args, 'withdraw'), () => this.withdraw(args ?? {})), { description: 'Ends it: {"reason": "...", "by": "..."}' });
  }

  get isEmpty(): boolean {
    return this.recommended.length === 0 && this.moved.length === 0 && this.withdrawn === null;
  }

  /** Runs what a withdrawal breaks off: a balancer that is not ready yet is not waited for then. */
  async untilWithdrawn<T>(work: () => Promise<T>): Promise<T> {
    this.scope = new CancellationScope();
    try {
      return await this.scope.run(work);
    } finally {
      this.scope = null;
    }
  }

  private withdraw(args: WithdrawArgs): void {
    this.withdrawn = args;
    this.scope?.cancel();
  }
}
