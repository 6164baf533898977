import { createHash } from 'node:crypto';
import { version } from '../../../package.json';
import { traceOf } from '../../domain/traces/trace-of';
import type { TraceSpan, TracedRecord } from '../../domain/traces/trace-of';
import type { Sender } from '../../notifications/ports';
import { postJson } from './post-json';

const INTERNAL = 1;
const OK = 1;
const ERROR = 2;

/**
 * Sends the trace of each migration that ended, by OTLP over HTTP in its JSON encoding (opentelemetry.io/docs/specs/otlp). Made from the audit, it is whole whatever died in
 * between; ids derive from the records, so that a trace that is sent again is the same.
 * @param recordsAbout the audit's records about an instance up to a moment, in order
 */
export function createOtlpSender(url: string, headers: Readonly<Record<string, string>>, recordsAbout: (instanceId: string, upToMs: number) => Promise<readonly TracedRecord[]>): Sender {
  return {
    async send({ instanceId, workflowId, runId, atMs }) {
      const trace = instanceId === null ? null : traceOf(await recordsAbout(instanceId, atMs), { workflowId, runId });
      // News of what has not ended, and tests, bring nothing: the other side is asked all the same whether it takes it.
      await postJson(url, JSON.stringify(trace === null ? { resourceSpans: [] } : otlpOf(trace.root.key, trace.spans)), headers);
    },
  };
}

/** `ExportTraceServiceRequest` as JSON. */
export function otlpOf(traceKey: string, spans: readonly TraceSpan[]): object {
  const traceId = idOf(traceKey, 32);
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ 'service.name': 'foreshift', 'service.version': version }) },
        scopeSpans: [
          {
            scope: { name: 'foreshift.audit', version },
            spans: spans.map(({ key, within, name, startMs, endMs, error, attributes, events }) => ({
              traceId,
              spanId: idOf(key, 16),
              ...(within === null ? {} : { parentSpanId: idOf(within, 16) }),
              name,
              kind: INTERNAL,
              startTimeUnixNano: nanosOf(startMs),
              endTimeUnixNano: nanosOf(endMs),
              attributes: attributesOf(attributes),
              events: events.map((event) => ({ name: event.name, timeUnixNano: nanosOf(event.atMs) })),
              status: error === null ? { code: OK } : { code: ERROR, message: error },
            })),
          },
        ],
      },
    ],
  };
}

function idOf(key: string, digits: number): string {
  return createHash('sha256').update(key).digest('hex').slice(0, digits);
}

function nanosOf(ms: number): string {
  return `${Math.round(ms)}000000`;
}

function attributesOf(values: Readonly<Record<string, string>>): object[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
