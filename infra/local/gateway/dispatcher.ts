import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallLog } from './call-log';
import { parseCredentialScope } from './credential-scope';
import type { FaultVerdict, Faults } from './faults';
import { AwsError, type AwsCall, type OperationHandler, type ServiceOperations } from './operation';
import { PASS_THROUGH } from './pass-through';
import { selectProtocol } from './protocols/select-protocol';
import { headerOf, type WireProtocol, type WireReply, type WireRequest } from './protocols/wire';
import type { Upstream, UpstreamReply, UpstreamRequest } from './upstream';

/** What becomes of one request. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: WireReply }
  | { readonly kind: 'forwarded'; readonly reply: UpstreamReply }
  | { readonly kind: 'drop' };

interface Dependencies {
  readonly modules: readonly ServiceOperations[];
  readonly region: string | undefined;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly upstream: Upstream | undefined;
  /** Throws where the caller may not do this. */
  readonly authorize: (call: AwsCall) => void;
  readonly onDefect: ((error: unknown) => void) | undefined;
}

/** Signed for the region where the service has its one endpoint, from everywhere. */
const GLOBAL_SERVICES = new Set(['pricing']);

type Dispatch = (request: WireRequest, original: UpstreamRequest) => Promise<Outcome>;

/** Routes a request to the operation that owns it or to moto, and applies the injected faults. */
export function createDispatcher(dependencies: Dependencies): Dispatch {
  const { faults, calls, onDefect, region } = dependencies;
  const regional = new Set(dependencies.modules.map(({ service }) => service).filter((service) => !GLOBAL_SERVICES.has(service)));
  const owned = new Map<string, OperationHandler>();
  for (const { service, operations } of dependencies.modules) {
    for (const [name, handler] of Object.entries(operations)) owned.set(`${service}:${name}`, handler);
  }

  return async (request, original) => {
    const scope = parseCredentialScope(headerOf(request, 'authorization'));
    const protocol = selectProtocol(scope?.service ?? '', request);
    const requestId = randomUUID();
    const refuse = (error: unknown): Outcome => {
      if (!(error instanceof AwsError)) onDefect?.(error);
      return { kind: 'reply', reply: protocol.writeError(asAwsError(error), requestId) };
    };

    let call: AwsCall;
    try {
      if (!scope) throw new AwsError('MissingAuthenticationToken', 'The request is not signed', 403);
      // moto would answer it from the other region's resources.
      if (region !== undefined && scope.region !== region && regional.has(scope.service)) throw new AwsError('SignatureDoesNotMatch', `Credential should be scoped to a valid region: this endpoint is ${region}'s, not ${scope.region}'s`, 403);
      call = { ...scope, ...protocol.read(request), requestId };
    } catch (error) {
      return refuse(error);
    }

    const entry = calls.add({ ...call, dryRun: call.params['DryRun'] === true });
    const { delayMs, effect = effectOfItsOwn(request, entry.mutating) } = faults.judge(call);
    if (delayMs > 0) await sleep(delayMs);
    if (effect?.kind === 'dropBefore') {
      entry.outcome = 'DroppedBefore';
      return { kind: 'drop' };
    }
    let outcome: Outcome;
    try {
      if (effect?.kind === 'error') throw new AwsError(effect.code, effect.message, effect.status);
      dependencies.authorize(call);
      outcome = effect?.kind === 'swallow' ? { kind: 'reply', reply: protocol.write(call, {}) } : await execute(call, protocol, original);
      entry.outcome = outcome.kind === 'forwarded' && outcome.reply.status >= 400 ? `Http${outcome.reply.status}` : 'OK';
    } catch (error) {
      entry.outcome = asAwsError(error).code;
      outcome = refuse(error);
    }
    if (effect?.kind !== 'dropAfter') return outcome;
    entry.outcome = `DroppedAfter:${entry.outcome}`;
    return { kind: 'drop' };
  };

  async function execute(call: AwsCall, protocol: WireProtocol, original: UpstreamRequest): Promise<Outcome> {
    const handler = owned.get(`${call.service}:${call.operation}`);
    const result = handler ? await handler(call) : PASS_THROUGH;
    if (result !== PASS_THROUGH) return { kind: 'reply', reply: protocol.write(call, result) };
    if (!dependencies.upstream) throw unknownOperation(call, protocol);
    let reply: UpstreamReply;
    try {
      reply = await dependencies.upstream.forward(original);
    } catch (error) {
      throw new AwsError('ServiceUnavailable', `moto does not answer: ${String(error)}`, 503);
    }
    if (isErrorPage(reply)) throw unknownOperation(call, protocol);
    return { kind: 'forwarded', reply };
  }
}

/** Header by which a single call says what is to happen to it, as the `/_local/faults` say of many. */
export const FAULT_HEADER = 'x-foreshift-fault';

/** What is lost or swallowed is what changes something: a caller whose read fails has not come to its act. */
function effectOfItsOwn(request: WireRequest, isMutating: boolean): FaultVerdict['effect'] {
  const text = headerOf(request, FAULT_HEADER);
  const effect = text === undefined ? undefined : (JSON.parse(text) as NonNullable<FaultVerdict['effect']>);
  return isMutating || effect?.kind === 'error' ? effect : undefined;
}

/** Whether moto answered with a page of its own: it does so, as HTTP 500, for what it has not implemented. */
function isErrorPage(reply: UpstreamReply): boolean {
  const start = reply.body.subarray(0, 200).toString('latin1').trimStart().toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return true;
  const awsShaped = start.startsWith('<?xml') || start.startsWith('<') || start.startsWith('{');
  return reply.status >= 500 && !awsShaped;
}

function unknownOperation(call: AwsCall, protocol: WireProtocol): AwsError {
  const message = `The action ${call.operation} is not valid for this endpoint (not implemented in the local cloud)`;
  return new AwsError(protocol.unknownOperationCode, message, 400);
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError('InternalError', `A defect of the local cloud: ${error instanceof Error ? error.message : String(error)}`, 500);
}
