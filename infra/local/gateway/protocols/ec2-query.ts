import * as ec2 from '@aws-sdk/client-ec2';
import { AwsError, type AwsCall } from '../operation';
import { listItems, parseFormTree, type FormTree } from './form-tree';
import { operationShapes, shapeOf, type Shape } from './sdk-schema';
import type { WireProtocol, WireReply, WireRequest } from './wire';
import { element, escapeXml, scalarText } from './xml';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const schemas = ec2 as unknown as Readonly<Record<string, unknown>>;

/** EC2's query protocol. Parameters and results have the names and types of the SDK's requests and results. */
export const ec2QueryProtocol: WireProtocol = {
  unknownOperationCode: 'InvalidAction',
  read(request: WireRequest) {
    const { Action: operation, ...form } = parseFormTree(new URLSearchParams(request.body.toString('utf8')));
    if (typeof operation !== 'string') throw new AwsError('MissingAction', 'The request must contain the parameter Action');
    const schema = schemas[`${operation}$`];
    const params = schema === undefined ? form : (decode(operationShapes(schema).input, form, '') as Record<string, unknown>);
    return { operation, params };
  },
  write(call: AwsCall, result: unknown): WireReply {
    const { operation, requestId } = call;
    const body = element('requestId', requestId) + encode(operationShapes(schemas[`${operation}$`]).output, result ?? {});
    return xmlReply(200, requestId, `<${operation}Response xmlns="${NAMESPACE}">${body}</${operation}Response>`);
  },
  writeError(error: AwsError, requestId: string): WireReply {
    const fault = element('Code', escapeXml(error.code)) + element('Message', escapeXml(error.message));
    const body = element('Errors', element('Error', fault)) + element('RequestID', requestId);
    return xmlReply(error.status, requestId, element('Response', body));
  },
};

function xmlReply(status: number, requestId: string, xml: string): WireReply {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`,
  };
}

function decode(shape: Shape, value: string | FormTree, path: string): unknown {
  if (shape.kind === 'struct') {
    if (typeof value === 'string') throw new AwsError('InvalidParameterValue', `The parameter ${path} is a structure`);
    return decodeStruct(shape, value, path);
  }
  if (shape.kind === 'list') {
    if (typeof value === 'string') throw new AwsError('InvalidParameterValue', `The parameter ${path} is a list`);
    const item = shapeOf(shape.item);
    return listItems(value).map((entry, at) => decode(item, entry, `${path}.${at + 1}`));
  }
  if (typeof value !== 'string') throw new AwsError('InvalidParameterValue', `The parameter ${path} is a single value`);
  return decodeScalar(shape, value, path);
}

function decodeStruct(shape: Extract<Shape, { kind: 'struct' }>, value: FormTree, path: string): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of shape.members) {
    const given = value[member.queryName];
    const memberPath = path === '' ? member.queryName : `${path}.${member.queryName}`;
    if (given !== undefined) result[member.name] = decode(shapeOf(member.schema), given, memberPath);
    else if (member.required) throw new AwsError('MissingParameter', `The request must contain the parameter ${memberPath}`);
  }
  return result;
}

function decodeScalar(shape: Shape, value: string, path: string): unknown {
  switch (shape.kind) {
    case 'number': {
      const number = Number(value);
      if (value === '' || !Number.isFinite(number)) throw invalidValue(value, path, 'a number');
      return number;
    }
    case 'boolean':
      if (!/^(true|false)$/i.test(value)) throw invalidValue(value, path, 'a boolean');
      return value.toLowerCase() === 'true';
    case 'timestamp': {
      const date = new Date(value);
      if (Number.isNaN(date.getTime())) throw invalidValue(value, path, 'a timestamp');
      return date;
    }
    case 'blob':
      return Buffer.from(value, 'base64');
    default:
      return value;
  }
}

function invalidValue(value: string, path: string, wanted: string): AwsError {
  return new AwsError('InvalidParameterValue', `Value (${value}) for parameter ${path} is invalid. It is not ${wanted}`);
}

function encode(shape: Shape, value: unknown): string {
  if (shape.kind === 'struct') {
    const given = value as Record<string, unknown>;
    return shape.members
      .filter((member) => given[member.name] !== undefined && given[member.name] !== null)
      .map((member) => element(member.xmlName, encode(shapeOf(member.schema), given[member.name])))
      .join('');
  }
  if (shape.kind === 'list') {
    const item = shapeOf(shape.item);
    return (value as unknown[]).map((entry) => element('item', encode(item, entry))).join('');
  }
  return escapeXml(scalarText(value));
}
