/* What has to be read without a problem. */
#ifndef SUPERPOSE_TESTS_NO_PROBLEMS_H
#define SUPERPOSE_TESTS_NO_PROBLEMS_H

#include "sim/config/problem.h"

#include <criterion/criterion.h>

/* Fails with the problems, after `what` was read (NULL: they say it). */
static inline void expect_no_problems(bool is_read, const Problems *problems, const char *what) {
    Text text = {0};
    problems_print(problems, &text);
    cr_assert(is_read && problems->n == 0, "%s%s%s", what ? what : "", what ? "\n" : "",
              text_of(&text));
    text_release(&text);
}

#endif
