#!/usr/bin/env bash
# The main job, done for real on this machine: a server with TLS, four people's devices, a batch of posts, a network that
# is cut, decisions made meanwhile, and two crashes of the server. It leaves nothing behind; KEEP=1 keeps its files.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly BIN="${BIN:-$PWD/.build/release}"
readonly START_LIMIT=100 # tenths of a second that a server may take to start
for program in countersign countersignd; do
  [[ -x "$BIN/$program" ]] || { echo "demo: $BIN/$program is missing; run 'make build' first" >&2; exit 1; }
done

WORK="$(mktemp -d "${TMPDIR:-/tmp}/countersign-demo.XXXXXX")"
readonly WORK DATA="$WORK/server"
SERVER_PID=""
SYNC_PID=""
STEP="the start"

finish() {
  local code=$?
  stop_sync
  stop_server
  if ((code != 0)); then
    echo "demo: failed at: $STEP" >&2
    [[ -f "$WORK/server.log" ]] && tail -n 15 "$WORK/server.log" >&2
  fi
  if [[ -n "${KEEP:-}" ]]; then echo "Files are kept in $WORK."; else rm -rf "$WORK"; fi
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

step() { STEP="$*"; }
say() { printf '%s\n' "$*"; }

# The first text or number of a name in JSON.
field() { sed -n 's/.*"'"$1"'" *: *"\{0,1\}\([^",}]*\).*/\1/p' | sed -n 1p; }

# One person's device: a folder of its own.
as() {
  local who="$1"
  shift
  COUNTERSIGN_HOME="$WORK/$who" "$BIN/countersign" "$@"
}

server() { "$BIN/countersignd" "$@"; }

start_server() {
  rm -f "$WORK/ready"
  "$BIN/countersignd" serve --data "$DATA" --listen "${1:-127.0.0.1:0}" --ready-file "$WORK/ready" >>"$WORK/server.log" 2>&1 &
  SERVER_PID=$!
  local waited=0
  until [[ -s "$WORK/ready" ]]; do
    if ! kill -0 "$SERVER_PID" 2>/dev/null; then echo "demo: the server ended" >&2; return 1; fi
    if ((waited++ >= START_LIMIT)); then echo "demo: the server did not get ready" >&2; return 1; fi
    sleep 0.1
  done
  ADDRESS="$(sed -n 's#.*//\([^/ ]*\).*#\1#p' "$WORK/ready" | sed -n 1p)"
}

kill_server() {
  kill -9 "$SERVER_PID"
  wait "$SERVER_PID" 2>/dev/null || true
  SERVER_PID=""
}

stop_server() {
  [[ -n "$SERVER_PID" ]] || return 0
  kill "$SERVER_PID" 2>/dev/null || true
  wait "$SERVER_PID" 2>/dev/null || true
  SERVER_PID=""
}

# Nobody's control-C reaches what runs in the background.
stop_sync() {
  [[ -n "$SYNC_PID" ]] || return 0
  kill "$SYNC_PID" 2>/dev/null || true
  wait "$SYNC_PID" 2>/dev/null || true
}

# A code is as good as a key until it is used, so it goes through a pipe: command lines are everybody's to read.
enrol() { printf '%s\n' "$2" | as "$1" enrol - --device "$1-laptop" --json >"$WORK/$1.enrolled"; }

invited() { as anna invite "$1" --role "$2" --json --wait | field code; }

# A list in JSON as lines of POST@DIGEST.
target_lines() { sed -n 's/.*"post":"\([0-9a-f]*\)".*"revision":"\([0-9a-f]*\)".*/\1@\2/p'; }

# What waits for one person.
targets() { as "$1" queue --json=post,revision | target_lines; }

states() { as "$1" queue --all --json=state | sed -n 's/.*"state":"\([^"]*\)".*/\1/p' | sort | uniq -c | awk '{printf "%s%d %s", s, $1, $2; s = ", "}'; }

step "starting a server"
server init --data "$DATA" >/dev/null
start_server
say "1. A server runs at $ADDRESS, with TLS and a key of its own."

step "enrolling four people"
TENANT="$(server tenant create "Praxis am Park" --data "$DATA" --json | field id)"
enrol anna "$(server invite --data "$DATA" --tenant "$TENANT" --role admin --name "Anna Admin" --json | field code)"
say "2. Anna, the admin, enrolled the first device; it is the root of the tenant's keys:"
say "   root $(field root_fingerprint <"$WORK/anna.enrolled" | cut -c1-32)…"
enrol erika "$(invited "Erika Editor" editor)"
enrol weber "$(invited "Dr. Weber" reviewer)"
enrol okafor "$(invited "Dr. Okafor" reviewer)"
say "   Her device signed the invitations of Erika (editor), Dr. Weber and Dr. Okafor (reviewers)."

step "importing a campaign"
as erika import Fixtures/posts/spring-campaign.json --submit --wait --json >"$WORK/imported"
say "3. Erika brought in $(field posts <"$WORK/imported") posts of $(field items <"$WORK/imported") messages, all or nothing."
for who in anna erika weber okafor; do as "$who" sync --json >"$WORK/$who.sync"; done
say "   Everybody synced; $(targets weber | wc -l | tr -d ' ') posts wait for Dr. Weber, on his own disk."

step "working without a network"
kill_server
say "4. The server is killed (kill -9). From here on nobody has a network."
STALE="$(as weber search nasal sprays cortisone --json --fields post,revision | target_lines | sed -n 1p)"
targets weber | grep -v "$STALE" | sed -n 1,39p >"$WORK/weber.targets"
echo "$STALE" >>"$WORK/weber.targets"
as weber approve - --offline --json <"$WORK/weber.targets" >"$WORK/weber.approved" 2>>"$WORK/notes"
say "   Dr. Weber approves $(wc -l <"$WORK/weber.targets" | tr -d ' ') posts; each signature names exactly what he saw."
REJECTED="$(targets okafor | grep -vFf "$WORK/weber.targets" | sed -n 1p)"
as okafor reject "$REJECTED" --reason "The advice needs a source." --offline >/dev/null 2>>"$WORK/notes"
say "   Dr. Okafor rejects one, with a reason."
as erika revise "${STALE%@*}" --offline >/dev/null 2>>"$WORK/notes" --text "Hay fever costs sleep and concentration long before \
anybody calls in sick. If your symptoms return every April, book your visit in February: nasal sprays with cortisone work \
best when they are started two weeks before the season and used every day."
say "   Erika rewrites one of the posts that Dr. Weber has just approved. Neither knows of the other."
say "   All of it is on their own disks; Dr. Weber's has $(as weber status --json | field unsent) signed change to send."

step "syncing again, with a crash in between"
start_server "$ADDRESS"
as erika sync --json >"$WORK/erika.sync"
say "5. The server is back; Erika syncs first: sent $(field sent <"$WORK/erika.sync")."
# By itself and not through `as`, so that the number is the program's.
COUNTERSIGN_HOME="$WORK/weber" "$BIN/countersign" sync --json >"$WORK/weber.sync" 2>/dev/null &
SYNC_PID=$!
sleep 0.05
kill_server
CUT=0
wait "$SYNC_PID" || CUT=$?
SYNC_PID=""
say "   While Dr. Weber's device sends, the server is killed once more (his sync ended with code $CUT)."
start_server "$ADDRESS"
for who in weber okafor erika anna weber okafor; do as "$who" sync --json >"$WORK/$who.sync"; done
say "   It starts again; everybody syncs. Nothing is lost, nothing happened twice:"
say "   $(states anna)."

step "looking at the stale approval"
say "6. Dr. Weber's approval of the rewritten post was refused, and he is shown why:"
as weber outcomes --no-pager 2>/dev/null | sed '/^$/d; s/^/   | /'
as weber outcomes --json >"$WORK/outcomes"
grep -q '"code":"stale_revision"' "$WORK/outcomes"

step "comparing devices with the server"
for who in anna erika weber okafor; do
  MEMBER="$(as "$who" status --json | field member_id)"
  as "$who" export --state "$WORK/$who.state" >/dev/null
  server export --data "$DATA" --tenant "$TENANT" --state "$WORK/$who.server" --member "$MEMBER" >/dev/null
  cmp "$WORK/$who.state/entities.jsonl" "$WORK/$who.server/entities.jsonl"
done
say "7. What each of the four devices holds equals the server's, byte for byte ($(wc -l <"$WORK/weber.state/entities.jsonl" | tr -d ' ') entities at Dr. Weber's)."

step "verifying the ledger"
ROOT="$(field root_fingerprint <"$WORK/anna.enrolled")"
as weber audit verify --root "$ROOT" --json >"$WORK/audit"
grep -q '"ok":true' "$WORK/audit"
say "8. Dr. Weber's device verified $(field signatures_checked <"$WORK/audit") signatures up to entry $(field size <"$WORK/audit") of the ledger, under the root above."
stop_server
server verify --data "$DATA" --json >"$WORK/verified"
say "   The server's whole ledger was replayed: $(grep -q '"ok" *: *true' "$WORK/verified" && echo sound || echo NOT SOUND)."
grep -q '"ok" *: *true' "$WORK/verified"
