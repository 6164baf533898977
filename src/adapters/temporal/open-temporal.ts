import { toClientOptions } from '@temporalio/envconfig';
import { Client, Connection } from '@temporalio/client';
import type { ClientInterceptors } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { ForeshiftConfig } from '../../contracts/config';
import { readSigner } from '../signing-key';
import { signingInterceptor } from './actor/signing-interceptor';
import type { Speaker } from './actor/signing-interceptor';
import { createEncryptingCodec } from './codec/encrypting-codec';
import { openDataKeys } from './codec/open-data-keys';
import { readTemporalProfile } from './read-profile';

export type TemporalConfig = Pick<ForeshiftConfig, 'temporalAddress' | 'temporalNamespace' | 'temporalSecured' | 'payloadKeys' | 'actorKey' | 'awsEndpoint'>;

const CONNECT_WITHIN = '5s';

/** Address, TLS, API key and metadata, as Temporal's own tools take them from the same variables and profiles. */
export function temporalConnectionOf({ temporalAddress, temporalSecured }: TemporalConfig): Pick<NativeConnectionOptions, 'address' | 'tls' | 'apiKey' | 'metadata'> {
  if (!temporalSecured) return { address: temporalAddress };
  const { tls, apiKey, metadata } = toClientOptions(readTemporalProfile()).connectionOptions;
  return { address: temporalAddress, ...(tls === undefined ? {} : { tls }), ...(apiKey === undefined ? {} : { apiKey }), ...(metadata === undefined ? {} : { metadata }) };
}

/** Encrypts what Temporal stores, where keys are given. @throws Error naming what is wrong with their file */
export function dataConverterOf({ payloadKeys, awsEndpoint }: TemporalConfig): DataConverter {
  return payloadKeys === null ? {} : { payloadCodecs: [createEncryptingCodec(openDataKeys(payloadKeys, awsEndpoint))] };
}

/** Signs what is said to workflows, where a key is given. @throws Error naming what is wrong with its file */
export function clientInterceptorsOf({ actorKey }: Pick<TemporalConfig, 'actorKey'>, speaker?: () => Speaker): ClientInterceptors {
  return actorKey === null ? {} : { workflow: [signingInterceptor(readSigner(actorKey), Date.now, speaker)] };
}

/** A client that connects with its first call; the connection is the caller's to close. @param speaker in whose name it speaks, where not its key's */
export function openTemporal(config: TemporalConfig, speaker?: () => Speaker): { readonly client: Client; readonly connection: Connection } {
  const dataConverter = dataConverterOf(config);
  const connection = Connection.lazy({ ...temporalConnectionOf(config), connectTimeout: CONNECT_WITHIN });
  return { client: new Client({ connection, namespace: config.temporalNamespace, dataConverter, interceptors: clientInterceptorsOf(config, speaker) }), connection };
}
