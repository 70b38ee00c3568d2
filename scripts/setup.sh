#!/usr/bin/env bash
# Makes a Debian machine able to build Countersign: the system libraries and the Swift version.
# Idempotent, and instant when nothing is missing.
set -euo pipefail

required_packages=(
  libwebsockets-dev libwebsockets-evlib-uv libuv1-dev libssl-dev
  libsodium-dev libcurl4-openssl-dev libsqlite3-dev
)
# `make proto` and `make torture` ask for more.
required_packages+=("$@")

fail() {
  echo "setup: $*" >&2
  exit 1
}

swift="${SWIFT:-swift}"

check_swift() {
  command -v "$swift" >/dev/null || fail "there is no $swift on the PATH; install Swift 6.3 from https://www.swift.org/install/linux"
  local version major minor
  version="$("$swift" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1 || true)"
  [[ -n "$version" ]] || fail "the output of '$swift --version' names no version; Swift 6.3 or newer is needed"
  major="${version%%.*}"
  minor="${version##*.}"
  if ((major != 6 || minor < 3)); then
    fail "$swift is Swift $version; 6.3 or newer of the 6 line is needed (https://www.swift.org/install/linux)"
  fi
}

is_installed() {
  [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" == installed ]]
}

list_missing() {
  missing=()
  local name
  for name in "${required_packages[@]}"; do
    is_installed "$name" || missing+=("$name")
  done
}

install_missing() {
  local as_root=()
  if [[ "$(id -u)" != 0 ]]; then
    command -v sudo >/dev/null || fail "neither root nor sudo here; as root run: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  export DEBIAN_FRONTEND=noninteractive
  echo "setup: installing ${missing[*]}"
  local attempt
  # A first run of dpkg can fail on a machine that is still settling and succeed when it is asked again.
  for attempt in 1 2 3; do
    # A broken list of some other source must not stop an installation that does not need it.
    "${as_root[@]}" apt-get update -qq </dev/null || echo "setup: apt-get update failed; trying with the lists at hand" >&2
    if "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null; then
      return
    fi
    echo "setup: attempt $attempt of 3 failed" >&2
    "${as_root[@]}" dpkg --configure -a </dev/null || true
    ((attempt == 3)) || sleep 2
  done
  fail "apt-get could not install ${missing[*]}; its own message stands above"
}

check_swift
command -v dpkg-query >/dev/null || fail "this is no Debian system; install the equivalents of: ${required_packages[*]}"
list_missing
if ((${#missing[@]} > 0)); then
  install_missing
  list_missing
  ((${#missing[@]} == 0)) || fail "still missing after the installation: ${missing[*]}"
fi
