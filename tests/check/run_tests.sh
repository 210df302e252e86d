#!/bin/sh
# Runs test programs, as many at a time as there are processors, and counts. Prints each one's closing line, in order,
# all of what a failing one said, and at the end one line: "N passed, N failed".
#
#   tests/check/run_tests.sh PROGRAM…    a Criterion program (any build mode), or a script: *.sh, *.py (one test each;
#                                        its first argument is the program)
#    TEST_JOBS=1                          so many at a time; TEST_TIMEOUT=300: seconds for one
#
# Criterion alone is not enough: its closing line goes to stderr, a program without tests exits 0, and a leak found by
# LeakSanitizer does not fail a test. Here no tests is a failure, and so is any file a sanitizer writes.
set -u

limit() {
    if command -v timeout >/dev/null; then timeout -k 10 "${TEST_TIMEOUT:-300}" "$@"; else "$@"; fi
}

# Runs one program: what it says goes to said, the sanitizers' reports to reports/, its exit code to code.
run() {
    case $1 in
    *.sh) limit sh "$1" "${BUILD:-build}/superpose" ;;
    *.py) limit "${PYTHON:-/usr/bin/python3}" "$1" "${BUILD:-build}/superpose" ;;
    *)
        suppressions=
        if ldd "$1" 2>/dev/null | grep -q libpango; then suppressions="suppressions=$work/libraries.supp:"; fi
        ASAN_OPTIONS="detect_leaks=1:log_path=$at/reports/asan" \
        LSAN_OPTIONS="${suppressions}print_suppressions=0" \
        UBSAN_OPTIONS="print_stacktrace=1:log_path=$at/reports/ubsan" \
            limit "$(dirname "$1")/$(basename "$1")" ;;
    esac >"$at/said" 2>&1 </dev/null
    echo $? >"$at/new"
    mv "$at/new" "$at/code"
}

# What xargs calls below: the work folder, the program's number, the program.
if [ "${1:-}" = --one ]; then
    work=$2 at=$2/$3
    mkdir -p "$at/reports"
    run "$4"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'kill "$runners" 2>/dev/null; exit 130' INT TERM # what it runs just now ends by itself
passed=0 failed=0

# Until the process ends, Pango keeps the font patterns it has asked fontconfig for, and SDL a message to D-Bus.
# Nothing else is let off.
printf 'leak:%s\n' libfontconfig libdbus >"$work/libraries.supp"

# The number behind a word of Criterion's closing line.
count() { sed -n "s/.*Synthesis:.* $1: *\([0-9]*\).*/\1/p" "$work/plain" | tail -n 1; }

# Adds one test to the failed ones, and shows what was said.
fail() {
    failed=$((failed + 1))
    echo "FAILED $1: $2"
    sed 's/^/    /' "$at/said"
}

judge_script() {
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
        echo "$1: passed"
    else
        fail "$1" "exit code $2"
    fi
}

judge_criterion() {
    sed "s/$(printf '\033')\[[0-9;]*m//g" "$at/said" >"$work/plain"
    tested=$(count Tested)
    bad=$(($(count Failing) + 0)) # crashing ones among them
    passed=$((passed + $(count Passing) + 0))
    if [ "${tested:-0}" = 0 ]; then
        fail "$1" "no tests ran (exit code $2)"
    elif [ "$bad" != 0 ] || [ "$2" != 0 ]; then
        fail "$1" "exit code $2"
        [ "$bad" -gt 1 ] && failed=$((failed + bad - 1))
    fi
    reports=$(find "$at/reports" -type f)
    if [ -n "$reports" ]; then
        fail "$1" "a sanitizer reports"
        # shellcheck disable=SC2086  # a list of files without spaces
        head -n 60 $reports | sed 's/^/    /'
    fi
    echo "$1: $(grep Synthesis "$work/plain" | tail -n 1)"
}

number=0
for program in "$@"; do
    number=$((number + 1))
    printf '%s\n' "$number" "$program"
done | xargs -P "${TEST_JOBS:-$(nproc 2>/dev/null || echo 2)}" -n 2 "$0" --one "$work" &
runners=$!

number=0
for program in "$@"; do
    number=$((number + 1))
    at=$work/$number
    while [ ! -f "$at/code" ] && kill -0 "$runners" 2>/dev/null; do sleep 0.1; done
    code=$(cat "$at/code" 2>/dev/null || echo 'none: it was not run')
    case $program in
    *.sh | *.py) judge_script "$program" "$code" ;;
    *) judge_criterion "$program" "$code" ;;
    esac
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
