#!/bin/sh
# Install the peers, pinned, into benchmarks/peers. Node.js 20 and Python 3.11 must be there.
set -eu
cd "$(dirname "$0")"
command -v npm >/dev/null || { echo "the peers Spectral and Redocly need Node.js with npm" >&2; exit 1; }
npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts
test -x venv/bin/python || "${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check -r requirements.txt
