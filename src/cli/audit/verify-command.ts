import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { sha256 } from '../../activities/digest';
import { GENESIS_HASH } from '../../adapters/postgres/audit-schema';
import { checkSigned, verifySignedAudit } from '../../adapters/postgres/verify-signed-audit';
import { readSignatureCheck } from '../../adapters/signing-key';
import type { AuditRecord } from '../../contracts/audit';
import { ChainCheck, type ChainVerdict } from '../../domain/audit-chain';
import type { AuditCheckpoint, CheckedCheckpoints } from '../../domain/audit-checkpoint';
import { canonicalJson } from '../../domain/canonical-json';
import { resolveConfig, withDatabase } from '../environment';
import { WrongUsage } from '../report-failure';

interface VerifyOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly publicKey?: string;
  readonly checkpoints?: string;
  readonly file?: string;
}

/** `foreshift audit verify` */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('re-computes the whole chain and checks what was signed; exit code 1 where anything was changed, moved, removed or cut off')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .option('--public-key <file>', 'of the key that signs; default: of FORESHIFT_AUDIT_KEY')
    .option('--checkpoints <file>', 'checkpoints that were kept elsewhere (one JSON a line, as "audit checkpoint" prints them), beside those in the database')
    .option('--file <file>', 'an export of everything as jsonl, in place of the database')
    .addHelpText('after', '\nThe database holds records and checkpoints: whoever owns it can cut off the newest of both. Only checkpoints kept elsewhere show that.')
    .action(verify);
}

async function verify(options: VerifyOptions): Promise<void> {
  const keyFile = options.publicKey ?? (options.file === undefined ? (await resolveConfig(options.stack)).auditKey : null);
  const kept = options.checkpoints === undefined ? [] : readCheckpoints(options.checkpoints);
  if (keyFile === null && kept.length > 0) throw new WrongUsage('--public-key is missing; expected the file of the key that signed the checkpoints');
  const check = keyFile === null ? null : readSignatureCheck(keyFile);
  if (options.file !== undefined) {
    const checked = checkSigned(kept, check);
    return print(await verifyFile(options.file, checked), checked, options);
  }
  await withDatabase(options.stack, async (db) => {
    const { verdict, checked } = await verifySignedAudit(db, check, kept);
    print(verdict, checked, options);
  });
}

async function verifyFile(file: string, { good }: CheckedCheckpoints): Promise<ChainVerdict> {
  const check = new ChainCheck(GENESIS_HASH, sha256, good);
  let at = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    at += 1;
    const { seq, previousHash, hash, ...entry } = lineOf<AuditRecord>(file, at, line);
    check.add({ seq, previousHash, hash, entry: canonicalJson(entry) });
  }
  return check.verdict();
}

function readCheckpoints(file: string): AuditCheckpoint[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [lineOf<AuditCheckpoint>(file, i + 1, line)]));
}

function lineOf<T extends { readonly seq: number; readonly hash: string }>(file: string, at: number, line: string): T {
  try {
    const read = JSON.parse(line) as Partial<T> | null;
    if (typeof read?.seq === 'number' && typeof read.hash === 'string') return read as T;
  } catch {
    // Said below.
  }
  throw new Error(`${file}, line ${at}: expected JSON with seq and hash`);
}

function print({ records, head, problems }: ChainVerdict, { good, problems: badSignatures, unknown }: CheckedCheckpoints, { json }: VerifyOptions): void {
  const all = [...problems, ...badSignatures];
  const signedTo = Math.max(0, ...good.map(({ seq }) => seq));
  if (all.length > 0) process.exitCode = 1;
  if (json === true) return console.log(JSON.stringify({ intact: all.length === 0, records, head, problems: all, checkpoints: { good: good.length, unknown, signedTo } }, null, 2));
  if (all.length > 0) return console.log(all.join('\n'));
  const signed = good.length === 0 ? 'none of them signed' : `signed up to record ${signedTo} by ${good.length} checkpoints`;
  console.log(`${records} records, chain verified, ${signed}, head ${head}`);
  if (unknown > 0) console.log(`${unknown} checkpoints are of a key that was not given (--public-key)`);
}
