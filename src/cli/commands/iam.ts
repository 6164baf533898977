import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { policyDocument } from '../../adapters/aws/iam/policy-document';
import { ROLE_PERMISSIONS, type Role } from '../../adapters/aws/iam/roles';

interface Options {
  readonly account: string;
  readonly partition: string;
  readonly why?: boolean;
}

/** `foreshift iam` */
export function iamCommand(): Command {
  return new Command('iam')
    .description('Prints the least that a process of Foreshift needs to be allowed to on AWS, as an IAM policy')
    .addArgument(new Argument('<role>', 'which process').choices(Object.keys(ROLE_PERMISSIONS)))
    .option('--account <id>', 'twelve digits: the policy names this account in its resources', accountOf, '*')
    .addOption(new Option('--partition <name>', "of AWS's").choices(['aws', 'aws-cn', 'aws-us-gov']).default('aws'))
    .option('--why', 'what is allowed and why, instead')
    .addHelpText('after', '\nAn instance that carries none of the tags foreshift:fleet, foreshift:owner and foreshift:replicas cannot be stopped, changed or ended by it.\n\nExamples:\n  foreshift iam worker --account 123456789012 > worker.json\n  aws iam put-role-policy --role-name foreshift-worker --policy-name foreshift --policy-document file://worker.json\n  foreshift iam triggers --why')
    .action((role: Role, { why, ...scope }: Options) => console.log(why === true ? reasonsOf(role) : JSON.stringify(policyDocument(ROLE_PERMISSIONS[role], scope), null, 2)));
}

function reasonsOf(role: Role): string {
  return ROLE_PERMISSIONS[role].map(({ sid, why, actions }) => `${sid}: ${why}\n  ${actions.join(', ')}`).join('\n');
}

function accountOf(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('expected twelve digits');
  return text;
}
