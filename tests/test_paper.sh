#!/bin/sh
# Every config of configs/paper trains, measures, makes its summaries and draws all its figures; `make paper` does all of it
# in full. Here configs that take 3 processor seconds or less do too, and their claims must hold. The others are shortened,
# so that a config or a figure that broke is seen in seconds: tiny batches, and where that is not enough few steps. Claims
# mean nothing then and are skipped (overrides do that). All runs stay, since figures may name any of them.
#
# Usage: tests/test_paper.sh [PROGRAM]
set -u
program=${1:-build/superpose}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 n_full=0 n_short=0

fail() {
    echo "FAILED $1: $2"
    sed 's/^/    /' "$work/said"
    failed=$((failed + 1))
}

# A number of the JSON that `check` prints; the names of the config's figures; whether it costs at most so many seconds.
number() { sed -n "s/^ *\"$1\": \([0-9.e+-]*\),*\$/\1/p" "$work/check"; }
figures() { sed -n '/"figures": \[/,/\]/s/^ *"\([^"]*\)",*$/\1/p' "$work/check"; }
costs_at_most() {
    "$program" check --json "$@" >"$work/check" 2>"$work/said" && awk "BEGIN { exit !($(number expected_cpu_s) <= $limit) }"
}

# Both files of each figure are there.
check_figures() {
    [ -x "$program-render" ] || return 0
    for figure in $(figures); do
        for file in "$work/$1/$figure.svg" "$work/$1/$figure.png"; do
            [ -s "$file" ] || fail "$1" "$(basename "$file") was not drawn"
        done
    done
}

for config in configs/paper/*.yaml; do
    name=$(basename "$config" .yaml)
    : >"$work/said"
    set -- "$config"
    limit=3
    if costs_at_most "$config"; then
        n_full=$((n_full + 1))
    else
        n_short=$((n_short + 1))
        set -- "$config" train.batch=8 record.loss_samples=1024 record.loss_samples_over_time=64
        limit=2
        costs_at_most "$@" || set -- "$@" train.steps=60
        grep -q '^changes:' "$config" && set -- "$@" 'changes=[]'
    fi
    if ! "$program" check --json "$@" >"$work/check" 2>"$work/said"; then
        fail "$name" "the config is wrong"
        continue
    fi
    [ "$(number claims)" -gt 0 ] || fail "$name" "it claims nothing"
    [ -n "$(figures)" ] || fail "$name" "it draws nothing"
    if "$program" run "$@" -o "$work/$name.db" >"$work/said" 2>&1 </dev/null; then
        check_figures "$name"
    else
        fail "$name" "exit code $? of: run $*"
    fi
    rm -rf "${work:?}/$name" "$work/$name.db"
done
echo "$n_full configs in full, $n_short shortened, $failed failures"
[ $((n_full + n_short)) -gt 0 ] && [ "$failed" = 0 ]
