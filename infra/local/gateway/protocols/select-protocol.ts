import { awsJsonProtocol } from './aws-json';
import { awsQueryProtocol } from './aws-query';
import { ec2QueryProtocol } from './ec2-query';
import { restEbsProtocol } from './rest-ebs';
import { headerOf, type WireProtocol, type WireRequest } from './wire';

/** REST services that the gateway does not own: the request is only named, for the log and the faults. */
const restPassThroughProtocol: WireProtocol = {
  ...restEbsProtocol,
  read: (request: WireRequest) => ({ operation: `${request.method} ${request.path}`, params: {} }),
};

/** The wire protocol of a request, from the service that signed it and the form of the request. */
export function selectProtocol(service: string, request: WireRequest): WireProtocol {
  if (headerOf(request, 'x-amz-target') !== undefined) return awsJsonProtocol;
  if (service === 'ec2') return ec2QueryProtocol;
  if (service === 'ebs') return restEbsProtocol;
  if (headerOf(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') === true) return awsQueryProtocol;
  return service === '' ? awsQueryProtocol : restPassThroughProtocol;
}
