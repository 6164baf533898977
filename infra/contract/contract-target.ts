/** Where the contract is held against. */
export interface ContractTarget {
  readonly region: string;
  /** A stand-in of AWS; null for AWS itself. */
  readonly endpoint: string | null;
  /** The account that is meant: the credentials' own must be the same. */
  readonly accountId: string;
  readonly imageId: string;
  readonly subnetId: string;
  readonly shape: string;
}

const PREFIX = 'FORESHIFT_AWS_CONTRACT';
/** Cheap, everywhere, and EC2 reserves it. */
const USUAL_SHAPE = 't3.micro';
const FIELDS = { ACCOUNT: [/^\d{12}$/, 'the account that is meant, 12 digits'], REGION: [/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as us-east-1'], IMAGE: [/^ami-[0-9a-f]{8,17}$/, 'an image of Linux that the shape can run'], SUBNET: [/^subnet-[0-9a-z]{1,17}$/, 'a subnet of that region'], SHAPE: [/^[a-z0-9-]+\.[a-z0-9]+$/, 'an instance type such as t3.micro'] } as const;

/** Reads it from the environment. @throws Error with all that is missing or wrong: nothing is guessed where somebody pays */
export function contractTarget(env: Readonly<Record<string, string | undefined>>): ContractTarget {
  if (env[PREFIX] !== '1') throw new Error(`${PREFIX} is not "1": this suite makes instances, reservations, images and snapshots in an account of AWS, which somebody pays. Set it, and ${Object.keys(FIELDS).map((name) => `${PREFIX}_${name}`).join(', ')}`);
  const said = (name: keyof typeof FIELDS): string => env[`${PREFIX}_${name}`] ?? (name === 'SHAPE' ? USUAL_SHAPE : '');
  const problems = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).filter((name) => !FIELDS[name][0].test(said(name))).map((name) => `${PREFIX}_${name} is "${said(name)}"; expected ${FIELDS[name][1]}`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { region: said('REGION'), endpoint: env['AWS_ENDPOINT_URL'] ?? null, accountId: said('ACCOUNT'), imageId: said('IMAGE'), subnetId: said('SUBNET'), shape: said('SHAPE') };
}
