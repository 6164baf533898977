import { Dialog, DialogDescription, DialogDismiss, DialogHeading } from '@ariakit/react/dialog';
import { useState } from 'react';
import type { ReactNode } from 'react';

interface ActDialogProps {
  /** On the button that opens it. */
  readonly button: string;
  readonly title: string;
  readonly children: ReactNode;
  /** On the button that does it. */
  readonly confirm: string;
  readonly look: 'primary' | 'danger';
  /** Asks for a reason, which stands in the audit. */
  readonly withReason?: boolean;
  readonly onConfirm: (reason: string) => void;
}

const LONGEST_REASON = 500;

/** A button, and the question that stands before what it does: what will happen, and under which reason. */
export function ActDialog({ button, title, children, confirm, look, withReason = false, onConfirm }: ActDialogProps): ReactNode {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const say = () => {
    setOpen(false);
    onConfirm(reason);
    setReason('');
  };
  return (
    <>
      <button type="button" className={look} onClick={() => setOpen(true)}>{button}</button>
      <Dialog className="dialog" open={open} onClose={() => setOpen(false)} backdrop={<div className="backdrop" />}>
        <DialogHeading>{title}</DialogHeading>
        <DialogDescription render={<div />}>{children}</DialogDescription>
        <form onSubmit={(event) => { event.preventDefault(); say(); }}>
          {withReason && <label>Reason, which stands in the audit<input value={reason} required maxLength={LONGEST_REASON} autoFocus onChange={(event) => setReason(event.target.value)} /></label>}
          <div className="row">
            <DialogDismiss>Not now</DialogDismiss>
            <button type="submit" className={look}>{confirm}</button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
