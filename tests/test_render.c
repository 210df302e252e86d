/* render: colours, labels, files, panels. */
#include "render/draw/canvas.h"
#include "render/draw/label.h"
#include "render/draw/scale.h"
#include "render/panel/directions.h"
#include "render/panel/gram.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* White, black and sRGB red in OKLab by Ottosson's page: L = 1, 0 and 0.62796 (red has chroma
 * 0.25768, hue 29.23 degrees). */
Test(color, oklch_is_that_of_its_inventor) {
    static const struct {
        double lightness, chroma, hue;
        Color color;
    } rows[] = {{1, 0, 0, {1, 1, 1, 1}},
                {0, 0, 0, {0, 0, 0, 1}},
                {0.62796, 0.25768, 29.2339, {1, 0, 0, 1}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Color c = color_of_oklch(rows[i].lightness, rows[i].chroma, rows[i].hue);
        cr_assert_float_eq(c.red, rows[i].color.red, 2e-3);
        cr_assert_float_eq(c.green, rows[i].color.green, 2e-3);
        cr_assert_float_eq(c.blue, rows[i].color.blue, 2e-3);
        cr_assert_float_eq(color_lightness(rows[i].color), rows[i].lightness, 1e-4);
    }
}

/* The contrast of black on white is 21 by WCAG's definition. */
Test(color, contrast_of_black_on_white_is_21) {
    cr_assert_float_eq(color_contrast((Color){0, 0, 0, 1}, (Color){1, 1, 1, 1}), 21, 1e-9);
}

Test(color, the_perceptual_map_rises_evenly_in_lightness_and_in_luminance) {
    double last = -1;
    for (int k = 0; k <= 200; k++) {
        Color c = color_sequential(k / 200.0, 0.28, 0.92);
        cr_assert_gt(color_luminance(c), last, "at %d", k);
        cr_assert_float_eq(color_lightness(c), 0.28 + 0.64 * k / 200, 2e-3);
        last = color_luminance(c);
    }
}

Test(color, the_signed_map_is_symmetric_in_lightness_and_grows_from_its_centre) {
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        double center = color_lightness(style_signed(style, 0)), last = 0;
        for (int k = 0; k <= 100; k++) {
            Color below = style_signed(style, -k / 100.0), above = style_signed(style, k / 100.0);
            cr_assert_float_eq(color_lightness(below), color_lightness(above), 1e-3);
            double distance = fabs(color_lightness(above) - center);
            cr_assert(k == 0 || distance > last);
            last = distance;
            cr_assert(k < 10 || (below.blue > below.red && above.red > above.blue));
        }
        cr_assert_eq(style_signed(style, (double)NAN).red, style_signed(style, 0).red);
    }
}

/* 4.5 and 3: WCAG 2.1, success criteria 1.4.3 (text) and 1.4.11 (graphics). */
Test(style, text_and_marks_stand_out_from_the_background) {
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        cr_assert_geq(color_contrast(style->ink, style->background), 4.5);
        cr_assert_geq(color_contrast(style->muted, style->background), 4.5);
        cr_assert_geq(color_contrast(style->held, style->background), 3);
        cr_assert_geq(color_contrast(style->broken, style->background), 3);
        double last = 0;
        for (int k = 0; k <= 20; k++) {
            double contrast = color_contrast(style_weight(style, k / 20.0), style->background);
            cr_assert_geq(contrast, 3, "theme %d, weight %g: %g", theme, k / 20.0, contrast);
            cr_assert_gt(contrast, last);
            last = contrast;
        }
    }
}

Test(label, numbers_are_written_as_people_write_them) {
    static const struct {
        double value;
        int digits;
        const char *markup;
    } rows[] = {{0.05, 3, "0.05"},
                {1, 3, "1"},
                {0, 3, "0"},
                {-0.0, 3, "0"},
                {0.71687, 3, "0.717"},
                {0.9999, 3, "1"},
                {-0.3, 3, "−0.3"},
                {0.001, 3, "0.001"},
                {1024, 3, "1020"},
                {1024, 4, "1024"},
                {65536, 6, "65536"},
                {1e-5, 3, "10<sup>−5</sup>"},
                {2.5e6, 3, "2.5\u2009×\u200910<sup>6</sup>"},
                {-1e7, 3, "−10<sup>7</sup>"},
                {HUGE_VAL, 3, "∞"},
                {-HUGE_VAL, 3, "−∞"},
                {(double)NAN, 3, "–"}};
    Arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_str_eq(label_number(&arena, rows[i].value, rows[i].digits), rows[i].markup);
    arena_release(&arena);
}

/* Neighbours share a tag; what markup means something in is escaped as ever. */
Test(label, small_figures_of_unicode_are_set_as_those_of_markup) {
    static const char *const rows[][2] = {{"10⁻⁶ < x", "10<sup>−6</sup> &lt; x"},
                                          {"‖Wᵢ‖", "‖W<sub>i</sub>‖"},
                                          {"W₁W₁₂", "W<sub>1</sub>W<sub>12</sub>"},
                                          {"x²₀", "x<sup>2</sup><sub>0</sub>"},
                                          {"WWᵀ", "WW<sup>T</sup>"},
                                          {"1 − S: 60° … 70°", "1 − S: 60° … 70°"},
                                          {"", ""}};
    Arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_str_eq(label_escape(&arena, rows[i][0]), rows[i][1]);
    arena_release(&arena);
}

Test(label, settings_have_the_papers_symbols_or_their_own_words) {
    static const char *const rows[][2] = {{"data.feature_probability", "1 − <i>S</i>"},
                                          {"model.n_hidden", "<i>m</i>"},
                                          {"train.learning_rate", "learning rate"},
                                          {"seed", "seed"},
                                          {"x.a<b", "a&lt;b"}};
    Arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_str_eq(label_setting(&arena, rows[i][0]), rows[i][1]);
    arena_release(&arena);
}

Test(label, words_of_a_config_are_written_out) {
    static const char *const rows[][2] = {{"relu_output", "ReLU output"},
                                          {"two_layer", "two layer"},
                                          {"gelu", "GELU"},
                                          {"prelude_relus", "prelude relus"},
                                          {"a<b", "a&lt;b"}};
    Arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_str_eq(label_word(&arena, rows[i][0]), rows[i][1]);
    arena_release(&arena);
}

Test(label, quantities_have_the_papers_symbols_or_their_own_words) {
    static const char *const rows[][2] = {
        {"loss", "loss"},
        {"dimensions_per_feature", "dimensions per feature <i>D</i>*"},
        {"1/dimensions_per_feature", "features per dimension 1/<i>D</i>*"},
        {"1/data.feature_probability", "1/(1 − <i>S</i>)"},
        {"data.feature_probability.first", "1 − <i>S</i><sub>0</sub>"},
        {"1/seed", "1/seed"},
        {"feature_norm[3]", "‖<i>W</i><sub>3</sub>‖"},
        {"feature_dimensionality[-1]", "<i>D</i><sub>−1</sub>"},
        {"gram[0,1]", "(<i>WW</i><sup>T</sup>)<sub>0,1</sub>"},
        {"loss_by_feature[2]", "loss by feature [2]"}};
    Arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_str_eq(label_quantity(&arena, rows[i][0]), rows[i][1]);
    arena_release(&arena);
}

/* A page of it alone: at this scale and turn, with that much room. */
static uint64_t label_picture(const char *text, double scale, double turn, TextRole role,
                              double room) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 256, 256);
    cairo_t *cairo = cairo_create(surface);
    cairo_translate(cairo, 64, 64);
    cairo_scale(cairo, scale, scale);
    cairo_rotate(cairo, turn);
    const Style *style = style_of(THEME_DARK);
    label_draw(cairo, style, (Label){role, ALIGN_LEFT, room}, style->ink, 0, 0, text);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    const unsigned char *bytes = cairo_image_surface_get_data(surface);
    uint64_t sum = 14695981039346656037u; /* FNV-1a */
    for (int i = 0; i < 256 * cairo_image_surface_get_stride(surface); i++)
        sum = (sum ^ bytes[i]) * 1099511628211u;
    cairo_surface_destroy(surface);
    return sum;
}

/* Kept shapes give what new ones do: after other pages, and after thousands of other labels. */
Test(label, the_same_whatever_was_drawn_before) {
    static const struct {
        const char *text;
        double scale, turn, room;
        TextRole role;
    } rows[] = {{"dimension", 1, 0, 0, TEXT_BODY},   {"dimension", 2, 0, 0, TEXT_BODY},
                {"dimension", 1, 0.5, 0, TEXT_BODY}, {"dimension", 1, 0, 40, TEXT_BODY},
                {"dimension", 1, 0, 0, TEXT_TITLE},  {"dimensions", 1, 0, 0, TEXT_BODY}};
    enum { N = sizeof rows / sizeof *rows };
    uint64_t first[N];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < N; i++) {
            uint64_t now = label_picture(rows[i].text, rows[i].scale, rows[i].turn, rows[i].role,
                                         rows[i].room);
            if (round == 0)
                first[i] = now;
            cr_assert_eq(now, first[i], "round %d, row %d", round, i);
            for (int other = 0; other < i; other++)
                cr_assert_neq(now, first[other], "rows %d and %d", i, other);
        }
        double width = label_width(style_of(THEME_DARK), (Label){TEXT_BODY, ALIGN_LEFT, 0}, "mm");
        for (int i = 0; round == 1 && i < 5000; i++) {
            char text[32];
            snprintf(text, sizeof text, "%d", i);
            label_width(style_of(THEME_DARK), (Label){TEXT_BODY, ALIGN_LEFT, 0}, text);
        }
        cr_assert_eq(width,
                     label_width(style_of(THEME_DARK), (Label){TEXT_BODY, ALIGN_LEFT, 0}, "mm"));
    }
}

Test(label, text_takes_its_width_and_no_more_than_allowed) {
    const Style *style = style_of(THEME_LIGHT);
    double narrow = label_width(style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, "ii");
    double wide = label_width(style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, "a wide text");
    cr_assert_gt(narrow, 2);
    cr_assert_gt(wide, 3 * narrow);
    cr_assert_leq(label_width(style, (Label){TEXT_BODY, ALIGN_LEFT, 40}, "a wide text"), 40);
}

/* A pentagon of directions beside its gram matrix: W_i = (cos 72i, sin 72i), G_ij = cos 72(i - j).
 */
static void draw_page(Canvas *canvas, const Style *style) {
    float W[10];
    double gram[25], bias[5], norm[5], interference[5], weight[5];
    int polygon[5];
    for (int i = 0; i < 5; i++) {
        W[2 * i] = (float)cos(2 * M_PI * i / 5);
        W[2 * i + 1] = (float)sin(2 * M_PI * i / 5);
        for (int j = 0; j < 5; j++)
            gram[5 * i + j] = cos(2 * M_PI * (i - j) / 5);
        bias[i] = -0.2;
        norm[i] = 1;
        interference[i] = i / 4.0;
        weight[i] = 1 - i / 4.0;
        polygon[i] = 0;
    }
    DirectionsPanel directions = {5, W, weight, polygon, NULL, 1.2, -1, false};
    directions_panel_draw(canvas->cairo, (Rect){20, 40, 160, 160}, &directions, style);
    GramPanel panel = {5, gram, bias, norm, interference, 0, 1.2, 320, false, false, -1, false};
    gram_panel_draw(canvas->cairo, (Rect){200, 40, gram_panel_width(160), 180}, &panel, style);
    ColorScale scale = {
        .title = "importance", .from_label = "0", .to_label = "1", .color = style_weight, .to = 1};
    color_scale_draw(canvas->cairo, style, &scale, 460, 20);
}

static void make_page(CanvasFormat format, Theme theme, Text *bytes) {
    Canvas canvas;
    Error error = {0};
    const Style *style = style_of(theme);
    cr_assert(canvas_open(&canvas, format, 480, 240, style, "A test", &error), "%s", error.text);
    draw_page(&canvas, style);
    cr_assert(canvas_close(&canvas, bytes, &error), "%s", error.text);
}

static uint32_t big_endian(const char *bytes) {
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

Test(canvas, gives_sound_files_with_the_same_bytes_every_time) {
    for (int format = CANVAS_SVG; format <= CANVAS_PNG; format++)
        for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
            Text first = {0}, second = {0};
            make_page((CanvasFormat)format, (Theme)theme, &first);
            make_page((CanvasFormat)format, (Theme)theme, &second);
            cr_assert_gt(first.n, 1000);
            cr_assert(first.n == second.n && memcmp(first.data, second.data, first.n) == 0,
                      "format %d theme %d differs", format, theme);
            if (format == CANVAS_PNG) { /* signature, then IHDR: width, height */
                cr_assert_eq(memcmp(first.data, "\x89PNG\r\n\x1a\n", 8), 0);
                cr_assert_eq(big_endian(first.data + 16), 960);
                cr_assert_eq(big_endian(first.data + 20), 480);
            } else if (format == CANVAS_PDF) {
                cr_assert_eq(memcmp(first.data, "%PDF-", 5), 0);
                cr_assert_not_null(strstr(first.data + first.n - 8, "%%EOF"));
            } else {
                cr_assert_not_null(strstr(first.data, "width=\"480px\" height=\"240px\""));
                cr_assert_not_null(strstr(first.data, "</svg>"));
                cr_assert_not_null(strstr(first.data, "id=\"image0\""));
            }
            text_release(&first);
            text_release(&second);
        }
}

/* Two decimals of lengths, five of scales; what has fewer stays. */
Test(canvas, svg_has_no_more_decimals_than_are_seen) {
    Canvas canvas;
    Error error = {0};
    Text bytes = {0};
    const Style *style = style_of(THEME_LIGHT);
    cr_assert(canvas_open(&canvas, CANVAS_SVG, 480, 240, style, "A test", &error));
    cairo_rectangle(canvas.cairo, 10.125, 200.03125, 0.03125, 12.5);
    cairo_fill(canvas.cairo);
    cr_assert(canvas_close(&canvas, &bytes, &error), "%s", error.text);
    cr_assert(strstr(text_of(&bytes), "10.12") && !strstr(text_of(&bytes), "10.125"));
    cr_assert(strstr(text_of(&bytes), "200.03") && !strstr(text_of(&bytes), "200.031"));
    cr_assert(strstr(text_of(&bytes), "212.53"), "%s", text_of(&bytes));
    cr_assert(strstr(text_of(&bytes), "</svg>"));
    text_release(&bytes);
}

Test(canvas, says_what_is_wrong_with_a_path) {
    CanvasFormat format;
    Error error = {0};
    cr_assert_not(canvas_format("figure.jpg", &format, &error));
    cr_assert_str_eq(error.text, "figure.jpg: a figure's name ends in .svg, .pdf or .png");
    cr_assert(canvas_format("x.pdf", &format, &error) && format == CANVAS_PDF);
    Text bytes = {0};
    text_add(&bytes, "x");
    cr_assert_not(canvas_save("/nonexistent/x.svg", &bytes, &error));
    cr_assert_str_eq(error.text,
                     "/nonexistent/x.svg: cannot be written: No such file or directory");
    text_release(&bytes);
}

Test(canvas, saves_a_file_whole_and_leaves_nothing_beside_it) {
    char folder[] = "/tmp/superpose-render-XXXXXX", path[64], part[96];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/x.svg", folder);
    snprintf(part, sizeof part, "%s.%ld.part", path, (long)getpid());
    for (int n = 1; n < 4; n++) {
        Text bytes = {0};
        Error error = {0};
        for (int i = 0; i < n; i++)
            text_add(&bytes, "abc");
        cr_assert(canvas_save(path, &bytes, &error), "%s", error.text);
        cr_assert_neq(access(part, F_OK), 0);
        FILE *file = fopen(path, "rb");
        char back[32] = {0};
        cr_assert_eq(fread(back, 1, sizeof back, file), 3 * (size_t)n);
        fclose(file);
        cr_assert_eq(memcmp(back, bytes.data, bytes.n), 0);
        text_release(&bytes);
    }
    unlink(path);
    rmdir(folder);
}
