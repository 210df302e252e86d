#!/bin/sh
# Runs superpose-render built with ThreadSanitizer where its threads meet, those that train, the one that draws and the
# one that writes a film: films of one run and of a sweep, then a window whose user does not sit still. Any report fails.
#
#   tests/check/race_render.sh build/tsan
set -eu
here=$(cd "$(dirname "$0")" && pwd)
programs=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ThreadSanitizer cannot place its shadow where addresses are much randomised.
still=
if setarch "$(uname -m)" -R true 2>/dev/null; then still="setarch $(uname -m) -R"; fi
export TSAN_OPTIONS="halt_on_error=0 second_deadlock_stack=1 suppressions=$here/libraries.tsan"

for run in "--run 79" ""; do
    echo "superpose-render record configs/intro.yaml $run"
    # shellcheck disable=SC2086  # a command and its words, words
    $still "$programs/superpose-render" record configs/intro.yaml $run train.steps=300 -j 2 --seconds 1 --fps 10 \
        --size 640x400 --with-controls --quiet -o "$work/frames$run/" >"$work/said" 2>&1 </dev/null ||
        { head -n 100 "$work/said"; exit 1; }
    [ ! -s "$work/said" ] || { head -n 100 "$work/said"; exit 1; }
done
# shellcheck disable=SC2086  # a command
$still "${PYTHON:-/usr/bin/python3}" "$here/window.py" "$programs/superpose" --restless
