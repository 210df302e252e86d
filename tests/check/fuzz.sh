#!/bin/sh
# Feeds each libFuzzer program for a while: no crash, no leak, no undefined behaviour, no hang.
#
#   tests/check/fuzz.sh SECONDS PROGRAM…     build/fuzz/fuzz/fuzz_x starts from tests/fuzz/corpus/x/
#
# What it finds out is kept beside the program (corpus_x/), so that the next time goes on from there; an input that
# breaks something is left there as crash-…, leak-… or timeout-….
set -eu
seconds=$1
shift
for program in "$@"; do
    name=${program##*/fuzz_}
    directory=$(dirname "$program")
    mkdir -p "$directory/corpus_$name"
    seeds=tests/fuzz/corpus/$name
    [ -d "$seeds" ] || seeds=
    log=$directory/fuzz_$name.log
    if ! "./$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
        -artifact_prefix="$directory/" "$directory/corpus_$name" $seeds >"$log" 2>&1 </dev/null; then
        tail -n 60 "$log"
        echo "fuzz $name: failed, $log has it all"
        exit 1
    fi
    echo "fuzz $name: $(tail -n 1 "$log")"
done
