/* The schedules: shapes of the learning rate over the steps of a run. */
#include "sim/train/schedule.h"

#include <math.h>

static double constant(int64_t step, int64_t n_steps) {
    (void)step, (void)n_steps;
    return 1;
}

static double linear(int64_t step, int64_t n_steps) {
    return 1 - (double)step / (double)n_steps;
}

static double cosine(int64_t step, int64_t n_steps) {
    return 0.5 * (1 + cos(M_PI * (double)step / (double)n_steps));
}

static double cosine_quarter(int64_t step, int64_t n_steps) {
    return n_steps > 1 ? cos(0.5 * M_PI * (double)step / (double)(n_steps - 1)) : 1;
}

static const ScheduleKind constant_row = {
    .kind = {.name = "constant", .summary = "the same learning rate at every step"},
    .factor = constant,
    .end = 1,
};
static const ScheduleKind linear_row = {
    .kind = {.name = "linear",
             .summary = "1 - t/T at step t of T",
             .source = "torch.optim.lr_scheduler.LinearLR from 1 to 0"},
    .factor = linear,
};
static const ScheduleKind cosine_row = {
    .kind = {.name = "cosine",
             .summary = "half a wave, 0.5 (1 + cos(pi t/T))",
             .source = "torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov & Hutter 2017"},
    .factor = cosine,
};
static const ScheduleKind cosine_quarter_row = {
    .kind = {.name = "cosine_quarter",
             .summary = "a quarter of a wave, cos(0.5 pi t/(T - 1))",
             .source = "the notebook that goes with Elhage et al. 2022, Toy Models"},
    .factor = cosine_quarter,
};

static const Kind *const rows[] = {
    &constant_row.kind,
    &linear_row.kind,
    &cosine_row.kind,
    &cosine_quarter_row.kind,
};

static const char *const steps_words[] = {"auto", NULL};

static const Field fields[] = {
    {.name = "warmup",
     .type = FIELD_INTEGER,
     .offset = offsetof(ScheduleSettings, warmup),
     .fallback = "0",
     .maximum = 1e12,
     .unit = "steps",
     .help = "steps over which the learning rate first rises; the schedule begins after them"},
    {.name = "final",
     .type = FIELD_REAL,
     .offset = offsetof(ScheduleSettings, final),
     .fallback = "0",
     .maximum = 1,
     .is_live = true,
     .help = "fraction of the learning rate that is left where the schedule would reach 0"},
    {.name = "steps",
     .type = FIELD_INTEGER,
     .offset = offsetof(ScheduleSettings, steps),
     .fallback = "auto",
     .minimum = 1,
     .maximum = 1e12,
     .words = steps_words,
     .unit = "steps",
     .help = "T, the schedule's length with its warm-up, after which the learning rate stays what "
             "it has become; auto: train.steps"},
};

const KindTable schedule_table = {
    .name = "schedules",
    .noun = "schedule",
    .summary = "the learning rate over the steps of a run",
    .rows = rows,
    .n_rows = sizeof rows / sizeof *rows,
    .fields = fields,
    .n_fields = sizeof fields / sizeof *fields,
    .settings_size = sizeof(ScheduleSettings),
    .fallback = "constant",
};

double schedule_factor(const Choice *choice, int64_t step, int64_t n_steps) {
    const ScheduleKind *schedule = (const ScheduleKind *)choice->kind;
    const ScheduleSettings *settings = choice->settings;
    if (step < settings->warmup)
        return (double)(step + 1) / (double)settings->warmup;
    int64_t length = settings->steps ? settings->steps : n_steps;
    double factor = schedule->end;
    if (step < length)
        factor = schedule->factor(step - settings->warmup, length - settings->warmup);
    return settings->final + (1 - settings->final) * factor;
}
