import { Command } from 'commander';
import { sealAudit } from '../../adapters/postgres/audit-checkpoints';
import { readSigner, writeSigningKey } from '../../adapters/signing-key';
import { resolveConfig, withDatabase } from '../environment';

/** `foreshift audit key` */
export function keyCommand(): Command {
  return new Command('key')
    .description('makes a key that signs checkpoints: a private one for the workers (FORESHIFT_AUDIT_KEY), a public one to verify by')
    .requiredOption('--out <file>', 'the private key; the public one beside it ends with .pub')
    .action(({ out }: { readonly out: string }) => {
      const { keyId, publicFile } = writeSigningKey(out);
      console.log(`key ${keyId}: ${out} (keep it secret), ${publicFile}`);
    });
}

/** `foreshift audit checkpoint` */
export function checkpointCommand(): Command {
  return new Command('checkpoint')
    .description('signs the newest record by FORESHIFT_AUDIT_KEY and prints the checkpoint as one line of JSON, to be kept elsewhere; nothing where it is signed already')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .action(async ({ stack }: { readonly stack: string }) => {
      const { auditKey } = await resolveConfig(stack);
      if (auditKey === null) throw new Error('FORESHIFT_AUDIT_KEY is missing; expected the file of a key as "foreshift audit key" makes it');
      const checkpoint = await withDatabase(stack, (db) => sealAudit(db, readSigner(auditKey), Date.now()));
      if (checkpoint !== null) console.log(JSON.stringify(checkpoint));
    });
}
