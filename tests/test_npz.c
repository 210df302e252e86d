/* npz: what we write is what numpy reads, and the other way round; numpy is the judge. */
#include "sim/base/npz.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *in_folder(const char *name) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int python(const char *script, const char *argument) {
    char command[512];
    snprintf(command, sizeof command, "/usr/bin/python3 tests/%s %s", script, argument);
    return system(command);
}

static void write_all(NpzWriter *writer) {
    Error error;
    float singles[32];
    double doubles[24];
    for (int i = 0; i < 32; i++)
        singles[i] = (float)i / 2;
    for (int i = 0; i < 24; i++)
        doubles[i] = i / 2.0;
    static const int64_t seeds[] = {INT64_MIN, 0, INT64_MAX};
    static const unsigned char best[] = {1, 0, 1};
    static const char *const model = "relu_output";
    static const char *const names[] = {"pentagon", "", "Übergröße", "𝕏"};
    double beta = 0.9;
    NpzArray W = {"W", NPZ_FLOAT32, 3, {2, 3, 4}, NULL};
    cr_assert(npz_begin(writer, &W, &error));
    for (int i = 0; i < 24; i += 6)
        cr_assert(npz_append(writer, singles + i, 6, &error));
    const NpzArray arrays[] = {
        {"data.feature_probability", NPZ_FLOAT64, 1, {24}, doubles},
        {"seed", NPZ_INT64, 1, {3}, seeds},
        {"best", NPZ_BOOL, 1, {3}, best},
        {"beta1", NPZ_FLOAT64, 0, {0}, &beta},
        {"model", NPZ_TEXT, 0, {0}, &model},
        {"geometry", NPZ_TEXT, 2, {2, 2}, names},
        {"none", NPZ_FLOAT32, 2, {0, 5}, NULL},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        cr_assert(npz_add(writer, &arrays[i], &error), "%s", error.text);
    for (int i = 0; i < 32; i++)
        singles[i] = (float)i;
    cr_assert(
        npz_add(writer, &(NpzArray){"deep", NPZ_FLOAT32, 5, {2, 2, 2, 2, 2}, singles}, &error));
}

static void write_file(const char *name) {
    NpzWriter *writer;
    Error error;
    cr_assert(npz_create(&writer, in_folder(name), &error), "%s", error.text);
    write_all(writer);
    cr_assert_eq(access(in_folder(name), F_OK), -1, "nothing is there before the end");
    cr_assert(npz_close(writer, &error), "%s", error.text);
}

Test(npz, writes_what_numpy_reads, .init = make_folder, .fini = remove_folder) {
    write_file("a.npz");
    cr_assert_eq(python("npz_written.py", in_folder("a.npz")), 0);
    setenv("TZ", "Asia/Kolkata", 1);
    sleep(1); /* another second of the clock, another zone */
    write_file("b.npz");
    char command[256];
    snprintf(command, sizeof command, "cmp %s/a.npz %s/b.npz", folder, folder);
    cr_assert_eq(system(command), 0, "the bytes depend on the arrays alone");
    cr_assert_eq(count_files("*"), 2, "no other file is left");
}

Test(npz, leaves_nothing_unfinished, .init = make_folder, .fini = remove_folder) {
    Error error;
    NpzWriter *writer;
    float values[8] = {0};
    NpzArray array = {"W", NPZ_FLOAT32, 1, {8}, values};
    cr_assert(npz_create(&writer, in_folder("a.npz"), &error));
    cr_assert(npz_add(writer, &array, &error));
    npz_cancel(writer);
    cr_assert(npz_create(&writer, in_folder("a.npz"), &error));
    cr_assert(npz_begin(writer, &array, &error));
    cr_assert(npz_append(writer, values, 7, &error));
    cr_assert_not(npz_append(writer, values, 2, &error), "nine of eight");
    cr_assert_not(npz_close(writer, &error), "seven of eight");
    cr_assert(strstr(error.text, "misses 4 bytes"), "%s", error.text);
    cr_assert(npz_create(&writer, in_folder("a.npz"), &error));
    cr_assert(npz_add(writer, &array, &error));
    cr_assert_not(npz_add(writer, &array, &error), "the same name twice");
    npz_cancel(writer);
    cr_assert_eq(count_files("*"), 0);
    cr_assert_not(npz_create(&writer, in_folder("none/a.npz"), &error));
    cr_assert(strstr(error.text, "none/a.npz: No such file"), "%s", error.text);
}

static void check_W(const char *file, const char *name) {
    Arena arena = {0};
    NpzArray array;
    bool found;
    Error error;
    cr_assert(npz_read(in_folder(file), name, &arena, &array, &found, &error), "%s", error.text);
    cr_assert(found);
    cr_assert_eq(array.type, NPZ_FLOAT32);
    cr_assert(array.rank == 2 && array.shape[0] == 5 && array.shape[1] == 3);
    float scale = strcmp(name, "integers") && strcmp(name, "bytes") ? 0.25f : 1;
    for (int i = 0; i < 15; i++)
        cr_assert_eq(((const float *)array.values)[i], (float)i * scale);
    arena_release(&arena);
}

Test(npz, reads_what_numpy_writes, .init = make_folder, .fini = remove_folder) {
    cr_assert_eq(python("npz_to_read.py", folder), 0);
    check_W("good.npz", "W");
    check_W("good.npz", "W64");
    check_W("good.npz", "integers");
    check_W("good.npz", "bytes");
    check_W("packed.npz", "W");
    Arena arena = {0};
    NpzArray array;
    bool found;
    Error error;
    cr_assert(npz_read(in_folder("good.npz"), "number", &arena, &array, &found, &error));
    cr_assert(found && array.rank == 0 && *(const float *)array.values == 2.5f);
    cr_assert(npz_read(in_folder("good.npz"), "empty", &arena, &array, &found, &error));
    cr_assert(found && array.rank == 2 && array.shape[0] == 0 && array.shape[1] == 3);
    cr_assert(npz_read(in_folder("good.npz"), "b", &arena, &array, &found, &error));
    cr_assert_not(found);
    cr_assert(npz_read(in_folder("good.npz"), "bools", &arena, &array, &found, &error));
    const float *bools = array.values;
    cr_assert(found && array.shape[0] == 3 && bools[0] == 1 && bools[1] == 0 && bools[2] == 1);
    arena_release(&arena);
}

/* The checksums are those that Python's zlib.crc32 finds. */
Test(npz, is_told_by_shape_and_checksum, .init = make_folder, .fini = remove_folder) {
    cr_assert_eq(python("npz_to_read.py", folder), 0);
    static const char *const files[] = {"good.npz", "packed.npz"};
    for (int i = 0; i < 2; i++) {
        NpzArray array;
        bool found;
        Error error;
        uint32_t checksum, expected = 0;
        FILE *file = fopen(in_folder("crc.txt"), "r");
        cr_assert(file && fscanf(file, "%u", &expected) == 1 && fclose(file) == 0);
        cr_assert(npz_peek(in_folder(files[i]), "W", &array, &checksum, &found, &error));
        cr_assert(found && array.rank == 2 && array.shape[0] == 5 && array.shape[1] == 3);
        cr_assert_eq(checksum, expected);
        cr_assert(npz_peek(in_folder(files[i]), "V", &array, &checksum, &found, &error));
        cr_assert_not(found);
        cr_assert_not(npz_peek(in_folder("cut.npz"), "W", &array, &checksum, &found, &error));
    }
}

Test(npz, refuses_what_is_no_sound_array, .init = make_folder, .fini = remove_folder) {
    static const struct {
        const char *file, *name, *why;
    } rows[] = {
        {"good.npz", "fortran", "Fortran order"},
        {"good.npz", "big", "little-endian"},
        {"good.npz", "complex", "little-endian"},
        {"good.npz", "text", "little-endian"},
        {"good.npz", "six", "too many dimensions"},
        {"short.npz", "W", "length does not fit its shape"},
        {"long.npz", "W", "length does not fit its shape"},
        {"huge.npz", "W", "length does not fit its shape"},
        {"negative.npz", "W", "not a list of numbers"},
        {"shapeless.npz", "W", "no shape"},
        {"text.npz", "W", "not in NumPy's .npy format"},
        {"nothing.npz", "W", "ends too early"},
        {"flipped.npz", "W", "CRC error"},
        {"cut.npz", "W", "cut.npz: "},
        {"zero.npz", "W", "zero.npz: "},
        {"missing.npz", "W", "No such file"},
    };
    cr_assert_eq(python("npz_to_read.py", folder), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena arena = {0};
        NpzArray array;
        bool found;
        Error error = {0};
        bool good = npz_read(in_folder(rows[i].file), rows[i].name, &arena, &array, &found, &error);
        cr_assert_not(good, "%s: %s", rows[i].file, rows[i].why);
        cr_assert(strstr(error.text, rows[i].why), "%s: %s", rows[i].file, error.text);
        arena_release(&arena);
    }
}
