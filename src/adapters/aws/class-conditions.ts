import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { RequestClass } from '../../domain/routing/routed-service';

/** HTTP tells reads from writes by the method. */
const METHODS = { read: ['GET', 'HEAD', 'OPTIONS'], write: ['POST', 'PUT', 'PATCH', 'DELETE'] } as const;

/** A request class as the conditions of a listener rule; all of them must hold. */
export function classConditions({ access = 'any', header, paths }: RequestClass): RuleCondition[] {
  return [
    ...(header === undefined ? [] : [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: header.name, Values: [...header.values] } }]),
    ...(paths === undefined ? [] : [{ Field: 'path-pattern', PathPatternConfig: { Values: [...paths] } }]),
    ...(access === 'any' ? [] : [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: [...METHODS[access]] } }]),
  ];
}
