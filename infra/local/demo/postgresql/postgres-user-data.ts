/** Where PostgreSQL listens, on each instance's own address. */
export const POSTGRES_PORT = 5432;
export const BANK = { database: 'bank', user: 'postgres' } as const;

/** How the hooks find everything on an instance of the local cloud. There is no init system: the user data starts PostgreSQL, and starts it again. */
const HOOKS_CONFIG = `PGDATA="$FORESHIFT_DISKS/sdf/data"
PGBIN=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
PGHOST="$FORESHIFT_ADDRESS"
PGPORT=${POSTGRES_PORT}
PGUSER=${BANK.user}
RUN_AS=$([ "$(id -u)" = 0 ] && echo postgres || id -un)
STATE="$FORESHIFT_AGENT_STATE/application"
INSTANCE_ID="$FORESHIFT_INSTANCE_ID"
REPLICATION='port=${POSTGRES_PORT} user=${BANK.user}'
# The process id lies in a file named for the instance: an image brings that of the instance it was made of.
RUN="$FORESHIFT_AGENT_STATE/run"
server="$RUN/postgres.$INSTANCE_ID"
start_server() { mkdir -p "$RUN"; touch "$RUN/want"; }
stop_server() {
  rm -f "$RUN/want"
  pid=$(cat "$server" 2>/dev/null) || return 0
  kill -INT "$pid" 2>/dev/null || return 0
  for _ in $(seq 1500); do kill -0 "$pid" 2>/dev/null || return 0; sleep 0.01; done
  return 1
}
`;

const SETTINGS = `
unix_socket_directories = ''
wal_level = replica
wal_keep_size = 128MB
hot_standby = on
max_connections = 60
shared_buffers = 32MB
wal_receiver_status_interval = 1s
wal_retrieve_retry_interval = 200ms
wal_receiver_timeout = 5s
wal_sender_timeout = 5s
`;

/**
 * Boots an instance with Debian's PostgreSQL, its data on the data disk `/dev/sdf`, and the hooks in its own /etc. The first one makes a cluster and claims it; one from an
 * image starts nothing until it is told to follow. Everybody on this machine may connect, which is for the local cloud alone.
 */
export const POSTGRES_USER_DATA = `#!/bin/sh
until [ -d "$FORESHIFT_DISKS/sdf" ]; do sleep 0.1; done
hooks="$FORESHIFT_HOOKS"
if [ ! -d "$hooks" ]; then
  mkdir -p "$hooks"
  find . -maxdepth 1 -type f -exec cp -p {} "$hooks" \\;
  cat >"$hooks/config" <<'END'
${HOOKS_CONFIG}END
fi
. "$hooks/config"
# No function: the process in the background is to be the server itself.
[ "$(id -un)" = "$RUN_AS" ] && as= || as="setpriv --reuid=$RUN_AS --regid=$RUN_AS --init-groups"
own() { [ "$(id -u)" != 0 ] || chown -R "$RUN_AS" "$FORESHIFT_DISKS/sdf/"; }
mkdir -p "$RUN" "$STATE"
rm -f "$server"
# The local cloud's disks carry no owners.
own
if [ ! -e "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  own
  $as "$PGBIN/initdb" -D "$PGDATA" -A trust -U "$PGUSER" --wal-segsize=4 --no-sync >/dev/null
  $as sh -c 'cat >>"$0/postgresql.conf"' "$PGDATA" <<'END'
${SETTINGS}END
  for what in all replication; do echo "host $what all 127.0.0.0/8 trust"; done | $as sh -c 'cat >>"$0/pg_hba.conf"' "$PGDATA"
  sync -f "$PGDATA"
  "$hooks/claim"
fi
touch "$RUN/want"
while :; do
  if [ -e "$RUN/want" ] && "$hooks/may-start"; then
    own
    $as "$PGBIN/postgres" -D "$PGDATA" -h "$FORESHIFT_ADDRESS" -p ${POSTGRES_PORT} &
    echo $! >"$server"
    wait $!
    echo "postgres ended with $?"
    rm -f "$server"
  fi
  sleep 0.05
done
`;
