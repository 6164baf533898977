import { environment } from '../../contracts/config';
import { machineIdentity } from '../../transfer/agent/machine-identity';

/** `FORESHIFT_INSTANCE_ID` where it is set, else what the machine itself tells. */
export function ownInstanceId(): string {
  return environment()['FORESHIFT_INSTANCE_ID'] ?? machineIdentity();
}
