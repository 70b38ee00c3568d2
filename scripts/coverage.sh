#!/usr/bin/env bash
# Runs all tests with coverage in a build folder of its own and prints the share of covered lines, file by file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=.build-coverage
check=(--explicit-target-dependency-import-check error)
# The end-to-end tests start the programs of the plain debug build.
swift build --build-tests "${check[@]}"
swift build --build-tests "${check[@]}" --scratch-path "$scratch" --enable-code-coverage
swift test --skip-build --scratch-path "$scratch" --enable-code-coverage

tests="$(find -L "$scratch/debug" -maxdepth 1 -name '*.xctest' | head -n 1)"
profile="$(find -L "$scratch/debug/codecov" -name default.profdata | head -n 1)"
llvm_cov="$(dirname "$(readlink -f "$(command -v swift)")")/llvm-cov"
[[ -x "$llvm_cov" ]] || llvm_cov=llvm-cov

# Columns 8 to 10 of llvm-cov's table are lines, missed lines and covered share.
"$llvm_cov" report "$tests" -instr-profile "$profile" \
  -ignore-filename-regex='/\.build|/Tests/|/Generated/|/Sources/C/' |
  awk '$1 == "Filename" { printf "%-72s %8s %8s %8s\n", "file", "lines", "missed", "covered" }
       $8 ~ /^[0-9]+$/ { printf "%-72s %8s %8s %8s\n", $1, $8, $9, $10 }'
