#include "render/scene/plane.h"

#include "render/draw/label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LABELS = 12 };

static bool begins(const char *key, const char *with) {
    return strncmp(key, with, strlen(with)) == 0;
}

static bool is_numeric(const SweepAxis *axis) {
    for (int i = 0; i < axis->n; i++)
        if (isnan(axis->values[i]))
            return false;
    return true;
}

/* ---- which axes ---- */

static int axis_named(const SweepMap *map, const char *with) {
    for (int a = 0; a < map->n_axes; a++)
        if (map->axes[a].n > 1 && begins(map->axes[a].key, with))
            return a;
    return -1;
}

/* The one with the most values but for `other`, the later of equal ones; -1: none has several. */
static int longest_axis(const SweepMap *map, int other) {
    int found = -1;
    for (int a = 0; a < map->n_axes; a++)
        if (a != other && map->axes[a].n > 1 && (found < 0 || map->axes[a].n >= map->axes[found].n))
            found = a;
    return found;
}

static void choose_axes(const SweepMap *map, int axes[2]) {
    int density = axis_named(map, "data.feature_probability");
    int importance = axis_named(map, "task.importance");
    if (density >= 0 && importance >= 0) {
        axes[0] = importance;
        axes[1] = density;
        return;
    }
    int first = longest_axis(map, -1), second = longest_axis(map, first);
    axes[0] = first > second ? first : second;
    axes[1] = first > second ? second : first;
    if (axes[0] < 0)
        axes[0] = 0; /* each has one value */
}

/* Values by their size, the numbers of equal ones in order. */
static const int *order_of(const SweepAxis *axis, Arena *arena) {
    int *order = ARENA_NEW(arena, int, axis->n);
    bool sorts = is_numeric(axis);
    for (int i = 0; i < axis->n; i++) {
        int at = i;
        for (; sorts && at > 0 && axis->values[order[at - 1]] > axis->values[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

static int64_t shown_run(const SceneInput *input) {
    for (int i = 0; i < input->n_all + input->has_guest; i++)
        if (input->all[i] == input->history && input->numbers)
            return input->numbers[i];
    return 0;
}

Plane plane_of(const SceneInput *input) {
    static const int only[] = {0};
    Plane plane = {.map = input->sweep, .shown = shown_run(input)};
    choose_axes(plane.map, plane.axes);
    for (int which = 0; which < 2; which++) {
        const SweepAxis *axis = plane.axes[which] < 0 ? NULL : &plane.map->axes[plane.axes[which]];
        plane.sizes[which] = axis ? axis->n : 1;
        plane.order[which] = axis ? order_of(axis, input->arena) : only;
    }
    return plane;
}

Plane plane_turned(const Plane *plane) {
    Plane turned = *plane;
    for (int which = 0; which < 2; which++) {
        turned.axes[which] = plane->axes[1 - which];
        turned.sizes[which] = plane->sizes[1 - which];
        turned.order[which] = plane->order[1 - which];
    }
    return turned;
}

/* ---- points and places ---- */

/* By how much the point's number grows with the index on an axis. */
static int64_t stride_of(const SweepMap *map, int axis) {
    int64_t stride = 1;
    for (int a = map->n_axes - 1; a > axis; a--)
        stride *= map->axes[a].n;
    return stride;
}

static int64_t moved(const Plane *plane, int64_t point, int which, int place) {
    int axis = plane->axes[which];
    if (axis < 0)
        return point;
    int change = plane->order[which][place] - sweep_index(plane->map, point, axis);
    return point + change * stride_of(plane->map, axis);
}

int64_t plane_point(const Plane *plane, int column, int row) {
    int64_t point = plane->shown / plane->map->restarts;
    return moved(plane, moved(plane, point, 0, column), 1, row);
}

static int place_of(const Plane *plane, int64_t point, int which) {
    int axis = plane->axes[which], place = 0;
    if (axis < 0)
        return 0;
    int index = sweep_index(plane->map, point, axis);
    while (plane->order[which][place] != index)
        place++;
    return place;
}

bool plane_find(const Plane *plane, int64_t point, int *column, int *row) {
    *column = place_of(plane, point, 0);
    *row = place_of(plane, point, 1);
    return plane_point(plane, *column, *row) == point;
}

int64_t plane_run(const Plane *plane, int64_t point) {
    int64_t best = sweep_best(plane->map, point), first = point * plane->map->restarts;
    for (int64_t run = first; best < 0 && run < first + plane->map->restarts; run++)
        if (plane->map->runs[run].state == STATE_TRAINING)
            best = run;
    return best < 0 ? first : best;
}

/* ---- values on an axis ---- */

static double value_at(const Plane *plane, int which, int place) {
    return plane->map->axes[plane->axes[which]].values[plane->order[which][place]];
}

/* Whether the values, or their logarithms, are evenly spaced. */
static bool is_even(const Plane *plane, int which, bool is_log) {
    int n = plane->sizes[which];
    double step = 0;
    for (int i = 0; i + 1 < n; i++) {
        double low = value_at(plane, which, i), high = value_at(plane, which, i + 1);
        if (!(low < high) || (is_log && !(low > 0)))
            return false;
        double gap = is_log ? log(high / low) : high - low;
        step = i ? step : gap;
        if (fabs(gap - step) > 0.02 * step)
            return false;
    }
    return n > 1;
}

typedef enum PlaneForm { PLANE_LINEAR, PLANE_LOG, PLANE_NUMBERED } PlaneForm;

static PlaneForm form_of(const Plane *plane, int which) {
    if (plane->axes[which] < 0 || !is_numeric(&plane->map->axes[plane->axes[which]]))
        return PLANE_NUMBERED;
    if (plane->sizes[which] > 2 && is_even(plane, which, false))
        return PLANE_LINEAR;
    if (is_even(plane, which, true))
        return plane->sizes[which] > 2 ? PLANE_LOG : PLANE_NUMBERED;
    return PLANE_NUMBERED;
}

bool plane_is_ordered(const Plane *plane, int which) {
    return plane->axes[which] >= 0 && is_numeric(&plane->map->axes[plane->axes[which]]);
}

double plane_value(const Plane *plane, int which, int place) {
    return form_of(plane, which) == PLANE_NUMBERED ? place : value_at(plane, which, place);
}

/* Places of two neighbours on the axis, between (or beyond) which a coordinate lies. */
static int place_before(const Plane *plane, int which, double coordinate) {
    int place = (int)floor(coordinate), last = plane->sizes[which] - 2;
    return place < 0 ? 0 : place < last ? place : last;
}

double plane_number(const Plane *plane, int which, const double *numbers, double coordinate) {
    if (form_of(plane, which) != PLANE_NUMBERED || plane->sizes[which] < 2)
        return coordinate;
    const int *order = plane->order[which];
    int place = place_before(plane, which, coordinate);
    double low = numbers[order[place]], high = numbers[order[place + 1]];
    return low * pow(high / low, coordinate - place);
}

double plane_coordinate(const Plane *plane, int which, const double *numbers, double number) {
    if (form_of(plane, which) != PLANE_NUMBERED || plane->sizes[which] < 2)
        return number;
    const int *order = plane->order[which];
    int place = 0;
    while (place + 2 < plane->sizes[which] && numbers[order[place + 1]] < number)
        place++;
    double low = numbers[order[place]], high = numbers[order[place + 1]];
    return place + log(number / low) / log(high / low);
}

/* Some of the values, as many as there is room for. */
static void add_labels(const Plane *plane, int which, Axis *axis, Arena *arena) {
    const SweepAxis *from = &plane->map->axes[plane->axes[which]];
    int n = from->n, step = (n + MOST_LABELS - 1) / MOST_LABELS;
    double *ticks = ARENA_NEW(arena, double, n);
    const char **labels = ARENA_NEW(arena, const char *, n);
    for (int i = 0; i < n; i += step) {
        ticks[axis->n_ticks] = i;
        labels[axis->n_ticks++] = from->labels[plane->order[which][i]];
    }
    axis->ticks = ticks;
    axis->tick_labels = labels;
}

Axis plane_axis(const Plane *plane, int which, Arena *arena) {
    int n = plane->sizes[which];
    PlaneForm form = form_of(plane, which);
    Axis axis = {.label =
                     plane->axes[which] < 0 ? NULL : plane->map->axes[plane->axes[which]].label,
                 .from = -0.5,
                 .to = n - 0.5};
    if (form == PLANE_NUMBERED) {
        if (plane->axes[which] >= 0)
            add_labels(plane, which, &axis, arena);
        return axis;
    }
    double first = value_at(plane, which, 0), last = value_at(plane, which, n - 1);
    double half =
        form == PLANE_LOG ? pow(last / first, 0.5 / (n - 1)) : (last - first) / (n - 1) / 2;
    axis.form = form == PLANE_LOG ? AXIS_LOG : AXIS_LINEAR;
    axis.from = form == PLANE_LOG ? first / half : first - half;
    axis.to = form == PLANE_LOG ? last * half : last + half;
    return axis;
}

/* ---- names ---- */

static const char *name_of(const SweepMap *map, int64_t point, int axis, const char *before,
                           Arena *arena) {
    const SweepAxis *from = &map->axes[axis];
    return arena_print(arena, "%s%s%s = %s", before, *before ? ", " : "", from->label,
                       from->labels[sweep_index(map, point, axis)]);
}

const char *plane_name(const Plane *plane, int64_t point, Arena *arena) {
    const char *name = "";
    for (int a = 0; a < plane->map->n_axes; a++)
        name = name_of(plane->map, point, a, name, arena);
    return name;
}

const char *plane_fixed(const Plane *plane, Arena *arena) {
    const char *name = "";
    for (int a = 0; a < plane->map->n_axes; a++)
        if (a != plane->axes[0] && a != plane->axes[1] && plane->map->axes[a].n > 1)
            name = name_of(plane->map, plane->shown / plane->map->restarts, a, name, arena);
    return name;
}

const char *run_state_word(RunState state) {
    static const char *const words[] = {[STATE_WAITING] = "waiting",
                                        [STATE_TRAINING] = "training",
                                        [STATE_DONE] = "done",
                                        [STATE_FAILED] = "failed",
                                        [STATE_INTERRUPTED] = "interrupted"};
    return words[state];
}
