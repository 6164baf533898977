/** Where the parts of the stateful service listen, each on its instance's own address. */
export const STATEFUL_PORTS = { door: 8080, service: 9000, hooks: 9001, peers: 8712, control: 8713 } as const;

/** What its agent remembers, from the folder in which the instance's programs and commands run; of this instance alone, as the root disk may be a copy of another's. */
export const AGENT_STATE = 'agent/$FORESHIFT_INSTANCE_ID';

/** Both sides carry the name: whoever is copied from whom, the image is the same. */
export const CERTIFICATE = 'stateful';

const { door, service, hooks, peers, control } = STATEFUL_PORTS;

/**
 * Boots an instance with the service, the door before it and the agent beside it, each started again when it ends, as an init system would. The service's
 * state lies in `data` on the data disk `/dev/sdf`.
 */
export const STATEFUL_USER_DATA = `#!/bin/sh
until [ -d "$FORESHIFT_DISKS/sdf" ]; do sleep 0.1; done
data="$FORESHIFT_DISKS/sdf/data"
state="${AGENT_STATE}"
at="$FORESHIFT_ADDRESS"
mkdir -p "$data" "$state"
keep() { while :; do "$@"; echo "$1 $2 $3 ended with $?"; sleep 0.3; done }

keep "$NODE" kv-service.js "$data" "$at" ${service} ${hooks} &
keep foreshift agent door --listen "$at:${door}" --service "$at:${service}" --socket "$state/door.sock" &
keep foreshift agent serve --root "$data" --state "$state" --certs certs --name ${CERTIFICATE} --peer-name ${CERTIFICATE} \\
  --listen "$at:${peers}" --control "$at:${control}" --door-socket "$state/door.sock" --service "$at:${service}" \\
  --quiesce "http://$at:${hooks}/quiesce" --resume "http://$at:${hooks}/resume" --take-over "http://$at:${hooks}/take-over" &
wait
`;
