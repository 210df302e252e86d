/* Reading one array of an .npz. Nothing in the file is believed: the header's shape must account
 * for every byte of the entry before memory is asked for, and libzip checks the CRC at its end. */
#include "sim/base/npz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

typedef struct Reader {
    const char *path, *name;
    zip_file_t *file;
    int64_t n_left; /* bytes of the entry not read yet */
} Reader;

#define DEFINE_CONVERT(suffix, Type)                                                               \
    static void convert_##suffix(const unsigned char *from, float *to, int64_t n) {                \
        for (int64_t i = 0; i < n; i++) {                                                          \
            Type value;                                                                            \
            memcpy(&value, from + i * (int64_t)sizeof value, sizeof value);                        \
            to[i] = (float)value;                                                                  \
        }                                                                                          \
    }
DEFINE_CONVERT(float32, float)
DEFINE_CONVERT(float64, double)
DEFINE_CONVERT(int8, int8_t)
DEFINE_CONVERT(int16, int16_t)
DEFINE_CONVERT(int32, int32_t)
DEFINE_CONVERT(int64, int64_t)
DEFINE_CONVERT(uint8, uint8_t)
DEFINE_CONVERT(uint16, uint16_t)
DEFINE_CONVERT(uint32, uint32_t)
DEFINE_CONVERT(uint64, uint64_t)

typedef struct ReadType {
    const char *code;
    int64_t n_bytes;
    void (*convert)(const unsigned char *from, float *to, int64_t n);
} ReadType;

static const ReadType read_types[] = {
    {"|b1", 1, convert_uint8},  {"<f4", 4, convert_float32}, {"<f8", 8, convert_float64},
    {"|i1", 1, convert_int8},   {"<i2", 2, convert_int16},   {"<i4", 4, convert_int32},
    {"<i8", 8, convert_int64},  {"|u1", 1, convert_uint8},   {"<u2", 2, convert_uint16},
    {"<u4", 4, convert_uint32}, {"<u8", 8, convert_uint64}};

static bool bad(const Reader *reader, Error *error, const char *why) {
    return error_set(error, "%s: array %s: %s", reader->path, reader->name, why);
}

static bool read_bytes(Reader *reader, void *bytes, int64_t n, Error *error) {
    if (n > reader->n_left)
        return bad(reader, error, "the file ends too early");
    for (int64_t done = 0; done < n;) {
        zip_int64_t got = zip_fread(reader->file, (char *)bytes + done, (zip_uint64_t)(n - done));
        if (got <= 0)
            return bad(reader, error, got ? zip_file_strerror(reader->file) : "ends too early");
        done += got;
    }
    reader->n_left -= n;
    return true;
}

/* Reads the dictionary at the head of a .npy into text [size]. */
static bool read_header(Reader *reader, char *text, int64_t size, Error *error) {
    unsigned char head[12];
    if (!read_bytes(reader, head, 10, error))
        return false;
    if (memcmp(head, "\x93NUMPY", 6) || head[6] < 1 || head[6] > 3)
        return bad(reader, error, "not in NumPy's .npy format");
    int64_t n = head[8] | head[9] << 8;
    if (head[6] > 1) {
        if (!read_bytes(reader, head + 10, 2, error))
            return false;
        n |= (int64_t)head[10] << 16 | (int64_t)head[11] << 24;
    }
    if (n >= size)
        return bad(reader, error, "its header is too long (a structured type?)");
    memset(text, 0, (size_t)size);
    return read_bytes(reader, text, n, error);
}

/* What follows `'key':` in the dictionary, without blanks; NULL where it has no such key. */
static const char *find_value(const char *header, const char *key) {
    const char *found = strstr(header, key);
    if (!found)
        return NULL;
    found += strlen(key);
    return found + strspn(found, " ");
}

static bool parse_shape(const Reader *reader, const char *text, NpzArray *array, Error *error) {
    if (!text || *text++ != '(')
        return bad(reader, error, "its header has no shape");
    for (array->rank = 0; *text != ')'; array->rank++) {
        char *end;
        if (array->rank == NPZ_MAX_RANK)
            return bad(reader, error, "it has too many dimensions");
        if (*text < '0' || *text > '9')
            return bad(reader, error, "its shape is not a list of numbers");
        array->shape[array->rank] = strtoll(text, &end, 10);
        text = end + strspn(end, ", ");
    }
    return true;
}

static bool parse_header(const Reader *reader, const char *header, const ReadType **type,
                         NpzArray *array, Error *error) {
    const char *code = find_value(header, "'descr':");
    const char *order = find_value(header, "'fortran_order':");
    *type = NULL;
    for (size_t i = 0; code && i < sizeof read_types / sizeof *read_types; i++) {
        size_t n = strlen(read_types[i].code);
        if (*code == '\'' && strncmp(code + 1, read_types[i].code, n) == 0 && code[n + 1] == '\'')
            *type = &read_types[i];
    }
    if (!*type)
        return bad(reader, error,
                   "its type is none of float32, float64, integer or bool, little-endian");
    if (!order || strncmp(order, "False", 5))
        return bad(reader, error, "it is in Fortran order (use numpy.ascontiguousarray)");
    return parse_shape(reader, find_value(header, "'shape':"), array, error);
}

static bool read_values(Reader *reader, const ReadType *type, float *values, int64_t n,
                        Error *error) {
    unsigned char buffer[8 * 4096], rest;
    while (n) {
        int64_t now = n < 4096 ? n : 4096;
        if (!read_bytes(reader, buffer, now * type->n_bytes, error))
            return false;
        type->convert(buffer, values, now);
        values += now;
        n -= now;
    }
    /* Reading past the end makes libzip compare the checksum. */
    if (zip_fread(reader->file, &rest, 1) != 0)
        return bad(reader, error, zip_file_strerror(reader->file));
    return true;
}

/* Rank and shape, which account for every byte that follows; n: how many values these are. */
static bool read_shape(Reader *reader, NpzArray *array, const ReadType **type, int64_t *n,
                       Error *error) {
    char header[1024];
    int64_t n_bytes;
    if (!read_header(reader, header, sizeof header, error) ||
        !parse_header(reader, header, type, array, error))
        return false;
    *n = 1;
    for (int i = 0; i < array->rank; i++)
        if (__builtin_mul_overflow(*n, array->shape[i], n))
            return bad(reader, error, "its shape is too large");
    if (__builtin_mul_overflow(*n, (*type)->n_bytes, &n_bytes) || n_bytes != reader->n_left)
        return bad(reader, error, "its length does not fit its shape");
    return true;
}

static bool read_array(Reader *reader, Arena *arena, NpzArray *array, Error *error) {
    const ReadType *type;
    int64_t n;
    if (!read_shape(reader, array, &type, &n, error))
        return false;
    float *values = ARENA_TRY(arena, float, n);
    if (!values)
        return bad(reader, error, "it does not fit into memory");
    array->name = arena_copy(arena, reader->name);
    array->type = NPZ_FLOAT32;
    array->values = values;
    return read_values(reader, type, values, n, error);
}

static zip_t *open_zip(const char *path, Error *error) {
    int code;
    zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
    if (!zip) {
        zip_error_t why;
        zip_error_init_with_code(&why, code);
        error_set(error, "%s: %s", path, zip_error_strerror(&why));
        zip_error_fini(&why);
    }
    return zip;
}

/* Finds the array's entry; *found = false where there is none. */
static bool open_entry(Reader *reader, zip_t *zip, zip_stat_t *stat, bool *found, Error *error) {
    Arena scratch = {0};
    zip_int64_t index = zip_name_locate(zip, arena_print(&scratch, "%s.npy", reader->name), 0);
    arena_release(&scratch);
    *found = index >= 0 && !zip_stat_index(zip, (zip_uint64_t)index, 0, stat) &&
             stat->valid & ZIP_STAT_SIZE;
    if (!*found)
        return true;
    reader->n_left = (int64_t)stat->size;
    reader->file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    return reader->file || bad(reader, error, zip_strerror(zip));
}

bool npz_peek(const char *path, const char *name, NpzArray *array, uint32_t *checksum, bool *found,
              Error *error) {
    zip_stat_t stat;
    Reader reader = {.path = path, .name = name};
    const ReadType *type;
    int64_t n;
    *found = false;
    *array = (NpzArray){.name = name};
    zip_t *zip = open_zip(path, error);
    bool good = zip && open_entry(&reader, zip, &stat, found, error) &&
                (!*found || read_shape(&reader, array, &type, &n, error));
    *checksum = good && *found && stat.valid & ZIP_STAT_CRC ? stat.crc : 0;
    if (reader.file)
        zip_fclose(reader.file);
    if (zip)
        zip_discard(zip);
    return good;
}

bool npz_read(const char *path, const char *name, Arena *arena, NpzArray *array, bool *found,
              Error *error) {
    zip_stat_t stat;
    Reader reader = {.path = path, .name = name};
    *found = false;
    *array = (NpzArray){0};
    zip_t *zip = open_zip(path, error);
    bool good = zip && open_entry(&reader, zip, &stat, found, error) &&
                (!*found || read_array(&reader, arena, array, error));
    if (reader.file)
        zip_fclose(reader.file);
    if (zip)
        zip_discard(zip);
    return good;
}
