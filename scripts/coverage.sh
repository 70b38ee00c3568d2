#!/usr/bin/env bash
# Runs all tests with coverage in a build folder of its own and prints the share of covered lines, file by file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

swift="${SWIFT:-swift}"
scratch=.build-coverage
# One product by name, because everything would also be the C++ of the protobuf compiler. The programs that the end-to-end
# tests start are made beside it.
"$swift" build --product countersignPackageTests --explicit-target-dependency-import-check error \
  --scratch-path "$scratch" --enable-code-coverage
"$swift" test --skip-build --scratch-path "$scratch" --enable-code-coverage

tests="$(find -L "$scratch/debug" -maxdepth 1 -name '*.xctest' -print -quit)"
profile="$(find -L "$scratch/debug/codecov" -name default.profdata -print -quit)"
[[ -n "$tests" && -n "$profile" ]] || { echo "coverage: the tests left no profile below $scratch/debug" >&2; exit 1; }
llvm_cov="$(dirname "$(readlink -f "$(command -v "$swift")")")/llvm-cov"
[[ -x "$llvm_cov" ]] || llvm_cov=llvm-cov

# Columns 8 to 10 of llvm-cov's table are lines, missed lines and covered share.
"$llvm_cov" report "$tests" -instr-profile "$profile" \
  -ignore-filename-regex='/\.build|/Tests/|/Generated/|/Sources/C/' |
  awk '$1 == "Filename" { printf "%-72s %8s %8s %8s\n", "file", "lines", "missed", "covered" }
       $8 ~ /^[0-9]+$/ { printf "%-72s %8s %8s %8s\n", $1, $8, $9, $10 }'
