/** One thing that can be set: by a key of the settings file, or by a variable of the environment, which outranks the file. */
export interface Setting {
  readonly key: string;
  readonly variable: string;
  readonly about: string;
  /** Files are named from the settings file's own folder. */
  readonly isFile?: boolean;
}

/** All that `foreshift.yaml` may say. What proves who one is (API keys, passwords) is not among it: that stays in the environment or in files of its own. */
export const SETTINGS: readonly Setting[] = [
  { key: 'temporalProfile', variable: 'TEMPORAL_PROFILE', about: "a profile of Temporal's own configuration file" },
  { key: 'temporalConfigFile', variable: 'TEMPORAL_CONFIG_FILE', about: "Temporal's configuration file, where it is not in its usual place", isFile: true },
  { key: 'temporalAddress', variable: 'TEMPORAL_ADDRESS', about: 'host:port of the Temporal server' },
  { key: 'temporalNamespace', variable: 'TEMPORAL_NAMESPACE', about: 'its namespace' },
  { key: 'taskQueue', variable: 'FORESHIFT_TASK_QUEUE', about: "the workers' task queue" },
  { key: 'databaseUrl', variable: 'DATABASE_URL', about: 'postgresql://user@host:port/database' },
  { key: 'awsRegion', variable: 'AWS_REGION', about: 'the region that is acted in' },
  { key: 'awsEndpoint', variable: 'AWS_ENDPOINT_URL', about: "a stand-in for AWS's own endpoints" },
  { key: 'regions', variable: 'FORESHIFT_REGIONS', about: 'other regions that the workers serve: us-west-2,eu-west-1' },
  { key: 'haproxy', variable: 'FORESHIFT_HAPROXY', about: 'HAProxys of this machine: edge=/run/haproxy/admin.sock' },
  { key: 'auditKey', variable: 'FORESHIFT_AUDIT_KEY', about: 'private key that signs the audit', isFile: true },
  { key: 'actorKey', variable: 'FORESHIFT_ACTOR_KEY', about: 'private key that proves who speaks to workflows', isFile: true },
  { key: 'actors', variable: 'FORESHIFT_ACTORS', about: 'for workers: who may speak to workflows', isFile: true },
  { key: 'payloadKeys', variable: 'FORESHIFT_PAYLOAD_KEYS', about: 'keys that encrypt what Temporal stores', isFile: true },
  { key: 'backlogMetrics', variable: 'FORESHIFT_BACKLOG_METRICS', about: 'for workers: namespace in CloudWatch for how many tasks wait on their queues' },
  { key: 'buildId', variable: 'FORESHIFT_BUILD_ID', about: 'for workers: which version of the product they are, to Temporal' },
  { key: 'metrics', variable: 'FORESHIFT_METRICS', about: 'where a worker answers Prometheus: 127.0.0.1:9464' },
  { key: 'consoleUrl', variable: 'FORESHIFT_CONSOLE_URL', about: 'for workers: where browsers reach the console, for links in workflows' },
  { key: 'home', variable: 'FORESHIFT_HOME', about: 'where local clouds and downloads are kept', isFile: true },
];
