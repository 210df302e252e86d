/* render: films: pictures into a file by ffmpeg, or into a folder of PNGs. */
#include "render/film/film.h"
#include "sim/base/clock.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { WIDTH = 320, HEIGHT = 200 };

TestSuite(film, .init = enter_folder, .fini = leave_folder);

/* A ground that gets lighter, with a bar that moves. */
static cairo_surface_t *picture(int width, int height, int i) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 0.02 * i, 0.3, 0.6);
    cairo_paint(cairo);
    cairo_set_source_rgb(cairo, 1, 0.8, 0.1);
    cairo_rectangle(cairo, 10 * i, 20, 40, 100);
    cairo_fill(cairo);
    cairo_destroy(cairo);
    return surface;
}

static bool add_picture(Film *film, int width, int height, int i) {
    cairo_surface_t *surface = picture(width, height, i);
    bool is_in = film_add(film, surface);
    cairo_surface_destroy(surface);
    return is_in;
}

static FilmOptions options_of(const char *path, int width, int height, int fps) {
    return (FilmOptions){.encoder = {.path = path, .width = width, .height = height, .fps = fps}};
}

/* A film of n pictures, every third of which is shown twice. */
static bool make(const FilmOptions *options, int n, FilmResult *result, Error *error) {
    Film *film;
    if (!film_open(&film, options, error))
        return false;
    for (int i = 0; i < n; i++) {
        add_picture(film, options->encoder.width, options->encoder.height, i);
        if (i % 3 == 2)
            film_repeat(film);
    }
    return film_close(film, result, error);
}

static bool has_program(const char *name) {
    char command[64];
    snprintf(command, sizeof command, "command -v %s >/dev/null", name);
    return system(command) == 0;
}

/* What ffprobe says of the first stream; "" where it is not there. */
static const char *probed(const char *path, const char *entry, char *text, size_t n) {
    char command[256];
    snprintf(command, sizeof command,
             "ffprobe -v error -count_frames -select_streams v:0 -show_entries stream=%s "
             "-of default=nk=1:nw=1 %s",
             entry, path);
    FILE *pipe = popen(command, "r");
    text[0] = 0;
    if (pipe && fgets(text, (int)n, pipe))
        text[strcspn(text, "\n")] = 0;
    if (pipe)
        pclose(pipe);
    return text;
}

Test(film, is_mp4_of_even_size_with_all_its_frames) {
    char text[64];
    Error error = {0};
    FilmResult result;
    FilmOptions options = options_of("odd.mp4", WIDTH + 1, HEIGHT + 1, 30);
    if (!has_program("ffmpeg") || !has_program("ffprobe"))
        cr_skip_test("no ffmpeg");
    cr_assert(make(&options, 9, &result, &error), "%s", error.text);
    cr_assert_str_eq(result.path, "odd.mp4");
    cr_assert_str_empty(result.notice);
    cr_assert_str_eq(probed("odd.mp4", "nb_read_frames", text, sizeof text), "12");
    cr_assert_str_eq(probed("odd.mp4", "width", text, sizeof text), "320");
    cr_assert_str_eq(probed("odd.mp4", "height", text, sizeof text), "200");
    cr_assert_str_eq(probed("odd.mp4", "pix_fmt", text, sizeof text), "yuv420p");
    cr_assert_str_eq(probed("odd.mp4", "color_space", text, sizeof text), "bt709");
    cr_assert_str_eq(probed("odd.mp4", "r_frame_rate", text, sizeof text), "30/1");
    cr_assert_eq(count_files("*"), 1, "nothing else is left");
}

Test(film, is_gif_that_keeps_its_colours) {
    char text[64];
    Error error = {0};
    FilmResult result;
    FilmOptions options = options_of("a.gif", WIDTH + 1, HEIGHT, 20);
    if (!has_program("ffmpeg") || !has_program("ffprobe"))
        cr_skip_test("no ffmpeg");
    cr_assert(make(&options, 6, &result, &error), "%s", error.text);
    cr_assert_str_eq(probed("a.gif", "nb_read_frames", text, sizeof text), "8");
    cr_assert_str_eq(probed("a.gif", "width", text, sizeof text), "321");
    cr_assert_eq(count_files("*"), 1);
    cr_assert_eq(system("ffmpeg -v error -i a.gif -frames:v 1 first.png"), 0);
    cairo_surface_t *first = cairo_image_surface_create_from_png("first.png");
    const unsigned char *pixel =
        cairo_image_surface_get_data(first) + 150 * cairo_image_surface_get_stride(first) + 4 * 200;
    int blue = (int)(0.6 * 255 + 0.5), green = (int)(0.3 * 255 + 0.5);
    cr_assert(abs(pixel[0] - blue) <= 2 && abs(pixel[1] - green) <= 2 && pixel[2] <= 2, "%d %d %d",
              pixel[0], pixel[1], pixel[2]);
    cairo_surface_destroy(first);
}

/* ffprobe of ffmpeg 5 cannot read an animated WebP: its frames are the chunks ANMF of its file
 * (RFC 9649). Frames that are alike are one that lasts longer. */
Test(film, is_animated_webp) {
    Error error = {0};
    FilmResult result;
    FilmOptions options = options_of("a.webp", WIDTH, HEIGHT, 25);
    if (!has_program("ffmpeg"))
        cr_skip_test("no ffmpeg");
    cr_assert(make(&options, 6, &result, &error), "%s", error.text);
    FILE *file = fopen("a.webp", "rb");
    static char bytes[1 << 20];
    size_t n = fread(bytes, 1, sizeof bytes, file);
    int n_frames = 0, milliseconds = 0;
    fclose(file);
    cr_assert(n > 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0);
    for (size_t i = 12; i + 8 < n;) {
        unsigned size = 0, lasts = 0;
        for (int k = 3; k >= 0; k--)
            size = size << 8 | (unsigned char)bytes[i + 4 + (size_t)k];
        for (int k = 2; k >= 0; k--)
            lasts = lasts << 8 | (unsigned char)bytes[i + 8 + 12 + (size_t)k];
        if (memcmp(bytes + i, "ANMF", 4) == 0) {
            n_frames++;
            milliseconds += (int)lasts;
        }
        i += 8 + size + (size & 1);
    }
    cr_assert(n_frames >= 6 && n_frames <= 8, "%d", n_frames);
    cr_assert_eq(milliseconds, 8 * 40);
}

Test(film, is_a_folder_of_its_frames_only) {
    Error error = {0};
    FilmResult result;
    FilmOptions options = options_of("frames/", WIDTH, HEIGHT, 30);
    cr_assert(make(&options, 6, &result, &error), "%s", error.text);
    cr_assert_eq(count_files("frames/*"), 8);
    write_text("frames/notes.txt", "");
    cr_assert(make(&options, 2, &result, &error), "%s", error.text);
    cr_assert_str_eq(result.path, "frames/");
    cr_assert_eq(count_files("frames/frame-0000?.png"), 2, "those of an older film are gone");
    cr_assert_eq(count_files("frames/*"), 3, "and nothing else");
    cairo_surface_t *second = cairo_image_surface_create_from_png("frames/frame-00002.png");
    cairo_surface_t *wanted = picture(WIDTH, HEIGHT, 1);
    cr_assert_eq(cairo_image_surface_get_width(second), WIDTH);
    const unsigned char *a = cairo_image_surface_get_data(second);
    const unsigned char *b = cairo_image_surface_get_data(wanted);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        for (int k = 0; k < 3; k++)
            cr_assert_eq(a[4 * i + k], b[4 * i + k]);
    cairo_surface_destroy(second);
    cairo_surface_destroy(wanted);
}

/* A window that was resized: the picture is fitted in, with black around it. */
Test(film, fits_other_sizes_in) {
    Error error = {0};
    FilmResult result;
    Film *film;
    FilmOptions options = options_of("frames/", 400, 200, 30);
    cr_assert(film_open(&film, &options, &error), "%s", error.text);
    add_picture(film, 600, 600, 0);
    cr_assert(film_close(film, &result, &error), "%s", error.text);
    cairo_surface_t *frame = cairo_image_surface_create_from_png("frames/frame-00001.png");
    cr_assert_eq(cairo_image_surface_get_width(frame), 400);
    const unsigned char *row =
        cairo_image_surface_get_data(frame) + 190 * cairo_image_surface_get_stride(frame);
    cr_assert_eq(row[4 * 50], 0);
    cr_assert_eq(row[4 * 200], (int)(0.6 * 255 + 0.5));
    cr_assert_eq(row[4 * 350], 0);
    cairo_surface_destroy(frame);
}

Test(film, becomes_pngs_without_ffmpeg) {
    Error error = {0};
    FilmResult result;
    FilmOptions options = options_of("a.mp4", WIDTH, HEIGHT, 30);
    setenv("PATH", "/nowhere", 1);
    cr_assert(make(&options, 3, &result, &error), "%s", error.text);
    cr_assert_str_eq(result.path, "a-frames/");
    cr_assert_str_eq(result.notice,
                     "a.mp4: ffmpeg is not installed; its frames are PNGs in a-frames/");
    cr_assert_eq(count_files("a-frames/*.png"), 4);
    cr_assert_eq(count_files("*"), 1);
}

Test(film, becomes_pngs_where_ffmpeg_takes_nothing) {
    Error error = {0};
    FilmResult result;
    FilmOptions options = options_of("a.webp", WIDTH, HEIGHT, 30);
    pretend_program("ffmpeg", "#!/bin/sh\necho 'first words' >&2\n"
                              "echo \"Unknown encoder 'libwebp_anim'\" >&2\nexit 1\n");
    cr_assert(make(&options, 3, &result, &error), "%s", error.text);
    cr_assert_str_eq(result.notice, "a.webp: ffmpeg failed: Unknown encoder 'libwebp_anim'; its "
                                    "frames are PNGs in a-frames/");
    cr_assert_eq(count_files("a-frames/*.png"), 4, "none is lost");
}

/* ffmpeg that dies after some frames: one message, no file, and who draws goes on. */
Test(film, says_why_ffmpeg_died) {
    Error error = {0};
    FilmResult result;
    FilmOptions options = options_of("a.mp4", WIDTH, HEIGHT, 30);
    pretend_program("ffmpeg",
                    "#!/bin/sh\nhead -c 800000 >/dev/null\n"
                    "echo 'Error while filtering' >&2\necho 'Conversion failed!' >&2\nexit 1\n");
    cr_assert_not(make(&options, 40, &result, &error));
    cr_assert_str_eq(error.text, "a.mp4: ffmpeg failed: Error while filtering");
    cr_assert_eq(count_files("*"), 1, "only the script");
    pretend_program("ffmpeg", "#!/bin/sh\nhead -c 800000 >/dev/null\nkill -9 $$\n");
    cr_assert_not(make(&options, 40, &result, &error));
    cr_assert(strstr(error.text, "signal 9"), "%s", error.text);
}

/* A disk on which the film has no room: ffmpeg writes what fits, and is content with it. */
Test(film, is_whole_or_not_there) {
    static const char *const paths[] = {"a.mp4", "a.gif", "a.webp"};
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    for (int i = 0; i < 3 && has_program("ffmpeg"); i++) {
        Error error = {0};
        FilmResult result;
        FilmOptions options = options_of(paths[i], WIDTH, HEIGHT, 30);
        char expected[64];
        snprintf(expected, sizeof expected, "%s: cannot be written: File too large", paths[i]);
        cr_assert_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){2000, limit.rlim_max}), 0);
        cr_assert_not(make(&options, 40, &result, &error), "%s", paths[i]);
        cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        cr_assert_str_eq(error.text, expected);
        cr_assert_eq(count_files("*"), 0);
    }
}

/* An encoder that takes nothing for two seconds: a live film does not wait for it, and shows older
 * pictures, but in time. */
Test(film, does_not_wait_when_live) {
    Error error = {0};
    FilmResult result;
    Film *film;
    FilmOptions options = options_of("a.mp4", WIDTH, HEIGHT, 30);
    options.is_live = true;
    pretend_program("ffmpeg", "#!/bin/sh\nfor last; do true; done\nsleep 2\nwc -c >$last\n");
    double begun = clock_wall();
    cr_assert(film_open(&film, &options, &error), "%s", error.text);
    for (int i = 0; i < 60; i++) {
        cr_assert(add_picture(film, WIDTH, HEIGHT, i));
    }
    cr_assert_lt(clock_wall() - begun, 1.5);
    film_end(film);
    cr_assert_not(film_is_over(film));
    cr_assert_eq(film_n_frames(film), 60);
    cr_assert(film_close(film, &result, &error), "%s", error.text);
    FILE *file = fopen("a.mp4", "r");
    long long n_bytes = 0;
    cr_assert(file && fscanf(file, "%lld", &n_bytes) == 1);
    fclose(file);
    cr_assert_eq(n_bytes, 60LL * WIDTH * HEIGHT * 4);
}

/* But what is ten seconds behind is left out, or the end of the film would not come. */
Test(film, leaves_out_what_is_far_behind) {
    Error error = {0};
    FilmResult result;
    Film *film;
    FilmOptions options = options_of("a.mp4", WIDTH, HEIGHT, 30);
    options.is_live = true;
    pretend_program("ffmpeg", "#!/bin/sh\nfor last; do true; done\nsleep 1\nwc -c >$last\n");
    cr_assert(film_open(&film, &options, &error), "%s", error.text);
    cr_assert(film_repeat(film)); /* of nothing yet */
    add_picture(film, WIDTH, HEIGHT, 0);
    for (int i = 0; i < 1000; i++)
        film_repeat(film);
    cr_assert_geq(film_n_frames(film), 300);
    cr_assert_leq(film_n_frames(film), 310);
    double left_out = (double)(1001 - film_n_frames(film)) / 30;
    cr_assert(film_close(film, &result, &error), "%s", error.text);
    cr_assert_float_eq(result.left_out, left_out, 1e-9);
}

Test(film, refuses_what_cannot_be) {
    Error error = {0};
    FilmResult result;
    Film *film;
    FilmOptions options = options_of("a.avi", WIDTH, HEIGHT, 30);
    cr_assert_not(film_open(&film, &options, &error));
    cr_assert(strstr(error.text, ".mp4, .gif or .webp"), "%s", error.text);
    options.encoder.path = "nowhere/a.mp4";
    cr_assert_not(film_open(&film, &options, &error));
    cr_assert_str_eq(error.text, "nowhere/a.mp4: cannot be written: No such file or directory");
    options.encoder.path = "nowhere/frames/";
    cr_assert_not(film_open(&film, &options, &error));
    options.encoder.path = "a.mp4";
    cr_assert(film_open(&film, &options, &error));
    cr_assert_not(film_close(film, &result, &error), "no frame, no film");
    cr_assert(strstr(error.text, "no frame"), "%s", error.text);
    cr_assert_eq(count_files("*"), 0);
}
