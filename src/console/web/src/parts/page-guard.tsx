import { Component } from 'react';
import type { ReactNode } from 'react';
import { Notice } from './notice';

/** A page that breaks says so, and leaves the way to the others open. After an update of the console, parts of the old page are gone from the server. */
export class PageGuard extends Component<{ readonly children: ReactNode }, { readonly broken: string | null }> {
  override state = { broken: null };

  static getDerivedStateFromError(error: unknown): { readonly broken: string } {
    return { broken: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { broken } = this.state;
    if (broken === null) return this.props.children;
    return <Notice kind="bad">This page broke: {broken}. <button type="button" onClick={() => window.location.reload()}>Load it anew</button></Notice>;
  }
}
