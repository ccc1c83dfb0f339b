#!/usr/bin/env bash
# Prove that a machine with nothing but Python, Node and make is enough: a fresh Debian, a fresh clone of HEAD with
# shared/ beside it, and in it the given commands (default: make run twice, then make test).
#   scripts/cleanroom.sh ['command' …]        KEEP=1 keeps the root and prints where it is
# The host's package sources, certificates and client settings are read when this runs; none is written down here.
set -euo pipefail
cd "$(dirname "$0")/.."
project=$PWD
[ "$(id -u)" -eq 0 ] || { echo "the clean room needs root (mmdebstrap, chroot)" >&2; exit 1; }
for tool in mmdebstrap node git unshare; do
  command -v "$tool" >/dev/null || { echo "the clean room needs $tool" >&2; exit 1; }
done

work=$(mktemp -d "${TMPDIR:-/tmp}/recore-cleanroom-XXXXXX")
root=$work/root
cleanup() {
  [ -n "${KEEP:-}" ] && { echo "kept: $root"; return; }
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT

apt_settings() { apt-config dump | grep -E '^Acquire::(https?|Check-|Retries|Languages|IndexTargets)' || true; }

make_root() {
  local codename
  codename=$(. /etc/os-release && [ "$ID" = debian ] && echo "$VERSION_CODENAME" || echo bookworm)
  apt_settings > "$work/apt.conf"
  local sources=()
  mapfile -t sources < <(find /etc/apt/sources.list /etc/apt/sources.list.d -name '*.list' -o -name '*.sources' 2>/dev/null)
  mmdebstrap --quiet --variant=apt --aptopt="$work/apt.conf" \
    --include=python3,python3-venv,make,ca-certificates,git "$codename" "$root" "${sources[@]}"
}

copy_client_settings() {
  local path
  # The host's bundle may hold more authorities than Debian's.
  cp -aL /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  [ -d /usr/local/share/ca-certificates ] && cp -a /usr/local/share/ca-certificates "$root/usr/local/share/"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  for path in /etc/apt/auth.conf.d /etc/pip.conf "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf" "$HOME/.npmrc" /etc/npmrc; do
    [ -e "$path" ] || continue
    mkdir -p "$root$(dirname "$path")"
    cp -a "$path" "$root$(dirname "$path")/"
  done
  [ -e "$HOME/.npmrc" ] && [ "$HOME" != /root ] && cp -a "$HOME/.npmrc" "$root/root/"
  printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d" # start no services
}

copy_node() {
  local npm
  npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  mkdir -p "$root/usr/local/lib/node_modules"
  cp -L "$(node -p process.execPath)" "$root/usr/local/bin/node"
  cp -a "$npm" "$root/usr/local/lib/node_modules/npm"
  [ -e /usr/etc/npmrc ] && mkdir -p "$root/usr/etc" && cp -a /usr/etc/npmrc "$root/usr/etc/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
}

# Folders on this machine in which pip looks for packages; shown in the room, read-only.
package_folders() {
  { python3 -m pip config list 2>/dev/null; env | grep -E '^PIP_' || true; } |
    grep -oE "(file://)?/[^ '\"\\]+" | sed 's#^file://##' |
    sed 's#/simple/*$##' | # an index on disk: its files lie beside
    while read -r folder; do [ -d "$folder" ] && echo "$folder"; done | sort -u || true
}

# Settings of the package clients, and nothing else of this session.
client_environment() {
  env -0 | while IFS= read -r -d '' pair; do
    case $pair in
      PIP_* | NPM_* | npm_config_* | SSL_* | NODE_EXTRA_CA_CERTS=* | REQUESTS_CA_BUNDLE=* | CURL_CA_BUNDLE=*) ;;
      http_proxy=* | https_proxy=* | no_proxy=* | HTTP_PROXY=* | HTTPS_PROXY=* | NO_PROXY=*) ;;
      *) continue ;;
    esac
    printf '%s\0' "$pair"
  done
}

enter() {
  local -a settings folders
  mapfile -d '' -t settings < <(client_environment)
  mapfile -t folders < <(package_folders)
  # A namespace of its own: the mounts and every process left over go with it.
  ROOM=$root COMMAND=$1 unshare --mount --pid --fork --kill-child -- bash -euo pipefail -c '
    mount --make-rprivate /
    mount -t proc proc "$ROOM/proc"
    mount -t tmpfs -o size=2g tmpfs "$ROOM/dev/shm"
    mount -t devpts devpts "$ROOM/dev/pts" 2>/dev/null || mount --bind /dev/pts "$ROOM/dev/pts"
    while [ "$1" != -- ]; do
      mkdir -p "$ROOM$1"; mount --bind "$1" "$ROOM$1"; mount -o remount,bind,ro "$ROOM$1"; shift
    done
    shift
    exec chroot "$ROOM" /usr/bin/env -i HOME=/root LANG=C.UTF-8 CI=true \
      PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" bash -euo pipefail -c "cd /room/main && $COMMAND"
  ' room "${folders[@]}" -- "${settings[@]}"
}

SECONDS=0
make_root
copy_client_settings
copy_node
mkdir -p "$root/room" "$root/dev/shm" "$root/dev/pts"
git clone --quiet --no-hardlinks "$project" "$root/room/main"
[ -d "$project/../shared" ] && cp -a "$project/../shared" "$root/room/shared"
echo "clean room ready after ${SECONDS} s: $(git -C "$root/room/main" log -1 --format='%h %s')"

[ "$#" -gt 0 ] || set -- "python3 scripts/smoke_run.py" "make test"
for command in "$@"; do
  SECONDS=0
  echo "--- $command"
  enter "$command"
  echo "--- $command: ok after ${SECONDS} s"
done
