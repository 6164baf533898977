import type fc from 'fast-check';

/** What became of an input. A refusal is judged by its sentence. */
export type Outcome = { readonly kind: 'accepted' } | { readonly kind: 'refused'; readonly sentence: string };

export const ACCEPTED: Outcome = { kind: 'accepted' };

export function refusedWith(sentence: string): Outcome {
  return { kind: 'refused', sentence };
}

/** What must not be: thrown by an edge that saw it, such as an act by a refused input. */
export class Violation extends Error {}

/** A way into the product, open for inputs. */
export interface OpenEdge<Input> {
  readonly inputs: fc.Arbitrary<Input>;
  /** Gives the product an input. What it throws is a violation: the product answers in words, and the edge turns what is meant as a refusal into one. */
  give(input: Input): Promise<Outcome> | Outcome;
  /** How long an answer may take, where the product itself waits longer than is usual, such as for a connection. */
  readonly withinMs?: number;
  close(): Promise<void> | void;
}

export interface Edge {
  readonly name: string;
  readonly about: string;
  /** Its part of all inputs, in relation to the others' parts. */
  readonly share: number;
  /** Why it cannot be opened on this machine; null where it can. */
  missing?(): Promise<string | null>;
  /** It takes long to open: runs of fewer inputs, over all edges, leave it out unless it is named. */
  readonly leastOfAll?: number;
  open(): Promise<OpenEdge<unknown>>;
}

/** Makes an edge whose inputs have a type of their own. */
export function edge<Input>(parts: Omit<Edge, 'open'> & { readonly open: () => Promise<OpenEdge<Input>> | OpenEdge<Input> }): Edge {
  return { ...parts, open: async () => (parts.open()) };
}
