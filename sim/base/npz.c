/* Writing: arrays go one after another, each with its .npy header, into a nameless file beside the
 * one to be made (so that nothing is held in memory and nothing is left behind); npz_close lets
 * libzip copy it, uncompressed and dated 1980-01-01, under the real name. Reading is in npz_read.c.
 */
#include "sim/base/npz.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "arrays are written as they lie in memory");

/* Where one array lies in the nameless file; libzip owns it once it is a source. */
typedef struct Entry {
    int file;
    int64_t start, n_bytes, n_read;
    zip_error_t error;
} Entry;

struct NpzWriter {
    char *path;
    FILE *spool;
    zip_t *zip;
    Entry *open;        /* the array being written, or NULL */
    int64_t n_missing;  /* bytes of its values */
    int64_t item_bytes; /* of one of its values */
    int64_t n_bytes;    /* written to the spool */
};

static const struct {
    const char *code;
    int64_t n_bytes;
} types[] = {[NPZ_FLOAT32] = {"<f4", 4},
             [NPZ_FLOAT64] = {"<f8", 8},
             [NPZ_INT64] = {"<i8", 8},
             [NPZ_BOOL] = {"|b1", 1}};

static zip_int64_t entry_stat(const Entry *entry, zip_stat_t *stat) {
    zip_stat_init(stat);
    stat->valid = ZIP_STAT_SIZE;
    stat->size = (zip_uint64_t)entry->n_bytes;
    return sizeof *stat;
}

static zip_int64_t entry_read(Entry *entry, void *data, zip_uint64_t n) {
    int64_t left = entry->n_bytes - entry->n_read;
    size_t wanted = n < (zip_uint64_t)left ? (size_t)n : (size_t)left;
    ssize_t got = wanted ? pread(entry->file, data, wanted, entry->start + entry->n_read) : 0;
    if (got < 0 || (wanted && !got))
        zip_error_set(&entry->error, ZIP_ER_READ, got < 0 ? errno : EIO);
    entry->n_read += got > 0 ? got : 0;
    return wanted && got <= 0 ? -1 : got;
}

/* A source for libzip: bytes [start, start + n_bytes) of the nameless file. */
static zip_int64_t entry_source(void *context, void *data, zip_uint64_t n,
                                zip_source_cmd_t command) {
    Entry *entry = context;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        entry->n_read = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return entry_read(entry, data, n);
    case ZIP_SOURCE_CLOSE:
        return 0;
    case ZIP_SOURCE_STAT:
        return entry_stat(entry, data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&entry->error, data, n);
    case ZIP_SOURCE_FREE:
        free(entry);
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              -1);
    default:
        zip_error_set(&entry->error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

static FILE *open_spool(const char *path) {
    size_t n = strlen(path) + 8;
    char *name = malloc(n);
    if (!name)
        return NULL;
    snprintf(name, n, "%s.XXXXXX", path);
    int file = mkstemp(name);
    if (file >= 0)
        unlink(name);
    free(name);
    FILE *spool = file >= 0 ? fdopen(file, "w+b") : NULL;
    if (!spool && file >= 0)
        close(file);
    return spool;
}

bool npz_create(NpzWriter **writer, const char *path, Error *error) {
    int code;
    NpzWriter *made = calloc(1, sizeof *made);
    *writer = NULL;
    if (!made || !(made->path = strdup(path))) {
        free(made);
        return error_set(error, "%s: out of memory", path);
    }
    made->spool = open_spool(path);
    if (!made->spool) {
        error_set(error, "%s: %s", path, strerror(errno));
    } else if (!(made->zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code))) {
        zip_error_t why;
        zip_error_init_with_code(&why, code);
        error_set(error, "%s: %s", path, zip_error_strerror(&why));
        zip_error_fini(&why);
    } else {
        *writer = made;
        return true;
    }
    npz_cancel(made);
    return false;
}

static bool spool_write(NpzWriter *writer, const void *bytes, int64_t n, Error *error) {
    if (n && fwrite(bytes, 1, (size_t)n, writer->spool) != (size_t)n)
        return error_set(error, "%s: %s", writer->path, strerror(errno));
    writer->n_bytes += n;
    return true;
}

/* Number of values, or -1 where it overflows or the shape is no shape. */
static int64_t count_values(const NpzArray *array) {
    int64_t n = 1;
    if (array->rank < 0 || array->rank > NPZ_MAX_RANK)
        return -1;
    for (int i = 0; i < array->rank; i++)
        if (array->shape[i] < 0 || __builtin_mul_overflow(n, array->shape[i], &n))
            return -1;
    return n;
}

static bool finish_entry(NpzWriter *writer, Error *error) {
    if (writer->n_missing)
        return error_set(error, "%s: an array misses %lld bytes", writer->path,
                         (long long)writer->n_missing);
    if (writer->open)
        writer->open->n_bytes = writer->n_bytes - writer->open->start;
    writer->open = NULL;
    return true;
}

/* Hands the bytes that follow to libzip as <name>.npy. */
static bool start_entry(NpzWriter *writer, const char *name, Error *error) {
    char file[512];
    zip_source_t *source = NULL;
    Entry *entry = calloc(1, sizeof *entry);
    if (!entry || snprintf(file, sizeof file, "%s.npy", name) >= (int)sizeof file) {
        free(entry);
        return error_set(error, "%s: cannot add array %s", writer->path, name);
    }
    *entry = (Entry){.file = fileno(writer->spool), .start = writer->n_bytes};
    zip_error_init(&entry->error);
    source = zip_source_function(writer->zip, entry_source, entry);
    if (!source)
        free(entry);
    zip_int64_t index = source ? zip_file_add(writer->zip, file, source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        if (source)
            zip_source_free(source);
        return error_set(error, "%s: array %s: %s", writer->path, name, zip_strerror(writer->zip));
    }
    writer->open = entry;
    zip_set_file_compression(writer->zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
    zip_file_set_dostime(writer->zip, (zip_uint64_t)index, 0, 1 << 5 | 1, 0); /* 1980-01-01 */
    return true;
}

/* The .npy header, version 1.0: magic, length, a Python dictionary, padded to 64 bytes. */
static bool start_array(NpzWriter *writer, const NpzArray *array, const char *code, Error *error) {
    char shape[NPZ_MAX_RANK * 24] = "", header[320];
    int n = 0;
    for (int i = 0; i < array->rank; i++)
        n += snprintf(shape + n, sizeof shape - (size_t)n, i ? ", %lld" : "%lld",
                      (long long)array->shape[i]);
    int used = 10 + snprintf(header + 10, sizeof header - 10,
                             "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }", code,
                             shape, array->rank == 1 ? "," : "");
    int n_bytes = (used + 1 + 63) / 64 * 64;
    memset(header + used, ' ', (size_t)(n_bytes - used));
    header[n_bytes - 1] = '\n';
    memcpy(header, "\x93NUMPY\x01\x00", 8);
    header[8] = (char)((n_bytes - 10) & 0xff);
    header[9] = (char)((n_bytes - 10) >> 8);
    return finish_entry(writer, error) && start_entry(writer, array->name, error) &&
           spool_write(writer, header, n_bytes, error);
}

bool npz_begin(NpzWriter *writer, const NpzArray *array, Error *error) {
    int64_t n = count_values(array), n_bytes;
    if (array->type == NPZ_TEXT || n < 0 ||
        __builtin_mul_overflow(n, types[array->type].n_bytes, &n_bytes))
        return error_set(error, "%s: array %s cannot be written", writer->path, array->name);
    if (!start_array(writer, array, types[array->type].code, error))
        return false;
    writer->n_missing = n_bytes;
    writer->item_bytes = types[array->type].n_bytes;
    return true;
}

bool npz_append(NpzWriter *writer, const void *values, int64_t n, Error *error) {
    if (n > writer->n_missing / writer->item_bytes)
        return error_set(error, "%s: more values than the array's shape has", writer->path);
    writer->n_missing -= n * writer->item_bytes;
    return spool_write(writer, values, n * writer->item_bytes, error);
}

/* The next character of a UTF-8 text, U+FFFD where it is none; *text moves on. */
static uint32_t next_character(const unsigned char **text) {
    const unsigned char *c = *text;
    int more = c[0] < 0x80             ? 0
               : (c[0] & 0xe0) == 0xc0 ? 1
               : (c[0] & 0xf0) == 0xe0 ? 2
               : (c[0] & 0xf8) == 0xf0 ? 3
                                       : -1;
    uint32_t character = more > 0 ? c[0] & (0x3fu >> more) : c[0];
    for (int i = 1; i <= more; i++) {
        if ((c[i] & 0xc0) != 0x80)
            more = -1;
        else
            character = character << 6 | (c[i] & 0x3fu);
    }
    *text += more < 0 ? 1 : more + 1;
    return more < 0 || character > 0x10ffff || (character >= 0xd800 && character < 0xe000)
               ? 0xfffd
               : character;
}

static int64_t text_width(const char *text) {
    int64_t n = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c; n++)
        next_character(&c);
    return n;
}

static bool add_texts(NpzWriter *writer, const NpzArray *array, Error *error) {
    const char *const *texts = array->values;
    int64_t n = count_values(array), width = 1;
    char code[32];
    if (n < 0)
        return error_set(error, "%s: array %s cannot be written", writer->path, array->name);
    for (int64_t i = 0; i < n; i++)
        width = text_width(texts[i]) > width ? text_width(texts[i]) : width;
    snprintf(code, sizeof code, "<U%lld", (long long)width);
    if (!start_array(writer, array, code, error))
        return false;
    for (int64_t i = 0; i < n; i++) {
        const unsigned char *c = (const unsigned char *)texts[i];
        for (int64_t k = 0; k < width; k++) {
            uint32_t character = *c ? next_character(&c) : 0;
            if (!spool_write(writer, &character, sizeof character, error))
                return false;
        }
    }
    return true;
}

bool npz_add(NpzWriter *writer, const NpzArray *array, Error *error) {
    if (array->type == NPZ_TEXT)
        return add_texts(writer, array, error);
    return npz_begin(writer, array, error) &&
           npz_append(writer, array->values, count_values(array), error);
}

bool npz_close(NpzWriter *writer, Error *error) {
    bool good = finish_entry(writer, error);
    if (good && !writer->n_bytes)
        good = error_set(error, "%s: no array to write", writer->path);
    if (good && fflush(writer->spool))
        good = error_set(error, "%s: %s", writer->path, strerror(errno));
    if (good && zip_close(writer->zip))
        good = error_set(error, "%s: %s", writer->path, zip_strerror(writer->zip));
    else if (good)
        writer->zip = NULL;
    npz_cancel(writer);
    return good;
}

void npz_cancel(NpzWriter *writer) {
    if (!writer)
        return;
    if (writer->zip)
        zip_discard(writer->zip);
    if (writer->spool)
        fclose(writer->spool);
    free(writer->path);
    free(writer);
}
