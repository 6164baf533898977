import { XMLParser } from 'fast-xml-parser';
import { AwsError, type AwsCall } from '../operation';
import { scalarText } from '../protocols/xml';

const VERSION = '2015-12-01';
const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'member' });

/** Sends an ELBv2 call on to moto under its own name and returns moto's answer as a plain object, lists as arrays. */
export async function forwardElbCall(motoUrl: string, call: AwsCall): Promise<unknown> {
  const form = new URLSearchParams({ Action: call.operation, Version: VERSION });
  writeForm(form, '', call.params);
  const scope = `${call.accessKeyId}/20260101/${call.region}/elasticloadbalancing/aws4_request`;
  const response = await fetch(motoUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      // moto routes by the scope and doesn't verify signatures.
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: form.toString(),
  });
  const text = await response.text();
  const document = text.trimStart().startsWith('<') && !/^\s*<(!doctype )?html/i.test(text) ? (parser.parse(text) as Record<string, unknown>) : {};
  if (!response.ok) {
    const error = child(child(document, 'ErrorResponse'), 'Error');
    if (typeof error['Code'] !== 'string') throw new AwsError('InvalidAction', `The action ${call.operation} is not implemented in the local cloud.`);
    throw new AwsError(error['Code'], String(error['Message']), response.status);
  }
  return unwrap(child(child(document, `${call.operation}Response`), `${call.operation}Result`));
}

function writeForm(form: URLSearchParams, prefix: string, value: unknown): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => writeForm(form, `${prefix}.member.${index + 1}`, item));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) writeForm(form, prefix === '' ? name : `${prefix}.${name}`, item);
  } else if (value !== undefined && value !== null) {
    form.append(prefix, scalarText(value));
  }
}

function child(node: unknown, name: string): Record<string, unknown> {
  const value = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function unwrap(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(unwrap);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node);
  if (entries.length === 1 && entries[0]?.[0] === 'member') return unwrap(entries[0][1]);
  return Object.fromEntries(entries.map(([name, value]) => [name, unwrap(value)]));
}
