import http from 'node:http';
import type { RequestOptions } from 'node:http';
import { FAULT_HEADER } from '../../local/gateway/dispatcher';
import { wireEffects } from './fault-interceptor';

/** From now on the calls to AWS of an attempt that is to meet a fault on the wire tell the gateway so. The SDK's clients stay as they are. */
export function carryWireFaults(gatewayPorts: ReadonlySet<number>): void {
  const request = http.request.bind(http) as (options: RequestOptions, ...rest: never[]) => ReturnType<typeof http.request>;
  const carrying = (options: RequestOptions, ...rest: never[]): ReturnType<typeof http.request> => {
    const effect = wireEffects.getStore();
    if (effect === undefined || !gatewayPorts.has(Number(options.port))) return request(options, ...rest);
    return request({ ...options, headers: { ...options.headers, [FAULT_HEADER]: JSON.stringify(effect) } }, ...rest);
  };
  Object.assign(http, { request: carrying });
}
