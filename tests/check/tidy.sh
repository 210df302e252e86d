#!/bin/sh
# Runs clang-tidy (settings: .clang-tidy) over the files named on stdin, as many at once as there are processors.
#
#   printf '%s\n' FILE… | tests/check/tidy.sh COMPILER-FLAG…
set -u
# shellcheck disable=SC2016  # expanded by the inner shell
xargs -P "$(getconf _NPROCESSORS_ONLN)" -I '{}' sh -c '
    file=$1
    shift
    [ "$file" = sim/base/error.c ] || set -- "$@" -include tests/check/analyzer.h
    said=$(clang-tidy --quiet "$file" -- "$@" 2>&1) || { printf "%s\n" "$said"; exit 1; }
' tidy '{}' "$@"
