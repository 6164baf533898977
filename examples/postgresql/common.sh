# What the hooks of PostgreSQL share. The state of this side is a file of its own: it is written before what it says is done, so that a
# machine that dies in between comes back as what was decided. POSIX sh, util-linux (flock, setpriv), PostgreSQL 13 or later.
set -eu
HOOKS=$(cd "$(dirname "$0")" && pwd)
. "$HOOKS/config"
mkdir -p "$STATE"
export PGHOST PGPORT PGUSER PGCONNECT_TIMEOUT=2 PGOPTIONS='-c statement_timeout=15s' PGAPPNAME=foreshift-hook

refuse() { echo "$*" >&2; exit 3; }
not_yet() { echo "$*" >&2; exit 4; }

# One word of an argument: what becomes part of a file or of a connection string.
word() {
  case "$2" in '' | *[!A-Za-z0-9._:/@+-]*) refuse "the $1 is \"$2\": expected letters, digits and ._:/@+-" ;; esac
}

# A state that came with an image is another machine's: this one is a copy, and serves nobody.
load() {
  ROLE=none OWNER= OVER=false PEER= POSITION= of=
  [ ! -f "$STATE/side" ] || while IFS='=' read -r name value; do
    case "$name" in instance) of=$value ;; role) ROLE=$value ;; owner) OWNER=$value ;; over) OVER=$value ;; peer) PEER=$value ;; position) POSITION=$value ;; esac
  done <"$STATE/side"
  [ "$of" = "$INSTANCE_ID" ] || { ROLE=none OWNER= OVER=false PEER= POSITION=; }
}

save() {
  printf 'instance=%s\nrole=%s\nowner=%s\nover=%s\npeer=%s\nposition=%s\n' "$INSTANCE_ID" "$ROLE" "$OWNER" "$OVER" "$PEER" "$POSITION" >"$STATE/side.new"
  sync "$STATE/side.new"
  mv "$STATE/side.new" "$STATE/side"
  sync "$STATE"
}

# One hook at a time changes anything.
lock() { exec 9>"$STATE/lock"; flock 9; load; }

as_server() {
  if [ "$(id -un)" = "$RUN_AS" ]; then "$@"; else setpriv --reuid="$RUN_AS" --regid="$RUN_AS" --init-groups "$@"; fi
}

sql() { as_server "$PGBIN/psql" -XAtq -v ON_ERROR_STOP=1 -d postgres -c "$1" 2>/dev/null; }

# Makes this server follow the peer from its next start on, or at once where it follows already.
follow() {
  as_server sh -c 'cd "$1" && { grep -v "^primary_conninfo" postgresql.auto.conf || :; printf "primary_conninfo = '\''%s'\''\n" "$2"; } >auto.new && mv auto.new postgresql.auto.conf && touch standby.signal && sync -f .' \
    follow "$PGDATA" "host=$1 application_name=foreshift $REPLICATION"
  sql 'select pg_reload_conf()' >/dev/null || :
}

# Always by promotion, on a timeline of its own: never by starting a copy as if it had been the primary.
become_primary() {
  start_server
  for _ in $(seq 150); do
    case "$(sql 'select pg_is_in_recovery()' || :)" in
      f) return 0 ;;
      t) sql 'select pg_promote(true, 10)' >/dev/null || : ;;
      *) sleep 0.1 ;;
    esac
  done
  not_yet 'PostgreSQL does not take writes yet'
}

# The one line that every hook ends with.
tell() {
  flowing=false lag=null
  case "$ROLE" in
    live)
      why=$(sql "select case when pg_is_in_recovery() then 'it is not promoted yet' else coalesce((select max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))::bigint::text
        from pg_stat_replication where application_name = 'foreshift' and state = 'streaming'), 'nobody follows') end") || why='PostgreSQL does not answer'
      case "$why" in
        'nobody follows') flowing=true ;;
        *[!0-9-]*) ;;
        *) flowing=true lag=${why#-} why='it takes writes' ;;
      esac ;;
    standby | released)
      why=$(sql "select coalesce((select status from pg_stat_wal_receiver), 'no connection to its peer')") || why='PostgreSQL does not answer'
      [ "$why" != streaming ] || flowing=true ;;
    left) why='it has left its move' ;;
    *) why='nothing was told to this instance: a primary is claimed by the command claim, once' ;;
  esac
  printf '{"role":"%s","owner":%s,"isOver":%s,"isFlowing":%s,"lagBytes":%s,"position":%s,"why":"%s"}\n' \
    "$ROLE" "$(text "$OWNER")" "$OVER" "$flowing" "$lag" "$(text "$POSITION")" "$why"
}

text() { if [ -n "$1" ]; then printf '"%s"' "$1"; else printf null; fi; }
