#!/bin/sh
# Runs the program under ThreadSanitizer on four threads: a sweep with runs side by side, then one run whose batch is
# shared by all. Any report fails.
#
#   tests/check/race.sh build/tsan/superpose
set -eu
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ThreadSanitizer cannot place its shadow where addresses are much randomised.
still=
if setarch "$(uname -m)" -R true 2>/dev/null; then still="setarch $(uname -m) -R"; fi

train() {
    echo "race: superpose run $*"
    # shellcheck disable=SC2086  # a command and its words
    TSAN_OPTIONS="halt_on_error=0 second_deadlock_stack=1 log_path=$work/report" \
        $still "$program" run "$@" -j 4 --no-figures --quiet >"$work/said" 2>&1 </dev/null && code=0 || code=$?
    reports=$(find "$work" -name 'report*')
    if [ "$code" != 0 ] || [ -n "$reports" ]; then
        cat "$work/said"
        [ -z "$reports" ] || head -n 100 "$work"/report*
        echo "race: failed (exit code $code)"
        exit 1
    fi
}

train configs/intro.yaml train.steps=200 train.restarts=2 record.loss_samples=4096 -o "$work/sweep.db"
train configs/intro.yaml train.steps=50 train.batch=8192 record.loss_samples=4096 --run 0 -o "$work/one.db"
