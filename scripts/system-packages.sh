#!/usr/bin/env bash
# What the tests need beside Python and Node: a browser, a Japanese font and message set, two servers.
# As root (or where sudo asks nothing) the missing ones are installed; otherwise they are named.
set -euo pipefail

packages=(chromium chromium-driver chromium-l10n fonts-noto-cjk postgresql redis-server)

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do installed "$package" || missing+=("$package"); done
else
  for command in chromium chromedriver postgres redis-server; do command -v "$command" >/dev/null || missing+=("$command"); done
fi
[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if [ -n "${CI:-}" ] && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
  else
    echo "Missing for the tests: ${missing[*]}" >&2
    echo "Install them with:  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
fi
if ! command -v apt-get >/dev/null; then
  echo "Missing for the tests: ${missing[*]} (install them with this system's own package manager)" >&2
  exit 1
fi
echo "system packages: installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
