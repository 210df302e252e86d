#!/bin/sh
# Runs a program built with a sanitizer on four threads: a sweep with runs side by side, then one run whose batch is
# shared by all, then what reads a store. Any report fails: a race, a leak, undefined behaviour.
#
#   tests/check/sanitized.sh build/tsan/superpose
set -eu
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ThreadSanitizer cannot place its shadow where addresses are much randomised.
still=
if setarch "$(uname -m)" -R true 2>/dev/null; then still="setarch $(uname -m) -R"; fi

run() {
    echo "$program $*"
    # shellcheck disable=SC2086  # a command and its words
    TSAN_OPTIONS="halt_on_error=0 second_deadlock_stack=1 log_path=$work/report" \
    ASAN_OPTIONS="detect_leaks=1 log_path=$work/report" UBSAN_OPTIONS="print_stacktrace=1 log_path=$work/report" \
        $still "$program" "$@" >"$work/said" 2>&1 </dev/null && code=0 || code=$?
    reports=$(find "$work" -name 'report*')
    if [ "$code" != 0 ] || [ -n "$reports" ]; then
        cat "$work/said"
        [ -z "$reports" ] || head -n 100 "$work"/report*
        echo "$program $1: failed (exit code $code)"
        exit 1
    fi
}

quick="--no-figures --quiet -j 4 record.loss_samples=4096"
# shellcheck disable=SC2086  # a list of words
{
    run run configs/intro.yaml $quick train.steps=200 train.restarts=2 -o "$work/sweep.db"
    run run configs/intro.yaml $quick train.steps=50 train.batch=8192 --run 0 -o "$work/one.db"
}
run info "$work/sweep.db"
run check configs/intro.yaml
run trace configs/intro.yaml --run 0 --steps 3 -o "$work/trace.npz"
for form in npz csv json; do
    run export "$work/sweep.db" -o "$work/sweep.$form"
done
