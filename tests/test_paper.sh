#!/bin/sh
# Every config of configs/paper trains, measures, judges its claims and draws all its figures: in a shortened form, a few
# steps of one restart on small batches, so that a config or a figure that broke is seen in seconds. Claims mean nothing
# then and are skipped (overrides do that); those of configs that take 3 processor seconds or less are checked in full.
# `make paper` does all of it. Usage: tests/test_paper.sh [PROGRAM]
set -u
program=${1:-build/superpose}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 n=0 fast=

fail() {
    echo "FAILED $1: $2"
    sed 's/^/    /' "$work/said"
    failed=$((failed + 1))
}

# A number of the JSON that `check` prints; the names of the config's figures.
number() { sed -n "s/^ *\"$1\": \([0-9.e+-]*\),*\$/\1/p" "$work/check"; }
figures() { sed -n '/"figures": \[/,/\]/s/^ *"\([^"]*\)",*$/\1/p' "$work/check"; }

# Both files of each figure are there, and not too large for a page.
check_figures() {
    [ -x "$(dirname "$program")/superpose-render" ] || return 0
    for figure in $(figures); do
        for file in "$work/$1/$figure.svg" "$work/$1/$figure.png"; do
            [ -s "$file" ] || fail "$1" "$(basename "$file") was not drawn"
            # Untrained weights are noise, which no file can compress: trained, the largest of these is a third smaller.
            [ ! -s "$file" ] || [ "$(wc -c <"$file")" -le 400000 ] ||
                fail "$1" "$(basename "$file") has $(wc -c <"$file") bytes"
        done
    done
}

for config in configs/paper/*.yaml; do
    name=$(basename "$config" .yaml)
    n=$((n + 1))
    : >"$work/said"
    if ! "$program" check --json "$config" >"$work/check" 2>"$work/said"; then
        fail "$name" "the config is wrong"
        continue
    fi
    [ "$(number claims)" -gt 0 ] || fail "$name" "it claims nothing"
    [ -n "$(figures)" ] || fail "$name" "it draws nothing"
    awk "BEGIN { exit !($(number expected_cpu_s) <= 3) }" && fast="$fast $config"
    set -- train.steps=5 train.restarts=1 train.batch=32 record.loss_samples=1024 record.loss_samples_over_time=64
    grep -q '^changes:' "$config" && set -- "$@" 'changes=[]'
    if ! "$program" run "$config" "$@" --quiet -o "$work/$name.db" >"$work/said" 2>&1 </dev/null; then
        fail "$name" "the shortened run ends with an error"
        continue
    fi
    check_figures "$name"
    rm -rf "${work:?}/$name" "$work/$name.db"
done
echo "$n configs in short, $failed failures"
[ "$n" -gt 0 ] || failed=1
if [ -n "$fast" ]; then
    # shellcheck disable=SC2086  # a list of paths
    "$(dirname "$0")/check/claims.sh" "$program" $fast || failed=1
fi
[ "$failed" = 0 ]
