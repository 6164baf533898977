import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { issueAuthority, issueCertificate } from '../../transfer/session/issue-certificate';
import { wholeNumber } from '../parse-options';

interface CertsOptions {
  readonly out: string;
  readonly name: string[];
  readonly days: number;
}

/** `foreshift agent certs` */
export function certsCommand(): Command {
  return new Command('certs')
    .description('Makes an authority and a certificate for each side')
    .requiredOption('--out <folder>', 'where they are put')
    .requiredOption('--name <name...>', 'one for each side')
    .option('--days <days>', 'how long they are good', wholeNumber(1), 30)
    .action(makeCertificates);
}

function makeCertificates({ out, name, days }: CertsOptions): void {
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const authority = issueAuthority('foreshift transfer', Date.now(), days);
  const put = (file: string, text: string): void => writeFileSync(join(out, file), text, { mode: 0o600 });
  put('ca.pem', authority.cert);
  for (const one of name) {
    const { cert, key } = issueCertificate(one, { name: 'foreshift transfer', key: authority.key }, Date.now(), days);
    put(`${one}.pem`, cert);
    put(`${one}.key`, key);
  }
  // The authority's key is kept nowhere: nobody can add a third side later.
  console.log(`${out}: ca.pem and ${name.map((one) => `${one}.pem, ${one}.key`).join(', ')}; the authority's own key was not kept`);
}
