#!/usr/bin/env bash
# cfn-lint over the templates of the example, in a private environment.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv="${FORESHIFT_HOME:-.foreshift}/cfn-lint"
[ -x "$venv/bin/cfn-lint" ] || { "${FORESHIFT_PYTHON:-python3}" -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check cfn-lint==1.58.0; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
npm run --silent synth -- infra/cdk/example.yaml --output "$out"
"$venv/bin/cfn-lint" "$out"/*.template.json && echo "cfn-lint finds nothing"
