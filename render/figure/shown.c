/* Runs → the chosen ones → their parameters, importances and captions. */
#include "render/figure/shown.h"

#include "render/draw/label.h"
#include "render/figure/caption.h"
#include "sim/metric/metric.h"
#include "sim/model/task.h"

#include <string.h>

enum { MAX_SHOWN = 400 };

const char *const points_run_words[] = {"best", "all", NULL};

const Field points_fields[N_POINTS_FIELDS] = {POINTS_FIELDS};

/* Whether the setting `points` has this number. */
static bool is_wanted(const Yaml *points, int64_t point) {
    long long number;
    if (!points || points->type == YAML_SCALAR)
        return true;
    for (int i = 0; i < points->n; i++)
        if (yaml_is_integer(points->items[i], &number) && number == point)
            return true;
    return false;
}

static bool has_point(const StoredRun *runs, int64_t n, int64_t point) {
    for (int64_t i = 0; i < n; i++)
        if (runs[i].number >= 0 && runs[i].point == point)
            return true;
    return false;
}

/* The setting `points` must be a list of points that are there. */
static bool check_points(const Yaml *points, const StoredRun *runs, int64_t n, Error *error) {
    if (!points || (points->type == YAML_SCALAR && strcmp(points->text, "all") == 0))
        return true;
    if (points->type != YAML_LIST || points->n == 0)
        return error_set(error, "points: must be all, or a list of point numbers");
    for (int i = 0; i < points->n; i++) {
        long long number;
        Text text = {0};
        if (!yaml_is_integer(points->items[i], &number)) {
            yaml_print(points->items[i], &text);
            error_set(error, "points: %s is no point number", text_of(&text));
            text_release(&text);
            return false;
        }
        if (!has_point(runs, n, number))
            return error_set(error, "points: the store has no run of point %lld", number);
    }
    return true;
}

static const StoredRun *best_of(const StoredRun *runs, int64_t n, int64_t point) {
    const StoredRun *first = NULL;
    for (int64_t i = 0; i < n; i++) {
        bool is_done = runs[i].status == RUN_DONE && runs[i].number >= 0;
        if (is_done && runs[i].point == point && runs[i].is_best)
            return &runs[i];
        if (is_done && runs[i].point == point && !first)
            first = &runs[i];
    }
    return first;
}

/* One cell for each chosen point, or run; *n is their number, also where `shown` is NULL. */
static int choose(const PointsSettings *settings, const StoredRun *runs, int64_t n_runs,
                  ShownModel *shown) {
    int n = 0;
    int64_t last = -1;
    for (int64_t i = 0; i < n_runs; i++) {
        const StoredRun *run = &runs[i];
        if (run->number < 0 || !is_wanted(settings->points, run->point))
            continue;
        if (settings->runs == 0 && run->point == last)
            continue;
        last = run->point;
        if (shown) {
            shown[n].point = run->point;
            shown[n].run = settings->runs == 0       ? best_of(runs, n_runs, run->point)
                           : run->status == RUN_DONE ? run
                                                     : NULL;
        }
        n++;
    }
    return n;
}

/* A copy of the tensor's values, which the model may call its own; NULL: there is none. */
static float *tensor_values(const StoredTensor *tensors, int n, const char *name, Arena *arena) {
    for (int i = 0; i < n; i++) {
        const Tensor *tensor = &tensors[i].tensor;
        size_t n_values = (size_t)tensor->n_rows * (size_t)tensor->n_columns;
        if (strcmp(tensor->name, name) == 0)
            return memcpy(ARENA_NEW(arena, float, n_values), tensors[i].values,
                          n_values * sizeof(float));
    }
    return NULL;
}

static bool read_model(const FigureInput *input, ShownModel *shown, Error *error) {
    StoredTensor *tensors;
    int n;
    if (!store_tensors(input->store, shown->run->id, shown->step, input->arena, &tensors, &n,
                       error))
        return false;
    Model *model = &shown->model;
    for (int i = 0; i < n; i++)
        if (strcmp(tensors[i].tensor.name, "W") == 0) {
            model->n_features = tensors[i].tensor.n_rows;
            model->n_hidden = tensors[i].tensor.n_columns;
        }
    model->W = tensor_values(tensors, n, "W", input->arena);
    model->W2 = tensor_values(tensors, n, "W2", input->arena);
    model->b = tensor_values(tensors, n, "b", input->arena);
    model->b_hidden = tensor_values(tensors, n, "b_hidden", input->arena);
    model->M = tensor_values(tensors, n, "M", input->arena);
    if (!model->W2)
        model->W2 = model->W;
    return (model->W && model->b) ||
           error_set(error, "run %lld has no W and b", (long long)shown->run->number);
}

/* What the run's stored settings say of its model's kind, its task and data. */
static bool read_settings(const FigureInput *input, ShownModel *shown, Error *error) {
    Problems problems = {.arena = input->arena};
    StoredRun run = *shown->run;
    Choice task_choice, data_choice, model_choice;
    Task task;
    if (!store_run_texts(input->store, &run, input->arena, error))
        return false;
    const char *settings = run.settings;
    const Yaml *root = yaml_parse("settings", settings, strlen(settings), input->arena, &problems);
    bool is_read = root &&
                   choice_read(&task_table, yaml_get(root, "task"), root->place, NULL, 0,
                               &task_choice, input->arena, &problems) &&
                   choice_read(&data_table, yaml_get(root, "data"), root->place, NULL, 0,
                               &data_choice, input->arena, &problems) &&
                   choice_read(&model_table, yaml_get(root, "model"), root->place, NULL, 0,
                               &model_choice, input->arena, &problems);
    if (!is_read || problems.n)
        return error_set(error, "run %lld: its stored settings are damaged", (long long)run.number);
    if (!task_open(&task, &task_choice, shown->model.n_features, input->arena, error))
        return false;
    Model described;
    model_sizes(&described, &model_choice, shown->model.n_features);
    shown->model.kind = described.kind;
    shown->model.hidden = described.hidden;
    shown->model.output = described.output;
    shown->importance = task.importance;
    data_describe(&shown->data, &data_choice);
    return shown->model.n_features % shown->data.set_size == 0 ||
           error_set(error, "run %lld: its sets of %d do not divide %d features",
                     (long long)run.number, shown->data.set_size, shown->model.n_features);
}

static bool select_models(const FigureInput *input, ShownModel **shown, int *n, Error *error) {
    const PointsSettings *settings = input->settings;
    StoredRun *runs;
    int64_t n_runs;
    int n_done = 0;
    if (!store_runs(input->store, input->arena, &runs, &n_runs, error) ||
        !check_points(settings->points, runs, n_runs, error))
        return false;
    *n = choose(settings, runs, n_runs, NULL);
    if (*n > MAX_SHOWN)
        return error_set(error,
                         "%d models do not fit on a page, %d do: choose some with "
                         "points: [0, …]",
                         *n, MAX_SHOWN);
    ShownModel *chosen = *shown = ARENA_NEW(input->arena, ShownModel, *n + 1);
    choose(settings, runs, n_runs, chosen);
    for (int i = 0; i < *n; i++)
        n_done += chosen[i].run != NULL;
    return n_done || error_set(error, *n ? "no run has finished" : "no run is stored");
}

bool shown_open(const FigureInput *input, const StoredRun *run, ShownModel *shown, Error *error) {
    shown->run = run;
    shown->point = run->point;
    shown->step = run->steps;
    return read_model(input, shown, error) && read_settings(input, shown, error);
}

bool shown_at(const FigureInput *input, const ShownModel *shown, int64_t step, ShownModel *then,
              Error *error) {
    *then = *shown;
    then->step = step;
    return read_model(input, then, error);
}

bool shown_read(const FigureInput *input, ShownModel **shown, int *n, ShownLayout *layout,
                Error *error) {
    if (!select_models(input, shown, n, error))
        return false;
    for (int i = 0; i < *n; i++)
        if ((*shown)[i].run && !shown_open(input, (*shown)[i].run, &(*shown)[i], error))
            return false;
    return captions_write(input, *shown, *n, layout, error);
}

bool shown_measure(const FigureInput *input, const ShownModel *shown, const char *metric,
                   const char *name, Measurement *measurement, Error *error) {
    StoredMeasurement stored;
    bool is_found;
    if (!store_measurement(input->store, shown->run->id, name, shown->step, input->arena, &stored,
                           &is_found, error))
        return false;
    if (is_found) {
        *measurement = stored.measurement;
        return true;
    }
    const MetricKind *kind = (const MetricKind *)kind_find(&metric_table, metric);
    if (!kind || !kind->needs_model_only)
        return error_set(error, "%s was not measured: add it to record.metrics", name);
    MetricInput model = {.model = &shown->model, .data = &shown->data};
    Measurements made = {.arena = input->arena};
    if (!kind->measure(&model, &made, error))
        return false;
    const Measurement *found = measurement_find(&made, name);
    if (!found)
        return error_set(error, "the metric %s makes no %s", metric, name);
    *measurement = *found;
    return true;
}

void shown_draw_none(cairo_t *cairo, Rect rect, const Style *style) {
    label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_CENTER, rect.width}, style->muted,
               rect.x + rect.width / 2, rect.y + rect.height / 2, "no run has finished");
}
