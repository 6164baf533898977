import fc from 'fast-check';
import { readConfig } from '../../../src/contracts/config';
import { ACCEPTED, edge, refusedWith } from '../edge';
import { mutatedText } from '../mutate-text';

const RIGHT: Readonly<Record<string, string>> = {
  TEMPORAL_ADDRESS: 'temporal.example.com:7233', TEMPORAL_NAMESPACE: 'default', FORESHIFT_PAYLOAD_KEYS: 'keys.json', FORESHIFT_TASK_QUEUE: 'foreshift', DATABASE_URL: 'postgresql://user@host:5432/db', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', FORESHIFT_REGIONS: 'us-west-2=http://127.0.0.1:1,eu-west-1',
  FORESHIFT_HAPROXY: 'edge=/run/haproxy/admin.sock,db=127.0.0.1:9999', FORESHIFT_AUDIT_KEY: 'a.pem', FORESHIFT_BUILD_ID: '1.4.0', FORESHIFT_METRICS: '127.0.0.1:9464', FORESHIFT_CONSOLE_URL: 'https://foreshift.example.com/', FORESHIFT_PACE: 'local', FORESHIFT_HOME: '.foreshift', CI: 'false',
};
const WORDS = [',', '=', ':', '/', '@', '[::1]:9464', '127.0.0.1:0', 'https://', 'http://', 'us-east-1', '\u0000'];
const variable = fc.constantFrom(...Object.keys(RIGHT)).chain((name) => mutatedText([RIGHT[name] ?? ''], WORDS).map((value) => [name, value] as const));

/** What a process finds in its environment; a password in it must not come back in a refusal. */
export const processEnvironment = edge<Readonly<Record<string, string>>>({
  name: 'environment',
  about: 'variables that processes are set up by',
  share: 4,
  open: () => ({
    inputs: fc.array(variable, { minLength: 1, maxLength: 3 }).map((changed) => ({ ...RIGHT, ...Object.fromEntries(changed) })),
    give(env) {
      try {
        readConfig(env);
        return ACCEPTED;
      } catch (error) {
        if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) throw error;
        return refusedWith(error.message);
      }
    },
    close: () => undefined,
  }),
});
