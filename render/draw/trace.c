/* A curve's thickness is a disc that is drawn along it: at each column the highest and the lowest
 * place that any disc nearby reaches. */
#include "render/draw/trace.h"

#include "sim/base/arena.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum {
    PARTS = 3, /* of a column: how smooth steep lines are; level ones are always smooth */
    MAX_NEAR = 64
};

/* In the innermost loops, where fmin and fmax are calls. */
static inline float least(float a, float b) {
    return a < b ? a : b;
}

static inline float most(float a, float b) {
    return a > b ? a : b;
}

/* The image, and where its corner lies in pixels of the target. */
typedef struct Field {
    int left, top, width, height;
    double scale_x, scale_y, x, y; /* from the page to pixels of the target */
    uint32_t *pixels;              /* premultiplied */
    int stride;                    /* in pixels */
    float *low, *high;             /* [width * PARTS]: what the line reaches in each part */
    float *cover;                  /* [height]: of one column */
    float disc[MAX_NEAR];          /* [n_near]: how far the disc reaches so many parts away */
    int n_near;
} Field;

/* ---- the part of a line that crosses each part of a column ---- */

/* From (x0, y0) to (x1, y1), x in parts. */
static void add_segment(Field *field, float x0, float y0, float x1, float y1) {
    float end = (float)(field->width * PARTS);
    if (!(x1 >= 0 && x0 < end))
        return;
    float slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0;
    int first = (int)most(x0, 0), last = (int)least(x1, end - 1);
    for (int part = first; part <= last; part++) {
        float from = y0 + slope * (most(x0, (float)part) - x0);
        float to = x1 > x0 ? y0 + slope * (least(x1, (float)(part + 1)) - x0) : y1;
        field->low[part] = least(field->low[part], least(from, to));
        field->high[part] = most(field->high[part], most(from, to));
    }
}

static void add_line(Field *field, const TraceLine *line) {
    bool has_last = false;
    float x0 = 0, y0 = 0;
    for (int i = 0; i < field->width * PARTS; i++) {
        field->low[i] = HUGE_VALF;
        field->high[i] = -HUGE_VALF;
    }
    for (int i = 0; i < line->n; i++) {
        float x = (float)((line->x[i] * field->scale_x + field->x - field->left) * PARTS);
        float y = (float)(line->y[i] * field->scale_y + field->y - field->top);
        bool has_place = isfinite(x) && isfinite(y);
        if (has_place)
            add_segment(field, has_last ? x0 : x, has_last ? y0 : y, x, y);
        has_last = has_place;
        x0 = x;
        y0 = y;
    }
}

/* ---- colour ---- */

/* How far the line's disc reaches up and down, by the distance in parts. */
static void fill_disc(Field *field, double radius) {
    int n = (int)(radius * PARTS) + 1;
    field->n_near = n < MAX_NEAR ? n : MAX_NEAR;
    for (int k = 0; k < field->n_near; k++) {
        double aside = (double)k / PARTS;
        field->disc[k] = (float)sqrt(fmax(radius * radius - aside * aside, 0));
    }
}

/* Adds `weight` times what of each row lies between the two heights. */
static void add_cover(Field *field, float from, float to, float weight, int *first, int *last) {
    from = most(from, 0);
    to = least(to, (float)field->height);
    if (!(from < to))
        return;
    int top = (int)from, bottom = (int)to - ((float)(int)to == to); /* ceil is a call */
    for (int row = top; row <= bottom; row++)
        field->cover[row] += weight;
    field->cover[top] -= weight * (from - (float)top);
    field->cover[bottom] -= weight * ((float)(bottom + 1) - to);
    *first = top < *first ? top : *first;
    *last = bottom > *last ? bottom : *last;
}

/* One part of a column: as far as any disc whose centre is near reaches. */
static void add_part(Field *field, int part, int *first, int *last) {
    int from = part - field->n_near + 1, to = part + field->n_near - 1;
    int end = field->width * PARTS;
    from = from > 0 ? from : 0;
    to = to < end ? to : end - 1;
    float low = HUGE_VALF, high = -HUGE_VALF;
    for (int at = from; at <= to; at++) {
        float reached = field->disc[at < part ? part - at : at - part];
        low = least(low, field->low[at] - reached);
        high = most(high, field->high[at] + reached);
    }
    add_cover(field, low, high, 1.0f / PARTS, first, last);
}

/* color [4]: 8 bits of blue, green, red, and 255. alpha in 0 … 256. */
static inline uint32_t over(uint32_t below, const uint32_t *color, uint32_t alpha) {
    uint32_t out = 0;
    for (int k = 0; k < 4; k++) {
        uint32_t value = color[k] * alpha + ((below >> 8 * k) & 255) * (256 - alpha);
        out |= (value + 128) >> 8 << 8 * k;
    }
    return out;
}

static void paint_line(Field *field, const TraceLine *line) {
    const uint32_t color[4] = {(uint32_t)lround(255 * line->color.blue),
                               (uint32_t)lround(255 * line->color.green),
                               (uint32_t)lround(255 * line->color.red), 255};
    float full = 256 * (float)line->color.alpha;
    fill_disc(field, line->width * field->scale_x / 2);
    for (int column = 0; column < field->width; column++) {
        int first = field->height, last = -1;
        for (int k = 0; k < PARTS; k++)
            add_part(field, column * PARTS + k, &first, &last);
        uint32_t *pixel = field->pixels + (size_t)first * field->stride + column;
        for (int row = first; row <= last; row++, pixel += field->stride) {
            *pixel = over(*pixel, color, (uint32_t)(full * least(field->cover[row], 1)));
            field->cover[row] = 0;
        }
    }
}

/* ---- the target ---- */

/* False where the target is no image, or is turned. */
static bool find_field(cairo_t *cairo, Rect clip, Field *field) {
    cairo_surface_t *target = cairo_get_group_target(cairo);
    cairo_matrix_t matrix;
    double scale_x, scale_y, x, y;
    cairo_get_matrix(cairo, &matrix);
    cairo_surface_get_device_scale(target, &scale_x, &scale_y);
    cairo_surface_get_device_offset(target, &x, &y);
    *field = (Field){.scale_x = matrix.xx * scale_x,
                     .scale_y = matrix.yy * scale_y,
                     .x = matrix.x0 * scale_x + x,
                     .y = matrix.y0 * scale_y + y};
    field->left = (int)floor(clip.x * field->scale_x + field->x);
    field->top = (int)floor(clip.y * field->scale_y + field->y);
    field->width = (int)ceil((clip.x + clip.width) * field->scale_x + field->x) - field->left;
    field->height = (int)ceil((clip.y + clip.height) * field->scale_y + field->y) - field->top;
    return cairo_surface_get_type(target) == CAIRO_SURFACE_TYPE_IMAGE && matrix.xy == 0 &&
           matrix.yx == 0 && field->scale_x > 0 && field->scale_y > 0 && field->width > 0 &&
           field->height > 0;
}

static void paint_image(cairo_t *cairo, Rect clip, const Field *field, cairo_surface_t *image) {
    cairo_save(cairo);
    cairo_rectangle(cairo, clip.x, clip.y, clip.width, clip.height);
    cairo_clip(cairo);
    cairo_translate(cairo, (field->left - field->x) / field->scale_x,
                    (field->top - field->y) / field->scale_y);
    cairo_scale(cairo, 1 / field->scale_x, 1 / field->scale_y);
    cairo_set_source_surface(cairo, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(cairo);
    cairo_restore(cairo);
}

static void draw_image(cairo_t *cairo, Rect clip, Field *field, const TraceLine *lines,
                       int n_lines) {
    Arena scratch = {0};
    cairo_surface_t *image =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, field->width, field->height);
    field->pixels = (uint32_t *)(void *)cairo_image_surface_get_data(image);
    field->stride = cairo_image_surface_get_stride(image) / (int)sizeof(uint32_t);
    field->low = ARENA_NEW(&scratch, float, field->width *PARTS);
    field->high = ARENA_NEW(&scratch, float, field->width *PARTS);
    field->cover = ARENA_NEW(&scratch, float, field->height);
    for (int i = 0; i < n_lines && field->pixels; i++) {
        add_line(field, &lines[i]);
        paint_line(field, &lines[i]);
    }
    cairo_surface_mark_dirty(image);
    paint_image(cairo, clip, field, image);
    cairo_surface_destroy(image);
    arena_release(&scratch);
}

static void stroke(cairo_t *cairo, Rect clip, const TraceLine *line) {
    bool is_down = false;
    cairo_save(cairo);
    cairo_rectangle(cairo, clip.x, clip.y, clip.width, clip.height);
    cairo_clip(cairo);
    for (int i = 0; i < line->n; i++) {
        bool has_place = isfinite(line->x[i]) && isfinite(line->y[i]);
        if (has_place)
            (is_down ? cairo_line_to : cairo_move_to)(cairo, line->x[i], line->y[i]);
        is_down = has_place;
    }
    canvas_set_color(cairo, line->color);
    cairo_set_line_width(cairo, line->width);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

void trace_draw(cairo_t *cairo, Rect clip, const TraceLine *lines, int n_lines) {
    Field field;
    if (find_field(cairo, clip, &field))
        draw_image(cairo, clip, &field, lines, n_lines);
    else
        for (int i = 0; i < n_lines; i++)
            stroke(cairo, clip, &lines[i]);
}
