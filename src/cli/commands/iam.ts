import { Command, InvalidArgumentError } from 'commander';
import { policyDocument } from '../../adapters/aws/iam/policy-document';
import { ROLE_PERMISSIONS, type Role } from '../../adapters/aws/iam/roles';

interface Options {
  readonly account: string;
  readonly partition: string;
  readonly why?: boolean;
}

const ROLES = Object.keys(ROLE_PERMISSIONS) as Role[];

/** `foreshift iam` */
export function iamCommand(): Command {
  return new Command('iam')
    .description('Prints the least that a process of Foreshift needs to be allowed to on AWS, as an IAM policy')
    .argument('<role>', `one of: ${ROLES.join(', ')}`, roleOf)
    .option('--account <id>', 'twelve digits: the policy names this account in its resources', accountOf, '*')
    .option('--partition <name>', 'aws, aws-cn or aws-us-gov', 'aws')
    .option('--why', 'a table of what is allowed and why, instead')
    .addHelpText('after', '\nAn instance that carries none of the tags foreshift:fleet, foreshift:owner and foreshift:replicas cannot be stopped, changed or ended by it.\n\nExamples:\n  foreshift iam worker --account 123456789012 > worker.json\n  aws iam put-role-policy --role-name foreshift-worker --policy-name foreshift --policy-document file://worker.json\n  foreshift iam triggers --why')
    .action((role: Role, { why, ...scope }: Options) => console.log(why === true ? reasonsOf(role) : JSON.stringify(policyDocument(ROLE_PERMISSIONS[role], scope), null, 2)));
}

function reasonsOf(role: Role): string {
  return ROLE_PERMISSIONS[role].map(({ sid, why, actions }) => `${sid}: ${why}\n  ${actions.join(', ')}`).join('\n');
}

function roleOf(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (role === undefined) throw new InvalidArgumentError(`expected one of ${ROLES.join(', ')}`);
  return role;
}

function accountOf(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('expected twelve digits');
  return text;
}
