#!/usr/bin/env bash
# The wheel (with web assets and shared schemas inside) and the extension's store zip, both into dist/.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf dist && mkdir dist
.venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
rm -rf extension/package
npm run --silent build:ext:store
cp extension/package/*.zip dist/
names=$(.venv/bin/python -m zipfile -l dist/*.whl)
for needed in recore/web/static/dist/app.js recore/_shared_schemas/extension.json recore/migrations/versions/0001_initial_schema.py; do
  grep -qF "$needed" <<<"$names" || { echo "the wheel lacks $needed" >&2; exit 1; }
done
ls -l dist
