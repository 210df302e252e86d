/* render: what the user takes away from the View: pictures of the page, a film of it. */
#include "render/state/state.h"
#include "render/state/take.h"
#include "render/view/view.h"
#include "tests/folder.h"
#include "tests/opened_view.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 1001, HEIGHT = 640 };

static const char *const config =
    "title: Four in two\n"
    "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"
    "model: {kind: relu_output, n_hidden: 2}\n"
    "train: {steps: 600, batch: 64, learning_rate: 1e-2}\n";

static void enter(void) {
    enter_folder();
    write_text("four.yaml", config);
}

TestSuite(take, .init = enter, .fini = leave_folder);

typedef struct Bench {
    View *view;
    cairo_surface_t *surface;
    cairo_t *cairo;
    double now;
} Bench;

static Bench bench_open(double film_seconds, int n_threads) {
    Bench bench = {.now = film_seconds > 0 ? 0 : 100};
    ViewOptions options = {.path = "four.yaml",
                           .only_run = -1,
                           .n_threads = n_threads,
                           .isa = isa_best(),
                           .film_seconds = film_seconds};
    bench.view = opened_view(&options);
    bench.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    bench.cairo = cairo_create(bench.surface);
    return bench;
}

static void bench_close(Bench *bench) {
    view_close(bench->view);
    cairo_destroy(bench->cairo);
    cairo_surface_destroy(bench->surface);
}

/* As the window does it: a frame is drawn where there is something new. */
static void frames(Bench *bench, int n) {
    for (int i = 0; i < n; i++) {
        bench->now += 1.0 / 60;
        view_tick(bench->view, bench->now);
        live_wait(bench->view->stage->live);
        if (view_has_news(bench->view))
            view_frame(bench->view, bench->cairo, WIDTH, HEIGHT);
    }
}

static void key(Bench *bench, int code, unsigned modifiers) {
    Input input = {.kind = INPUT_KEY, .key = code, .modifiers = modifiers};
    view_input(bench->view, &input);
    frames(bench, 1);
}

static void expect_said(const Bench *bench, const char *words) {
    cr_assert(strstr(bench->view->message, words), "%s", bench->view->message);
}

/* Until all files are written; the message says what became of the last. */
static void wait_for_files(Bench *bench) {
    const Save *saves = bench->view->take.saves.saves;
    for (int i = 0; i < 2000 && (saves[0].is_begun || saves[1].is_begun); i++) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        frames(bench, 1);
    }
    cr_assert(!saves[0].is_begun && !saves[1].is_begun);
}

static void save(Bench *bench, unsigned modifiers) {
    key(bench, 's', modifiers);
    wait_for_files(bench);
}

static bool contains(const char *path, const char *words) {
    static char bytes[1 << 22];
    FILE *file = fopen(path, "rb");
    size_t n = file ? fread(bytes, 1, sizeof bytes - 1, file) : 0;
    if (file)
        fclose(file);
    bytes[n] = 0;
    return strstr(bytes, words) != NULL;
}

Test(take, saves_pictures_of_what_is_on_screen) {
    Bench bench = bench_open(0, 1);
    frames(&bench, 10);
    key(&bench, ' ', 0);
    save(&bench, 0);
    cr_assert_str_eq(bench.view->message, "saved results/four-1.png");
    save(&bench, 0);
    cr_assert_str_eq(bench.view->message, "saved results/four-2.png");
    cairo_surface_t *saved = cairo_image_surface_create_from_png("results/four-2.png");
    cr_assert_eq(cairo_image_surface_get_width(saved), 2 * WIDTH);
    cr_assert_eq(cairo_image_surface_get_height(saved), 2 * HEIGHT);
    cairo_surface_destroy(saved);
    save(&bench, MODIFIER_SHIFT);
    cr_assert_str_eq(bench.view->message, "saved results/four-1.svg and .pdf");
    cr_assert_eq(count_files("results/*"), 4);
    cr_assert(contains("results/four-1.svg", "width=\"1001px\""));
    cr_assert(contains("results/four-1.pdf", "%PDF"));
    cr_assert_not(bench.view->is_bare);
    bench_close(&bench);
}

/* Two in a row have two names; the message about something is on neither. */
Test(take, pictures_show_no_messages) {
    Bench bench = bench_open(0, 1);
    frames(&bench, 10);
    key(&bench, ' ', 0);
    key(&bench, 's', 0);
    view_say(bench.view, "a message");
    key(&bench, 's', 0);
    wait_for_files(&bench);
    cr_assert_eq(system("cmp results/four-1.png results/four-2.png"), 0);
    bench_close(&bench);
}

/* The window closes before they are written: they are finished. */
Test(take, finishes_its_pictures_at_the_end) {
    Bench bench = bench_open(0, 1);
    frames(&bench, 10);
    for (int i = 0; i < 6; i++)
        key(&bench, 's', i % 2 ? MODIFIER_SHIFT : 0);
    cr_assert_str_eq(view_finish(bench.view), "");
    bench_close(&bench);
    int n = count_files("results/four-?.png"), n_drawings = count_files("results/four-?.svg");
    cr_assert(n >= 2 && n_drawings >= 2 && n + n_drawings <= 6, "%d and %d", n, n_drawings);
    cr_assert_eq(count_files("results/four-?.pdf"), n_drawings);
    cr_assert_eq(count_files("results/*"), n + 2 * n_drawings);
}

/* A disk that gets full: a word of it, and no half file, also where the window is closed. */
Test(take, says_what_does_not_fit_on_the_disk) {
    Bench bench = bench_open(0, 1);
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){20000, 20000}), 0);
    frames(&bench, 10);
    save(&bench, 0);
    cr_assert_str_eq(bench.view->message, "results/four-1.png: cannot be written: File too large");
    save(&bench, MODIFIER_SHIFT);
    expect_said(&bench, ": cannot be written: File too large");
    key(&bench, 's', 0);
    cr_assert_str_eq(view_finish(bench.view),
                     "results/four-1.png: cannot be written: File too large");
    bench_close(&bench);
    cr_assert_eq(count_files("results/*"), 0);
}

Test(take, says_where_a_picture_cannot_go) {
    Bench bench = bench_open(0, 1);
    write_text("results", "");
    frames(&bench, 3);
    save(&bench, 0);
    expect_said(&bench, "results/four-1.png: cannot be written");
    key(&bench, 'v', 0);
    expect_said(&bench, "results/four-1.mp4: cannot be written");
    cr_assert_null(bench.view->take.film);
    bench_close(&bench);
}

/* Waits for the film without the clock of the view. */
static void finish(Bench *bench) {
    while (bench->view->take.film && !film_is_over(bench->view->take.film))
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    frames(bench, 1);
    cr_assert_null(bench->view->take.film);
}

/* Two seconds of page at 30 frames a second, whether something is new (the training) or not (after
 * a pause). Without ffmpeg, so that frames can be counted and looked at. */
Test(take, records_in_real_time) {
    Bench bench = bench_open(0, 1);
    setenv("PATH", "/nowhere", 1);
    frames(&bench, 5);
    cr_assert_null(take_film_time(bench.view));
    key(&bench, 'v', 0);
    expect_said(&bench, "recording results/four-1.mp4");
    frames(&bench, 58);
    cr_assert_str_eq(take_film_time(bench.view), "0:00");
    key(&bench, ' ', 0);
    frames(&bench, 2);
    cr_assert_str_eq(take_film_time(bench.view), "0:01");
    frames(&bench, 58);
    key(&bench, 'v', 0);
    finish(&bench);
    expect_said(&bench, "PNGs in results/four-1-frames/");
    int n = count_files("results/four-1-frames/frame-*.png");
    cr_assert(n >= 59 && n <= 61, "%d", n);
    /* how finely it moves depends on the machine: the encoder may fall behind */
    cr_assert(system("/usr/bin/cmp -s results/four-1-frames/frame-00001.png "
                     "results/four-1-frames/frame-00059.png"),
              "it moves");
    cr_assert_eq(system("/usr/bin/cmp -s results/four-1-frames/frame-000[45]9.png"), 0);
    bench_close(&bench);
}

/* What the page shows is in the film, pixel by pixel, but for the mark that there is one. */
Test(take, records_the_page_as_it_is_shown) {
    Bench bench = bench_open(0, 1);
    setenv("PATH", "/nowhere", 1);
    frames(&bench, 30);
    key(&bench, ' ', 0);
    key(&bench, 'v', 0);
    cairo_surface_flush(bench.surface);
    view_finish(bench.view);
    cairo_surface_t *frame = cairo_image_surface_create_from_png("results/four-1-frames/"
                                                                 "frame-00001.png");
    cr_assert_eq(cairo_image_surface_get_width(frame), WIDTH & ~1);
    const unsigned char *a = cairo_image_surface_get_data(frame);
    const unsigned char *b = cairo_image_surface_get_data(bench.surface);
    int stride = cairo_image_surface_get_stride(frame), other = 4 * WIDTH, n_mark = 0,
        n_message = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH - 1; x++) {
            const unsigned char *in_film = a + y * stride + 4 * x, *seen = b + y * other + 4 * x;
            bool differs = memcmp(in_film, seen, 3) != 0;
            bool is_header = y<52, is_message = y> HEIGHT - 200 && x < 500;
            cr_assert(!differs || is_header || is_message, "%d, %d", x, y);
            n_mark += differs && is_header && seen[2] > 190 && seen[0] < 60 && seen[1] < 60;
            n_message += differs && is_message;
        }
    cr_assert_gt(n_mark, 50, "the red dot");
    cr_assert_gt(n_message, 2000);
    cairo_surface_destroy(frame);
    bench_close(&bench);
}

/* An encoder that is killed, or whose folder goes: one sentence, no file, and another film can
 * begin. */
Test(take, says_what_becomes_of_a_film) {
    Bench bench = bench_open(0, 1);
    frames(&bench, 5);
    pretend_program("ffmpeg", "#!/bin/sh\nhead -c 9000000 >/dev/null\nkill -9 $$\n");
    key(&bench, 'v', 0);
    frames(&bench, 40);
    finish(&bench);
    cr_assert_str_eq(bench.view->message,
                     "results/four-1.mp4: ffmpeg was ended by signal 9 (Killed)");
    cr_assert_eq(count_files("results/*"), 0);
    pretend_program("ffmpeg", "#!/bin/sh\nfor last; do true; done\nwc -c >$last\n");
    key(&bench, 'v', 0);
    frames(&bench, 20);
    cr_assert_eq(rename("results", "gone"), 0); /* at once, whoever writes into it */
    key(&bench, 'v', 0);
    finish(&bench);
    cr_assert_str_eq(bench.view->message,
                     "results/four-1.mp4: cannot be written: No such file or directory");
    setenv("PATH", "/nowhere", 1);
    key(&bench, 'v', 0);
    frames(&bench, 20);
    cr_assert_eq(rename("results", "gone-again"), 0);
    frames(&bench, 20);
    finish(&bench);
    expect_said(&bench, "results/four-1-frames/frame-000");
    expect_said(&bench, ".png: cannot be written: No such file or directory");
    bench_close(&bench);
}

/* What it had to leave out is told. */
Test(take, says_what_a_film_has_not) {
    Bench bench = bench_open(0, 1);
    frames(&bench, 5);
    pretend_program("ffmpeg", "#!/bin/sh\nfor last; do true; done\nsleep 3\nwc -c >$last\n");
    key(&bench, 'v', 0);
    key(&bench, ' ', 0);
    frames(&bench, 14 * 60);
    key(&bench, 'v', 0);
    finish(&bench);
    expect_said(&bench, "saved results/four-1.mp4 without ");
    expect_said(&bench, " s of it, for which this machine was too slow");
    bench_close(&bench);
}

Test(take, finishes_its_film_at_the_end) {
    Bench bench = bench_open(0, 1);
    setenv("PATH", "/nowhere", 1);
    frames(&bench, 5);
    cr_assert_str_empty(view_finish(bench.view));
    key(&bench, 'v', 0);
    frames(&bench, 10);
    cr_assert(strstr(view_finish(bench.view), "PNGs in results/four-1-frames/"));
    key(&bench, 'v', 0); /* does not write over the first */
    frames(&bench, 10);
    bench_close(&bench);
    cr_assert_eq(count_files("results/four-?-frames"), 2);
}

/* A film that nobody waits for shows each frame when the training has come exactly to it. */
Test(take, clock_of_a_film_waits_for_the_training) {
    Bench bench = bench_open(2, 2);
    frames(&bench, 30);
    cr_assert(llabs(bench.view->step - 150) <= 1, "%lld", (long long)bench.view->step);
    frames(&bench, 30);
    cr_assert(llabs(bench.view->step - 300) <= 1, "%lld", (long long)bench.view->step);
    frames(&bench, 61);
    cr_assert_eq(bench.view->step, 600);
    frames(&bench, 30);
    cr_assert_eq(bench.view->step, 600);
    cr_assert_eq(history_state(bench.view->stage->histories[0]), STATE_DONE);
    bench_close(&bench);
}
