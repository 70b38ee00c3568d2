#!/usr/bin/env bash
# Generates SyncProtocol/Wire/Generated from the schema with the plug-in of the very swift-protobuf version
# that the package resolves to, so that generated code and runtime library never drift apart.
# Usage: scripts/proto.sh [Package|Public|Internal]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

visibility="${1:-Package}"
swift="${SWIFT:-swift}"
schema=SyncProtocol/proto
output=SyncProtocol/Wire/Generated
tools="$PWD/.build/proto-tools"

compgen -G "$schema/countersign/v1/*.proto" >/dev/null || {
  echo "proto: no schema at $schema/countersign/v1" >&2
  exit 1
}
bash scripts/setup.sh protobuf-compiler
"$swift" package resolve
"$swift" build -c release --package-path .build/checkouts/swift-protobuf --scratch-path "$tools" --product protoc-gen-swift

fresh="$(mktemp -d)"
trap 'rm -rf "$fresh"' EXIT
protoc \
  --plugin=protoc-gen-swift="$tools/release/protoc-gen-swift" \
  --proto_path="$schema" \
  --swift_opt=Visibility="$visibility" \
  --swift_opt=UseAccessLevelOnImports=false \
  --swift_opt=FileNaming=DropPath \
  --swift_out="$fresh" \
  "$schema"/countersign/v1/*.proto

# Replaced as a whole, so that a file whose schema is gone does not stay behind.
rm -rf "$output"
mkdir -p "$output"
cp "$fresh"/*.pb.swift "$output"/
echo "proto: $(find "$output" -name '*.pb.swift' | wc -l) files in $output"
