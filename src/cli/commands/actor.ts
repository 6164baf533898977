import { Command, Option } from 'commander';
import { publicKeyOf, writeSigningKey } from '../../adapters/signing-key';
import { ROLES } from '../../domain/roles';

interface KeyOptions {
  readonly name: string;
  readonly role: string;
  readonly out: string;
  readonly speaksForOthers?: boolean;
}

/** `foreshift actor key` */
export function actorCommand(): Command {
  const actor = new Command('actor').description('Who may speak to running workflows, and how they prove it');
  actor
    .command('key')
    .description("makes somebody's key: the private one for FORESHIFT_ACTOR_KEY, and the line about them for the workers' FORESHIFT_ACTORS")
    .requiredOption('--name <name>', 'as it stands in the audit')
    .addOption(new Option('--role <role>', 'what they may').choices(ROLES).default('operator'))
    .option('--speaks-for-others', "for a face that logs people in: its key may speak in anybody's name and role")
    .requiredOption('--out <file>', 'the private key; the public one beside it ends with .pub')
    .addHelpText('after', '\nExamples:\n  foreshift actor key --name ada --role approver --out ada.pem\n  foreshift actor key --name console --role admin --speaks-for-others --out console.pem')
    .action(({ name, role, out, speaksForOthers }: KeyOptions) => {
      const { publicFile } = writeSigningKey(out);
      console.error(`${out} is the private key: FORESHIFT_ACTOR_KEY. The line for the list in the workers' FORESHIFT_ACTORS:`);
      console.log(JSON.stringify({ name, role, publicKey: publicKeyOf(publicFile), ...(speaksForOthers === true ? { speaksForOthers } : {}) }));
    });
  return actor;
}
