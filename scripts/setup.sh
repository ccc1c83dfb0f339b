#!/usr/bin/env bash
# Python and npm packages and the web assets. Each part keeps a stamp of what it was made from and is skipped while
# that has not changed.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .setup-stamp

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  echo "Python 3.11 to 3.14 is needed; found: $(python3 --version 2>&1 || true). Set PYTHON=/path/to/python3.11." >&2
  return 1
}

need_node() {
  if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
    echo "Node.js 20.19 or newer is needed; found: $(node --version 2>&1 || true)." >&2
    return 1
  fi
  command -v npm >/dev/null || { echo "npm is needed (it comes with Node.js)." >&2; return 1; }
}

fingerprint() { cat "$@" | sha256sum | cut -d' ' -f1; }

# fresh NAME FINGERPRINT RESULT: true when RESULT exists and was made from FINGERPRINT.
fresh() { [ -e "$3" ] && [ "$(cat ".setup-stamp/$1" 2>/dev/null)" = "$2" ]; }

# doing NAME WORDS: the old stamp goes before the work starts, so that an interrupted set-up is done again.
doing() { rm -f ".setup-stamp/$1"; echo "setup: $2" >&2; }

setup_python() {
  local python stamp
  python=$(find_python)
  stamp="$("$python" -c 'import sys; print(sys.version_info[:2], sys.prefix)') $PWD $(fingerprint requirements.lock pyproject.toml)"
  fresh python "$stamp" .venv/bin/recore && return
  doing python "Python packages (.venv)"
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python has no venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2
    return 1
  fi
  [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
  .venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
  # The build tools come from the lock too, so nothing unpinned is fetched.
  .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
  echo "$stamp" > .setup-stamp/python
}

setup_npm() {
  local stamp
  stamp="$(node --version) $(fingerprint package.json package-lock.json)"
  fresh npm "$stamp" node_modules/.bin/esbuild && return
  doing npm "npm packages (node_modules)"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  echo "$stamp" > .setup-stamp/npm
}

setup_web() {
  local stamp sources
  mapfile -t sources < <(find backend/recore/web/assets -type f | sort)
  stamp=$(fingerprint package-lock.json scripts/build-web.mjs "${sources[@]}")
  fresh web "$stamp" backend/recore/web/static/dist/app.js && return
  doing web "web assets"
  npm run --silent build:web >&2
  echo "$stamp" > .setup-stamp/web
}

need_node
setup_python
setup_npm
setup_web
