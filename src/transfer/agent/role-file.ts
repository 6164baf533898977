import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../manifest/write-whole';
import type { TransferStatus } from './transfer-status';

type Role = TransferStatus['role'];

/** Which side is live, kept across restarts: nothing is ever written over a live state. */
export class RoleFile {
  private readonly file: string;

  constructor(folder: string) {
    this.file = join(folder, 'role.json');
  }

  get(): Role {
    return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, 'utf8')) as { readonly role: Role }).role : 'undecided';
  }

  set(role: Role): void {
    writeWhole(this.file, JSON.stringify({ role }));
  }
}
