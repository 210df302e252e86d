# What tests from end to end share: a folder of their own to work in, gone at their end, and failures that are told and
# counted. To be sourced, with paths that are relative to the repository resolved before.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0
fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}
cd "$folder"
