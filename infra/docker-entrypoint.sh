#!/bin/sh
# Keys and rules come as text in the environment (a secret of the orchestrator) and are files to the product: nobody else may read them, and no process inherits them.
set -eu
umask 077
run=/run/foreshift
file() {
  variable="$1"
  content=$(printenv "${variable}_CONTENT") || return 0
  printf '%s\n' "$content" > "$run/$2"
  unset "${variable}_CONTENT"
  export "$variable=$run/$2"
}
file FORESHIFT_AUDIT_KEY audit.pem
file FORESHIFT_ACTOR_KEY actor.pem
file FORESHIFT_ACTORS actors.json
file FORESHIFT_PAYLOAD_KEYS payload-keys.json
if [ -n "${FORESHIFT_RULES_BASE64:-}" ]; then
  printf '%s' "$FORESHIFT_RULES_BASE64" | base64 -d > "$run/rules.yaml"
  unset FORESHIFT_RULES_BASE64
fi
exec node /app/dist/src/cli/main.js "$@"
