#!/bin/sh
# Every claim of the configs in configs/ holds: each is trained in full (seconds) and must end with exit code 0. The
# configs of its folders take longer: `make check-long` has them. Usage: tests/test_claims_of_configs.sh [PROGRAM]
set -eu
exec "$(dirname "$0")/check/claims.sh" "${1:-build/superpose}" configs/*.yaml
