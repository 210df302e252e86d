#!/bin/sh
# Holds the test runner to its word: it must fail what Criterion alone lets pass, and pass what is right.
#
#   tests/check/runner.sh SANITIZER-FLAG…     compiles small test programs with ${CC:-cc}
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
problems=0

# compile NAME BODY FLAG…
compile() {
    name=$1
    { echo '#include <criterion/criterion.h>'; echo '#include <stdlib.h>'; echo "$2"; } >"$work/$name.c"
    shift 2
    ${CC:-cc} "$work/$name.c" -o "$work/$name" -lcriterion "$@"
}

# expect CODE LAST-LINE PROGRAM…
expect() {
    code=$1 line=$2
    shift 2
    found=0
    tests/check/run_tests.sh "$@" >"$work/said" || found=$?
    if [ "$found" != "$code" ] || [ "$(tail -n 1 "$work/said")" != "$line" ]; then
        echo "runner: $(basename "$1"): exit code $found, not $code, or not \"$line\":"
        cat "$work/said"
        problems=$((problems + 1))
    fi
}

compile test_right 'Test(a, b) { cr_assert(1); } Test(a, c) { cr_assert(1); }'
compile test_wrong 'Test(a, b) { cr_assert(0); } Test(a, c) { cr_assert(1); } Test(a, d) { abort(); }'
compile test_empty ''
compile test_leak 'void *volatile p; Test(a, b) { p = malloc(9); p = NULL; }' -g "$@"
compile test_beyond 'int n = 4; Test(a, b) { int x[4] = {0}; cr_assert(x[n] != 7); }' -g "$@"
echo 'exit 0' >"$work/test_yes.sh"
echo 'exit 3' >"$work/test_no.sh"

expect 0 '2 passed, 0 failed' "$work/test_right"
expect 1 '1 passed, 2 failed' "$work/test_wrong"
expect 1 '0 passed, 1 failed' "$work/test_empty"
expect 1 '1 passed, 1 failed' "$work/test_leak"
expect 1 '2 passed, 1 failed' "$work/test_right" "$work/test_no.sh"
expect 0 '3 passed, 0 failed' "$work/test_right" "$work/test_yes.sh"
expect 1 '0 passed, 1 failed' "$work/test_absent"
tests/check/run_tests.sh "$work/test_beyond" >/dev/null && problems=$((problems + 1)) &&
    echo 'runner: a read beyond an array passes'
[ $problems = 0 ] && echo 'runner: fails what it must, passes what it must'
