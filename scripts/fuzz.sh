#!/usr/bin/env bash
# Coverage-guided fuzzing of everything that reads bytes from outside, with libFuzzer and the address sanitizer.
#   scripts/fuzz.sh SECONDS [TARGET]
# Plays every target, or one, for so many seconds each. New inputs are gathered in .build-fuzz/inputs; KEEP=1 reduces them
# to those that matter and writes them into Fixtures/fuzz. SKIP_BUILD=1 plays what an earlier run has built. SEED=1 plays the
# same inputs in the same order, as far as the time goes: it begins with what is committed, whatever earlier runs have gathered.
# A find is kept in .build-fuzz/finds, and the run fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds="${1:-30}"
only="${2:-}"
swift="${SWIFT:-swift}"
build=.build-fuzz
# A sanitizer's crash report would wait for the runtime's own, and the runtime keeps memory that is no leak.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
# The order of sets and dictionaries would make another path of the same input.
[[ -z "${SEED:-}" ]] || export SWIFT_DETERMINISTIC_HASHING=1

toolchain="$("$swift" -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')"
driver="$(find -L "$toolchain/.." -name "libclang_rt.fuzzer_no_main-$(uname -m).a" -print -quit 2>/dev/null || true)"
[[ -n "$driver" ]] || { echo "fuzz: this Swift toolchain brings no libFuzzer for $(uname -m)" >&2; exit 1; }

# Debug, because the targets look at internal types; optimised, because fuzzing is counting runs. The program keeps its own
# main: SwiftPM wants one, and `-sanitize=fuzzer` would bring a second.
[[ "${SKIP_BUILD:-}" == 1 ]] || "$swift" build --explicit-target-dependency-import-check error \
  --scratch-path "$build" --product fuzz \
  -Xswiftc -O -Xswiftc -DFUZZING -Xswiftc -sanitize=address \
  -Xswiftc -sanitize-coverage=edge,indirect-calls,trace-cmp,inline-8bit-counters,pc-table \
  -Xlinker "$driver" -Xlinker -lstdc++
fuzz="$build/debug/fuzz"

# Whoever looks at a function's end takes `set -e` from it, so each step says itself that it failed.
play() {
  local target="$1" limit="$2" inputs="$build/inputs/$1" finds="$build/finds/$1-"
  if [[ -n "${SEED:-}" ]]; then
    inputs="$build/seeded/$1"
    rm -rf "$inputs"
  fi
  mkdir -p "$inputs" "$build/finds" || return
  "$fuzz" unpack "$target" "$inputs" || return
  echo "fuzz: $target for $seconds s"
  "$fuzz" run "$target" "$inputs" -seed="${SEED:-0}" -max_total_time="$seconds" -max_len="$limit" -timeout=10 -rss_limit_mb=1024 \
    -malloc_limit_mb=256 -artifact_prefix="$finds" -print_final_stats=1 -verbosity=0 2> "$build/$target.log" || {
    tail -n 40 "$build/$target.log" >&2
    echo "fuzz: $target has a find; replay it with: $fuzz run $target FILE (in $build/finds)" >&2
    return 1
  }
  grep -E 'number_of_executed_units|new_units_added|peak_rss_mb' "$build/$target.log" | sed 's/^stat:: */  /'
  [[ "${KEEP:-}" == 1 ]] || return 0
  local merged="$build/merged/$target"
  rm -rf "$merged"
  mkdir -p "$merged" || return
  "$fuzz" run "$target" -merge=1 -max_len="$limit" "$merged" "$inputs" 2>> "$build/$target.log" || {
    tail -n 40 "$build/$target.log" >&2
    echo "fuzz: the inputs of $target could not be reduced; Fixtures/fuzz stays as it is" >&2
    return 1
  }
  "$fuzz" keep "$target" "$merged"
}

targets="$("$fuzz" list)"
status=0
played=0
while read -r target limit; do
  [[ -z "$only" || "$only" == "$target" ]] || continue
  played=$((played + 1))
  play "$target" "$limit" || status=1
done <<<"$targets"
if ((played == 0)); then
  echo "fuzz: there is no target $only; there are: $(cut -d ' ' -f 1 <<<"$targets" | xargs)" >&2
  exit 64
fi
exit "$status"
