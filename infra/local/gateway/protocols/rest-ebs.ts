import { AwsError, type AwsCall } from '../operation';
import { epochSeconds, parseObject } from './aws-json';
import { headerOf, type WireCall, type WireProtocol, type WireReply, type WireRequest } from './wire';

const STATUS: Readonly<Record<string, number>> = { StartSnapshot: 201, PutSnapshotBlock: 201, CompleteSnapshot: 202 };

/** The REST protocol of the EBS direct APIs: labels in the path, JSON or raw block bytes as body. */
export const restEbsProtocol: WireProtocol = {
  unknownOperationCode: 'UnknownOperationException',
  read(request: WireRequest): WireCall {
    const [root, id, part, index, ...rest] = request.path.split('/').slice(1).map(decodeURIComponent);
    if (root !== 'snapshots' || rest.length > 0) throw unknownOperation(request);
    const route = `${request.method} ${id === undefined || id === '' ? '/' : id === 'completion' ? 'completion' : `/{id}/${part ?? ''}`}${index === undefined ? '' : '/{n}'}`;
    switch (route) {
      case 'POST /':
        return { operation: 'StartSnapshot', params: parseObject(request.body) };
      case 'POST completion':
        return { operation: 'CompleteSnapshot', params: completion(request, part) };
      case 'GET /{id}/blocks':
        return { operation: 'ListSnapshotBlocks', params: { SnapshotId: id, ...listing(request) } };
      case 'GET /{id}/changedblocks': {
        const first = request.query.get('firstSnapshotId') ?? undefined;
        return { operation: 'ListChangedBlocks', params: defined({ SecondSnapshotId: id, FirstSnapshotId: first, ...listing(request) }) };
      }
      case 'GET /{id}/blocks/{n}': {
        const token = request.query.get('blockToken') ?? undefined;
        return { operation: 'GetSnapshotBlock', params: defined({ SnapshotId: id, BlockIndex: integer(index, 'BlockIndex'), BlockToken: token }) };
      }
      case 'PUT /{id}/blocks/{n}':
        return { operation: 'PutSnapshotBlock', params: putBlock(request, id, index) };
      default:
        throw unknownOperation(request);
    }
  },
  write(call: AwsCall, result: unknown): WireReply {
    const status = STATUS[call.operation] ?? 200;
    const { BlockData, DataLength, Checksum, ChecksumAlgorithm, ...body } = (result ?? {}) as Record<string, unknown>;
    const headers: Record<string, string> = { 'x-amzn-requestid': call.requestId };
    if (typeof DataLength === 'number') headers['x-amz-data-length'] = String(DataLength);
    if (Checksum !== undefined) headers['x-amz-checksum'] = Checksum as string;
    if (ChecksumAlgorithm !== undefined) headers['x-amz-checksum-algorithm'] = ChecksumAlgorithm as string;
    if (BlockData instanceof Uint8Array) {
      return { status, headers: { ...headers, 'content-type': 'application/octet-stream' }, body: Buffer.from(BlockData) };
    }
    return { status, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(epochSeconds(body)) };
  },
  writeError(error: AwsError, requestId: string): WireReply {
    return {
      status: error.status,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.code },
      body: JSON.stringify({ message: error.message, ...error.details }),
    };
  },
};

function listing(request: WireRequest): Record<string, unknown> {
  const { query } = request;
  return defined({
    NextToken: query.get('pageToken') ?? undefined,
    MaxResults: optionalInteger(query.get('maxResults'), 'MaxResults'),
    StartingBlockIndex: optionalInteger(query.get('startingBlockIndex'), 'StartingBlockIndex'),
  });
}

function completion(request: WireRequest, id: string | undefined): Record<string, unknown> {
  return defined({
    SnapshotId: id,
    ChangedBlocksCount: integer(headerOf(request, 'x-amz-changedblockscount'), 'ChangedBlocksCount'),
    Checksum: headerOf(request, 'x-amz-checksum'),
    ChecksumAlgorithm: headerOf(request, 'x-amz-checksum-algorithm'),
    ChecksumAggregationMethod: headerOf(request, 'x-amz-checksum-aggregation-method'),
  });
}

function putBlock(request: WireRequest, id: string | undefined, index: string | undefined): Record<string, unknown> {
  return defined({
    SnapshotId: id,
    BlockIndex: integer(index, 'BlockIndex'),
    BlockData: request.body,
    DataLength: integer(headerOf(request, 'x-amz-data-length'), 'DataLength'),
    Checksum: headerOf(request, 'x-amz-checksum'),
    ChecksumAlgorithm: headerOf(request, 'x-amz-checksum-algorithm'),
    Progress: optionalInteger(headerOf(request, 'x-amz-progress') ?? null, 'Progress'),
  });
}

function integer(text: string | undefined, name: string): number {
  if (text === undefined || !/^\d+$/.test(text)) throw invalidParameter(name);
  return Number(text);
}

function optionalInteger(text: string | null, name: string): number | undefined {
  return text === null ? undefined : integer(text, name);
}

function invalidParameter(name: string): AwsError {
  return new AwsError('ValidationException', `${name} must be a non-negative integer`, 400, { Reason: 'INVALID_PARAMETER_VALUE' });
}

function unknownOperation(request: WireRequest): AwsError {
  return new AwsError('UnknownOperationException', `No operation answers ${request.method} ${request.path}`, 404);
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
