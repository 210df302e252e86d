/* A folder of a test's own, made when the test begins and gone with all that is in it when the test
 * ends; small files. */
#ifndef SUPERPOSE_TESTS_FOLDER_H
#define SUPERPOSE_TESTS_FOLDER_H

#include "sim/base/npz.h"

#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/superpose-test-XXXXXX"; /* every test is a process of its own */

static inline void make_folder(void) {
    cr_assert(mkdtemp(folder));
}

static inline void remove_folder(void) {
    char command[64];
    snprintf(command, sizeof command, "/bin/rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

/* The same for a test that works in it. */
static inline void enter_folder(void) {
    make_folder();
    cr_assert_eq(chdir(folder), 0);
}

static inline void leave_folder(void) {
    cr_assert_eq(chdir("/"), 0);
    remove_folder();
}

/* How many files of the folder have such names; hidden ones are not counted. */
static inline int count_files(const char *pattern) {
    char path[256];
    glob_t found;
    snprintf(path, sizeof path, "%s/%s", folder, pattern);
    int n = glob(path, 0, NULL, &found) == 0 ? (int)found.gl_pathc : 0;
    globfree(&found);
    return n;
}

static inline void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0, "%s", path);
}

/* Puts a script into the folder, which the test works in, and before all other programs on the
 * PATH. */
static inline void pretend_program(const char *name, const char *script) {
    char programs[2048];
    write_text(name, script);
    cr_assert_eq(chmod(name, 0755), 0);
    snprintf(programs, sizeof programs, "%s:%s", folder, getenv("PATH"));
    setenv("PATH", programs, 1);
}

/* Into the folder. */
static inline void write_npz(const char *name, const NpzArray *arrays, int n) {
    char path[256];
    Error error = {0};
    NpzWriter *writer = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    cr_assert(npz_create(&writer, path, &error), "%s", error.text);
    for (int i = 0; i < n; i++)
        cr_assert(npz_add(writer, &arrays[i], &error), "%s", error.text);
    cr_assert(npz_close(writer, &error), "%s", error.text);
}

#endif
