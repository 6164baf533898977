import { DEFAULT_CREATION_POLICY } from '../../domain/shapes/create-shape';
import type { CapacityPorts } from '../../console/server/ports/console-ports';
import { describePattern } from '../../forecasting/patterns/describe-pattern';
import { suggestShapes } from '../../forecasting/patterns/suggest-shapes';
import { readLibrary } from '../shapes/read-catalogue';
import { readFleetHistories } from '../shapes/read-histories';

/** What `foreshift shapes suggest --fleet` answers by default, for the console. */
export function suggestFleetShapes(stack: string): CapacityPorts['suggestShapes'] {
  return async (fleet) => {
    const [{ shapes, notes }, histories] = await Promise.all([readLibrary({ stack }), readFleetHistories(fleet, stack, Date.now())]);
    return { ...suggestShapes(histories.map(describePattern), shapes, DEFAULT_CREATION_POLICY), notes };
  };
}
