#!/bin/sh
# Runs test programs one after the other and counts. Prints each one's closing line, all of what a failing one said,
# and at the end one line: "N passed, N failed".
#
#   tests/check/run_tests.sh PROGRAM…    a Criterion program (any build mode), or a script: *.sh, *.py (one test each;
#                                        its first argument is the program)
#
# Criterion alone is not enough: its closing line goes to stderr, a program without tests exits 0, and a leak found by
# LeakSanitizer does not fail a test. Here no tests is a failure, and so is any file a sanitizer writes.
set -u

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0

# Until the process ends, Pango keeps the font patterns it has asked fontconfig for, and SDL a message to D-Bus.
# Nothing else is let off.
printf 'leak:%s\n' libfontconfig libdbus >"$work/libraries.supp"

limit() {
    if command -v timeout >/dev/null; then timeout -k 10 "${TEST_TIMEOUT:-300}" "$@"; else "$@"; fi
}

# Runs one program with its output in $work/said and the sanitizers' reports in $work/reports.
run() {
    rm -rf "$work/reports"
    mkdir "$work/reports"
    case $1 in
    *.sh) limit sh "$1" "${BUILD:-build}/superpose" ;;
    *.py) limit "${PYTHON:-/usr/bin/python3}" "$1" "${BUILD:-build}/superpose" ;;
    *)
        suppressions=
        if ldd "$1" 2>/dev/null | grep -q libpango; then suppressions="suppressions=$work/libraries.supp:"; fi
        ASAN_OPTIONS="detect_leaks=1:log_path=$work/reports/asan" \
        LSAN_OPTIONS="${suppressions}print_suppressions=0" \
        UBSAN_OPTIONS="print_stacktrace=1:log_path=$work/reports/ubsan" \
            limit "$(dirname "$1")/$(basename "$1")" ;;
    esac >"$work/said" 2>&1 </dev/null
}

# The number behind a word of Criterion's closing line.
count() { sed -n "s/.*Synthesis:.* $1: *\([0-9]*\).*/\1/p" "$work/plain" | tail -n 1; }

# Adds one test to the failed ones, and shows what was said.
fail() {
    failed=$((failed + 1))
    echo "FAILED $1: $2"
    sed 's/^/    /' "$work/said"
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
    sed "s/$(printf '\033')\[[0-9;]*m//g" "$work/said" >"$work/plain"
    tested=$(count Tested)
    bad=$(($(count Failing) + 0)) # crashing ones among them
    passed=$((passed + $(count Passing) + 0))
    if [ "${tested:-0}" = 0 ]; then
        fail "$1" "no tests ran (exit code $2)"
    elif [ "$bad" != 0 ] || [ "$2" != 0 ]; then
        fail "$1" "exit code $2"
        [ "$bad" -gt 1 ] && failed=$((failed + bad - 1))
    fi
    reports=$(find "$work/reports" -type f)
    if [ -n "$reports" ]; then
        fail "$1" "a sanitizer reports"
        # shellcheck disable=SC2086  # a list of files without spaces
        head -n 60 $reports | sed 's/^/    /'
    fi
    echo "$1: $(grep Synthesis "$work/plain" | tail -n 1)"
}

for program in "$@"; do
    run "$program"
    code=$?
    case $program in
    *.sh | *.py) judge_script "$program" $code ;;
    *) judge_criterion "$program" $code ;;
    esac
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
