#!/usr/bin/env bash
# Finds anew which run shows each planted bug, and writes the table into docs/TESTING.md. Needed after changes that make
# seeds mean other runs; the tests say when.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

page=docs/TESTING.md
table="$(mktemp)"
fresh="$(mktemp)"
trap 'rm -f "$table" "$fresh"' EXIT
"$1" --planted | tee "$table"
awk -v table="$table" '
  /^\| Bug \| Found by \|/ { while ((getline line < table) > 0) print line; isTable = 1 }
  isTable && /^\|/ { next }
  { isTable = 0; print }
' "$page" >"$fresh"
cat "$fresh" >"$page"
