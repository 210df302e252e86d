/* Where and of what a measurement is. */
#ifndef SUPERPOSE_TESTS_BENCH_MACHINE_H
#define SUPERPOSE_TESTS_BENCH_MACHINE_H

typedef struct Machine {
    char date[32];      /* 2026-11-22 18:40 */
    char processor[80]; /* its name, and how many threads it runs */
    char version[80];   /* of the program: git describe, or its number where there is no git */
} Machine;

/** All of it; "unknown processor" where the system does not tell. */
Machine machine_here(void);

#endif
