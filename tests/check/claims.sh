#!/bin/sh
# Trains every config from the start and lets it judge itself: a failed run or a claim that does not hold fails.
#
#   tests/check/claims.sh build/superpose CONFIG…
set -u
program=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for config in "$@"; do
    "$program" run "$config" --no-figures -o "$work/$(basename "$config" .yaml).db" >"$work/said" 2>&1 </dev/null
    code=$?
    echo "$config: exit code $code"
    [ $code = 0 ] && continue
    cat "$work/said"
    failed=$((failed + 1))
done
echo "$# configs, $failed failed"
[ $failed = 0 ]
