/* Read before every file by clang-tidy alone. The analyzer sees one file at a time and would follow
 * paths on which a failure reports success: it is told that these always return false. */
#include "sim/base/error.h"

#define error_set(...) (error_set(__VA_ARGS__), false)
#define error_prefix(...) (error_prefix(__VA_ARGS__), false)
