#include "render/film/encoder.h"

#include "render/draw/canvas.h"
#include "render/draw/png.h"
#include "render/film/ffmpeg.h"
#include "sim/base/arena.h"
#include "sim/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct Encoder {
    Arena arena;
    EncoderOptions options;
    EncoderKind kind;
    int width, height;
    const char *path;   /* where it all goes in the end */
    const char *part;   /* what ffmpeg writes, renamed when it is whole */
    const char *master; /* a gif's frames without loss, until its colours are known */
    const char *palette;
    const char *notice;
    Ffmpeg ffmpeg;
    int64_t n_pictures;
};

bool encoder_kind(const char *path, EncoderKind *kind, Error *error) {
    static const char *const endings[] = {[ENCODER_MP4] = ".mp4",
                                          [ENCODER_GIF] = ".gif",
                                          [ENCODER_WEBP] = ".webp",
                                          [ENCODER_FOLDER] = "/"};
    for (int i = 0; i < 4; i++)
        if (text_ends(path, endings[i])) {
            *kind = (EncoderKind)i;
            return true;
        }
    return error_set(
        error, "%s: a film's name ends in .mp4, .gif or .webp, or in / for a folder of PNGs", path);
}

/* ---- a folder of PNGs ---- */

static bool is_frame(const char *name) {
    int n = 0, end = 0;
    return sscanf(name, "frame-%d.png%n", &n, &end) == 1 && end && !name[end];
}

/* Frames of an older film would play behind the new ones. */
static void remove_frames(const char *folder) {
    Arena scratch = {0};
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        if (is_frame(entry->d_name))
            unlink(arena_print(&scratch, "%s%s", folder, entry->d_name));
    if (entries)
        closedir(entries);
    arena_release(&scratch);
}

static bool open_folder(const Encoder *encoder, Error *error) {
    if (mkdir(encoder->path, 0777) != 0 && errno != EEXIST)
        return error_set(error, "%s: the folder cannot be made: %s", encoder->path,
                         strerror(errno));
    remove_frames(encoder->path);
    return true;
}

static void add_bytes(void *to, const unsigned char *bytes, size_t n) {
    FILE *file = to;
    fwrite(bytes, 1, n, file); /* ferror tells */
}

static bool write_png(const Encoder *encoder, cairo_surface_t *picture, Error *error) {
    Arena scratch = {0};
    const char *path = arena_print(&scratch, "%sframe-%05lld.png", encoder->path,
                                   (long long)encoder->n_pictures + 1);
    FILE *file = fopen(path, "wb");
    bool ok = file || error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    ok = ok && png_write_surface(picture, PNG_QUICK, add_bytes, file, error);
    if (ok && (ferror(file) || fflush(file) != 0))
        ok = error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    if (file)
        fclose(file);
    if (!ok)
        unlink(path);
    arena_release(&scratch);
    return ok;
}

/* ---- ffmpeg ---- */

/* Pictures of Cairo, as they lie in memory. */
static bool start(Encoder *encoder, const char *const *output, Error *error) {
    Arena *arena = &encoder->arena;
    const uint32_t first_byte = 1;
    const char *format = *(const char *)&first_byte ? "bgr0" : "0rgb";
    const char *arguments[48] = {
        "-f",       "rawvideo",
        "-pix_fmt", format,
        "-s",       arena_print(arena, "%dx%d", encoder->width, encoder->height),
        "-r",       arena_print(arena, "%d", encoder->options.fps),
        "-i",       "pipe:0",
        "-fflags",  "+bitexact",
        "-flags:v", "+bitexact"};
    int n = 14;
    while (*output)
        arguments[n++] = *output++;
    return ffmpeg_open(&encoder->ffmpeg, arguments, error);
}

/* Colours as high-definition video has them, and said so, or players guess. */
static bool start_mp4(Encoder *encoder, Error *error) {
    bool is_quick = encoder->options.is_quick;
    const char *const output[] = {"-vf",
                                  "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
                                  "-colorspace",
                                  "bt709",
                                  "-color_primaries",
                                  "bt709",
                                  "-color_trc",
                                  "bt709",
                                  "-c:v",
                                  "libx264",
                                  "-preset",
                                  is_quick ? "ultrafast" : "medium",
                                  "-tune",
                                  "animation",
                                  "-crf",
                                  is_quick ? "20" : "17",
                                  "-movflags",
                                  "+faststart",
                                  "-f",
                                  "mp4",
                                  encoder->part,
                                  NULL};
    return start(encoder, output, error);
}

/* Of drawings the exact ones are as small as those of quality 85. */
static bool start_webp(Encoder *encoder, Error *error) {
    const char *const output[] = {
        "-pix_fmt", "bgra", "-c:v", "libwebp_anim", "-lossless",   "1", "-compression_level", "1",
        "-loop",    "0",    "-f",   "webp",         encoder->part, NULL};
    return start(encoder, output, error);
}

static bool start_gif(Encoder *encoder, Error *error) {
    const char *const output[] = {"-c:v", "qtrle", "-pix_fmt",      "rgb24",
                                  "-f",   "mov",   encoder->master, NULL};
    return start(encoder, output, error);
}

/* The 256 colours that serve all frames are known when all frames are; ffmpeg would keep them all
 * in memory to do it in one go. */
static bool finish_gif(Encoder *encoder, Error *error) {
    const char *const choose[] = {"-i",
                                  encoder->master,
                                  "-vf",
                                  "palettegen=reserve_transparent=0:stats_mode=full",
                                  "-f",
                                  "image2",
                                  "-update",
                                  "1",
                                  "-c:v",
                                  "png",
                                  encoder->palette,
                                  NULL};
    const char *const paint[] = {"-i",          encoder->master,
                                 "-f",          "image2",
                                 "-c:v",        "png",
                                 "-i",          encoder->palette,
                                 "-lavfi",      "paletteuse=dither=none:diff_mode=rectangle",
                                 "-loop",       "0",
                                 "-f",          "gif",
                                 encoder->part, NULL};
    Ffmpeg *ffmpeg = &encoder->ffmpeg;
    return ffmpeg_open(ffmpeg, choose, error) && ffmpeg_close(ffmpeg, error) &&
           ffmpeg_open(ffmpeg, paint, error) && ffmpeg_close(ffmpeg, error);
}

static void remove_parts(const Encoder *encoder) {
    const char *const parts[] = {encoder->part, encoder->master, encoder->palette};
    for (int i = 0; i < 3; i++)
        if (parts[i])
            unlink(parts[i]);
}

/* film.mp4 → film-frames/ */
static bool fall_back(Encoder *encoder, const Error *why, Error *error) {
    Arena *arena = &encoder->arena;
    const char *path = encoder->path;
    remove_parts(encoder);
    encoder->kind = ENCODER_FOLDER;
    encoder->path = arena_print(arena, "%.*s-frames/", (int)(strrchr(path, '.') - path), path);
    encoder->notice =
        arena_print(arena, "%s: %s; its frames are PNGs in %s", path, why->text, encoder->path);
    return open_folder(encoder, error);
}

/* Whether a file can be made there shows before anything is trained for it. */
static bool reserve(Encoder *encoder, Error *error) {
    Arena *arena = &encoder->arena;
    encoder->part = arena_print(arena, "%s.%ld.part", encoder->path, (long)getpid());
    if (encoder->kind == ENCODER_GIF) {
        encoder->master = arena_print(arena, "%s.mov", encoder->part);
        encoder->palette = arena_print(arena, "%s.png", encoder->part);
    }
    FILE *file = fopen(encoder->part, "wb");
    if (!file)
        return error_set(error, "%s: cannot be written: %s", encoder->path, strerror(errno));
    fclose(file);
    return true;
}

static bool open_film(Encoder *encoder, Error *error) {
    static bool (*const starts[])(Encoder *, Error *) = {start_mp4, start_gif, start_webp};
    Error why = {0};
    if (!reserve(encoder, error))
        return false;
    return starts[encoder->kind](encoder, &why) || fall_back(encoder, &why, error);
}

/* ---- both ---- */

bool encoder_open(Encoder **out, const EncoderOptions *options, Error *error) {
    EncoderKind kind = ENCODER_FOLDER;
    Arena arena = {0};
    if (!encoder_kind(options->path, &kind, error))
        return false;
    Encoder *encoder = ARENA_NEW(&arena, Encoder, 1);
    bool is_even = kind == ENCODER_MP4;
    *encoder = (Encoder){.arena = arena,
                         .options = *options,
                         .kind = kind,
                         .width = is_even ? options->width & ~1 : options->width,
                         .height = is_even ? options->height & ~1 : options->height,
                         .notice = ""};
    encoder->path = arena_copy(&encoder->arena, options->path);
    if (kind == ENCODER_FOLDER ? open_folder(encoder, error) : open_film(encoder, error)) {
        *out = encoder;
        return true;
    }
    encoder_close(encoder);
    return false;
}

int encoder_width(const Encoder *encoder) {
    return encoder->width;
}

int encoder_height(const Encoder *encoder) {
    return encoder->height;
}

static bool write_film(Encoder *encoder, cairo_surface_t *picture, Error *error) {
    Error why = {0};
    cairo_surface_flush(picture);
    size_t n = (size_t)encoder->height * (size_t)cairo_image_surface_get_stride(picture);
    if (ffmpeg_write(&encoder->ffmpeg, cairo_image_surface_get_data(picture), n))
        return true;
    if (ffmpeg_close(&encoder->ffmpeg, &why))
        error_set(&why, "ffmpeg ended too early");
    if (encoder->n_pictures)
        return error_set(error, "%s: %s", encoder->path, why.text);
    return fall_back(encoder, &why, error) && write_png(encoder, picture, error);
}

bool encoder_write(Encoder *encoder, cairo_surface_t *picture, Error *error) {
    bool ok = encoder->kind == ENCODER_FOLDER ? write_png(encoder, picture, error)
                                              : write_film(encoder, picture, error);
    encoder->n_pictures += ok;
    return ok;
}

bool encoder_finish(Encoder *encoder, bool is_lost, Error *error) {
    Error why = {0};
    if (encoder->kind == ENCODER_FOLDER)
        return !is_lost;
    bool ok = ffmpeg_close(&encoder->ffmpeg, &why) && !is_lost;
    if (ok && encoder->kind == ENCODER_GIF)
        ok = finish_gif(encoder, &why);
    if (ok && rename(encoder->part, encoder->path) != 0)
        ok = error_set(&why, "cannot be written: %s", strerror(errno));
    remove_parts(encoder);
    return ok || is_lost ? ok : error_set(error, "%s: %s", encoder->path, why.text);
}

const char *encoder_path(const Encoder *encoder) {
    return encoder->path;
}

const char *encoder_notice(const Encoder *encoder) {
    return encoder->notice;
}

void encoder_close(Encoder *encoder) {
    if (!encoder)
        return;
    Arena arena = encoder->arena; /* which it lies in */
    arena_release(&arena);
}
