/** Where the parts of the stateful service listen, each on its instance's own address. */
export const STATEFUL_PORTS = { door: 8080, service: 9000, hooks: 9001, peers: 8712, control: 8713 } as const;

const { door, service, hooks, peers, control } = STATEFUL_PORTS;

/**
 * Boots an instance with the service, the door before it and the agent beside it, each started again when it ends, as an init system would. The service's
 * state lies in `data` on the data disk `/dev/sdf`.
 */
export const STATEFUL_USER_DATA = `#!/bin/sh
until [ -d "$FORESHIFT_DISKS/sdf" ]; do sleep 0.1; done
data="$FORESHIFT_DISKS/sdf/data"
state="$FORESHIFT_AGENT_STATE"
at="$FORESHIFT_ADDRESS"
mkdir -p "$data" "$state" run
keep() { while :; do "$@"; echo "$1 $2 $3 ended with $?"; sleep 0.3; done }

keep "$NODE" kv-service.js "$data" "$at" ${service} ${hooks} &
keep foreshift agent door --listen "$at:${door}" --service "$at:${service}" --socket run/door.sock &
keep foreshift agent serve --root "$data" --state "$state" \\
  --listen "$at:${peers}" --control "$at:${control}" --door-socket run/door.sock --service "$at:${service}" \\
  --quiesce "http://$at:${hooks}/quiesce" --resume "http://$at:${hooks}/resume" \\
  --warm "http://$at:${hooks}/warm" --take-over "http://$at:${hooks}/take-over" &
wait
`;
