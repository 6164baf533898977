import { AwsError, type AwsCall } from '../operation';
import { listItems, parseFormTree, type FormTree } from './form-tree';
import type { WireProtocol, WireReply, WireRequest } from './wire';
import { element, escapeXml, scalarText } from './xml';

const NAMESPACES: Readonly<Record<string, string>> = {
  elasticloadbalancing: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  autoscaling: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  monitoring: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
};

/** The awsQuery protocol (ELBv2, SNS, STS...): form in, `<OpResponse><OpResult>` out, lists as `<member>`. */
export const awsQueryProtocol: WireProtocol = {
  unknownOperationCode: 'InvalidAction',
  read(request: WireRequest) {
    const { Action: operation, ...params } = parseFormTree(new URLSearchParams(request.body.toString('utf8')));
    if (typeof operation !== 'string') throw new AwsError('MissingAction', 'The request must contain the parameter Action', 400);
    return { operation, params: plain(params) as Record<string, unknown> };
  },
  write(call: AwsCall, result: unknown): WireReply {
    const { operation, requestId, service } = call;
    const namespace = NAMESPACES[service] ?? `http://${service}.amazonaws.com/`;
    const body =
      element(`${operation}Result`, members(result)) + element('ResponseMetadata', element('RequestId', requestId));
    return xmlReply(200, requestId, `<${operation}Response xmlns="${namespace}">${body}</${operation}Response>`);
  },
  writeError(error: AwsError, requestId: string): WireReply {
    const fault =
      element('Type', error.status >= 500 ? 'Receiver' : 'Sender') +
      element('Code', escapeXml(error.code)) +
      element('Message', escapeXml(error.message));
    return xmlReply(error.status, requestId, element('ErrorResponse', element('Error', fault) + element('RequestId', requestId)));
  },
};

function xmlReply(status: number, requestId: string, xml: string): WireReply {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`,
  };
}

/** Turns `member.N` lists into arrays; everything else keeps its shape. */
function plain(node: string | FormTree): unknown {
  if (typeof node === 'string') return node;
  const keys = Object.keys(node);
  const only = node['member'];
  if (keys.length === 1 && typeof only === 'object') return listItems(only).map(plain);
  // `Names=` or `Names.member=` is how the protocol writes an empty list.
  if (keys.length === 1 && only === '') return [];
  return Object.fromEntries(keys.map((key) => [key, plain(node[key] ?? '')]));
}

function members(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => element('member', members(item))).join('');
  if (typeof value === 'object' && !(value instanceof Date) && !(value instanceof Uint8Array)) {
    return Object.entries(value)
      .filter(([, member]) => member !== undefined && member !== null)
      .map(([name, member]) => element(name, members(member)))
      .join('');
  }
  return escapeXml(scalarText(value));
}
