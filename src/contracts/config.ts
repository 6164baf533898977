import { shown } from '../domain/shown';
import { DEFAULT_TASK_QUEUE } from './task-queues';

/** A region that requests may be for, and where its AWS answers. */
export interface RegionConfig {
  readonly region: string;
  /** Null for AWS's own endpoints. */
  readonly awsEndpoint: string | null;
}

/** Where HAProxy's runtime API listens: a unix socket's path, or a port of this machine. */
export type HaproxyAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** Everything that Foreshift takes from its environment; no other file reads it. */
export interface ForeshiftConfig {
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** Whether TLS, API key and metadata of Temporal's own environment and profile hold; a local cloud has none of them. */
  readonly temporalSecured: boolean;
  /** File with the keys that encrypt what Temporal stores; null: it is stored as it is. */
  readonly payloadKeys: string | null;
  readonly taskQueue: string;
  readonly databaseUrl: string | null;
  readonly awsRegion: string;
  /** The local cloud's gateway, or another endpoint of one's own; null for AWS itself. */
  readonly awsEndpoint: string | null;
  /** The other regions that this worker serves, each from a task queue of its own. */
  readonly otherRegions: readonly RegionConfig[];
  /** HAProxys that this worker may route requests by, by name. */
  readonly haproxies: Readonly<Record<string, HaproxyAddress>>;
  /** File with the private key (Ed25519, PEM) by which the newest audit record is signed every now and then; null: nothing is signed. */
  readonly auditKey: string | null;
  /** File with the private key (Ed25519, PEM) by which this process proves who speaks to workflows; null: it proves nothing. */
  readonly actorKey: string | null;
  /** File of those who may speak to workflows, with their keys and roles; null: nobody is asked who they are. */
  readonly actors: string | null;
  /** Which version of the product a worker is, to Temporal; null: it is not told apart from others. */
  readonly buildId: string | null;
  /** Where a worker answers Prometheus, such as `127.0.0.1:9464`; null: nowhere. */
  readonly metricsAddress: string | null;
  /** Namespace in CloudWatch under which a worker tells how many tasks wait on its queues; null: it tells nobody. */
  readonly backlogMetrics: string | null;
  /** Where browsers reach the console, for links in workflows; null: there are none. */
  readonly consoleUrl: string | null;
  /** `local` shortens every wait to what the local cloud needs. */
  readonly pace: 'production' | 'local';
  /** Where downloads and local stacks are kept. */
  readonly home: string;
  /** A Temporal CLI of one's own. */
  readonly temporalCli: string | null;
  /** Python 3 for the local cloud's AWS emulator. */
  readonly python: string;
  readonly path: string;
  readonly ci: boolean;
}

/** Reads the environment. Throws with the variable's name and what was expected. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): ForeshiftConfig {
  const pace = env['FORESHIFT_PACE'] ?? 'production';
  if (pace !== 'production' && pace !== 'local') throw new Error(`FORESHIFT_PACE is ${shown(pace)}; expected "production" or "local"`);
  const awsRegion = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const awsEndpoint = env['AWS_ENDPOINT_URL'] ?? null;
  return {
    temporalAddress: temporalAddressOf(env['TEMPORAL_ADDRESS']),
    temporalNamespace: env['TEMPORAL_NAMESPACE'] ?? 'default',
    temporalSecured: true,
    payloadKeys: env['FORESHIFT_PAYLOAD_KEYS'] || null,
    taskQueue: env['FORESHIFT_TASK_QUEUE'] ?? DEFAULT_TASK_QUEUE,
    databaseUrl: postgresUrl(env['DATABASE_URL']),
    awsRegion,
    awsEndpoint,
    otherRegions: regionsOf(env['FORESHIFT_REGIONS'] ?? '', { awsRegion, awsEndpoint }),
    haproxies: haproxiesOf(env['FORESHIFT_HAPROXY'] ?? ''),
    auditKey: env['FORESHIFT_AUDIT_KEY'] ?? null,
    actorKey: env['FORESHIFT_ACTOR_KEY'] || null,
    actors: env['FORESHIFT_ACTORS'] || null,
    buildId: buildIdOf(env['FORESHIFT_BUILD_ID']),
    metricsAddress: metricsAddressOf(env['FORESHIFT_METRICS']),
    backlogMetrics: backlogMetricsOf(env['FORESHIFT_BACKLOG_METRICS']),
    consoleUrl: consoleUrlOf(env['FORESHIFT_CONSOLE_URL']),
    pace,
    home: env['FORESHIFT_HOME'] ?? '.foreshift',
    temporalCli: env['TEMPORAL_CLI'] ?? null,
    python: env['FORESHIFT_PYTHON'] ?? 'python3',
    path: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    ci: env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false',
  };
}

const REGION = /^([a-z]{2}(?:-[a-z]+)+-\d)(?:=(https?:\/\/\S+))?$/;

/** "us-west-2,eu-west-1", or with endpoints of one's own "us-west-2=http://127.0.0.1:4567". The own region may stand among them. */
function regionsOf(list: string, { awsRegion, awsEndpoint }: Pick<ForeshiftConfig, 'awsRegion' | 'awsEndpoint'>): RegionConfig[] {
  const texts = list.split(',').map((text) => text.trim()).filter((text) => text !== '');
  const regions = texts.map((text): RegionConfig => {
    const [, region, endpoint = null] = REGION.exec(text) ?? [];
    if (region === undefined) throw new Error(`FORESHIFT_REGIONS: ${shown(text)} is no region; expected such as "us-west-2" or "us-west-2=https://endpoint"`);
    // Otherwise a stand-in of AWS for one region would send another region's requests to AWS itself.
    if (endpoint === null && awsEndpoint !== null && region !== awsRegion) throw new Error(`FORESHIFT_REGIONS: ${region} has no endpoint, and AWS_ENDPOINT_URL is set; expected "${region}=https://endpoint"`);
    return { region, awsEndpoint: endpoint };
  });
  return regions.filter(({ region }, i) => region !== awsRegion && regions.findIndex((other) => other.region === region) === i);
}

/** "edge=/run/haproxy/admin.sock,db=127.0.0.1:9999". The runtime API knows no password, so that it may be reached from this machine only. */
function haproxiesOf(list: string): Record<string, HaproxyAddress> {
  const texts = list.split(',').map((text) => text.trim()).filter((text) => text !== '');
  return Object.fromEntries(texts.map((text): [string, HaproxyAddress] => {
    const [, name = '', path, host, port] = /^([\w.-]+)=(?:(\/\S+)|(127(?:\.\d{1,3}){3}|localhost):(\d{1,5}))$/.exec(text) ?? [];
    if (path !== undefined) return [name, { path }];
    if (host === undefined) throw new Error(`FORESHIFT_HAPROXY: ${shown(text)} is no runtime API; expected such as "edge=/run/haproxy/admin.sock" or "edge=127.0.0.1:9999", on this machine`);
    return [name, { host, port: Number(port) }];
  }));
}

function buildIdOf(id: string | undefined): string | null {
  if (id === undefined || id === '') return null;
  if (!/^[\w-][\w.-]{0,99}$/.test(id)) throw new Error(`FORESHIFT_BUILD_ID is ${shown(id)}; expected letters, digits, ".", "-" and "_", at most 100, such as 1.4.0 or a commit's id`);
  return id;
}

function temporalAddressOf(address: string | undefined): string {
  if (address === undefined || address === '') return '127.0.0.1:7233';
  const [, host = '', port] = /^([A-Za-z0-9_.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(address) ?? [];
  // gRPC's client takes what stands before the first colon for a scheme, and looks it up among an object's own and inherited names.
  if (!(Number(port) >= 1 && Number(port) <= 65_535) || host in Object.prototype) throw new Error(`TEMPORAL_ADDRESS is ${shown(address)}; expected host:port, such as 127.0.0.1:7233`);
  return address;
}

function metricsAddressOf(address: string | undefined): string | null {
  if (address === undefined || address === '') return null;
  const port = Number(/^(?:[\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(address)?.[1]);
  if (!(port >= 1 && port <= 65_535)) throw new Error(`FORESHIFT_METRICS is ${shown(address)}; expected an address and a port, such as 127.0.0.1:9464`);
  return address;
}

function backlogMetricsOf(namespace: string | undefined): string | null {
  if (namespace === undefined || namespace === '') return null;
  if (!/^(?!AWS\/)[\w./#-]{1,255}$/.test(namespace)) throw new Error(`FORESHIFT_BACKLOG_METRICS is ${shown(namespace)}; expected a namespace of CloudWatch that is not AWS's own, such as Foreshift`);
  return namespace;
}

function consoleUrlOf(url: string | undefined): string | null {
  if (url === undefined || url === '') return null;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new Error(`FORESHIFT_CONSOLE_URL is ${shown(url)}; expected an address such as https://foreshift.example.com/`);
  return url;
}

function postgresUrl(url: string | undefined): string | null {
  if (url === undefined || url === '') return null;
  if (!/^postgres(ql)?:\/\//.test(url)) throw new Error('DATABASE_URL: expected postgresql://user:password@host:port/database');
  return url;
}

/** The whole environment, for the tools that the local cloud starts. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** Sets a variable for everything that reads the environment after this, and for every process that is started. */
export function setVariable(variable: string, value: string): void {
  process.env[variable] = value;
}
