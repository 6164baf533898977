import type { ApprovalLinkStore } from '../../../adapters/postgres/approval-links';
import { ConsoleRefusal } from '../console-refusal';
import { speakAs } from '../speaking';
import type { ApprovalPorts, MigrationPorts, PlanPorts } from './console-ports';

const NOT_GOOD = 'this link is not good (any more): it approves once, and only while the approval is waited for';

/** Approvals by a link that somebody was sent, without a login. The link's channel stands in the audit as who approved. */
export function openApprovals(links: Omit<ApprovalLinkStore, 'issue'>, { approveMigration, approvePlan }: Pick<MigrationPorts, 'approveMigration'> & Pick<PlanPorts, 'approvePlan'>): ApprovalPorts {
  return {
    async lookAtApproval(secret) {
      const found = await links.find(secret);
      if (found === null) throw new ConsoleRefusal(404, NOT_GOOD);
      return found.wanted;
    },
    async approveByLink(secret) {
      const found = await links.spend(secret);
      if (found === null) throw new ConsoleRefusal(404, NOT_GOOD);
      const { subject, planHash } = found.wanted;
      const args = { planHash, by: linkActor(found.channel) };
      try {
        return await speakAs({ actor: args.by, role: 'approver' }, () => (subject.kind === 'plan' ? approvePlan(subject.planId, args) : approveMigration(subject.instanceId, args)));
      } catch (error) {
        // A workflow that said no says no again; what was not reached may be.
        if (!(error instanceof ConsoleRefusal)) await links.restore(secret);
        throw error;
      }
    },
  };
}

/** Whoever holds a link that a channel was sent. */
function linkActor(channel: string): string {
  return `link:${channel}`;
}
