#!/usr/bin/env bash
# Holds every hand-written Swift file to .swift-format: `check` reports differences and fails, `write` repairs them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode="${1:-check}"
swift="${SWIFT:-swift}"
roots=()
for name in Package.swift Sources SyncProtocol Clients Tests; do
  [[ -e "$name" ]] && roots+=("$name")
done
mapfile -d '' -t files < <(find "${roots[@]}" -name '*.swift' -not -path '*/Generated/*' -print0 | sort -z)

case "$mode" in
  check)
    if ! "$swift" format lint --strict --parallel --configuration .swift-format "${files[@]}"; then
      echo "format: the style differs from .swift-format; 'make format' repairs what can be repaired by machine" >&2
      exit 1
    fi
    ;;
  write) "$swift" format --in-place --parallel --configuration .swift-format "${files[@]}" ;;
  *)
    echo "usage: scripts/format.sh check|write" >&2
    exit 64
    ;;
esac
