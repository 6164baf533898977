/** Options of every command of the family. */
export interface Common {
  readonly stack: string;
  readonly json?: boolean;
}
