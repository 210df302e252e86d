/* Threads take cohorts of runs, the longest first. A cohort trains in step, in slices short enough
 * to show progress and to leave checkpoints. */
#include "sim/experiment/runner.h"

#include "sim/base/clock.h"
#include "sim/base/memory.h"
#include "sim/experiment/cohort.h"
#include "sim/experiment/cost.h"
#include "sim/experiment/trainee.h"

#include <math.h>

static const double SLICE_SECONDS = 0.05;

/* A cohort's first checkpoints come this early, further ones after twice as long each, at most. */
static const double CHECKPOINT_SECONDS = 3, MOST_CHECKPOINT_SECONDS = 30;

/* A cohort while it trains. */
typedef struct March {
    Session *session;
    int worker;
    Trainee *trainees; /* [n] */
    int n;
    Trainee **front;      /* [n_front]: those without an outcome that have done the fewest steps */
    Training **trainings; /* [n_front]: theirs */
    int n_front;
    int64_t slice;                          /* steps between looks at the clock */
    double checkpoint_at, checkpoint_after; /* when the last ones were, seconds to the next */
} March;

static double training_cpu(const Session *session) {
    return session->inner ? clock_cpu() : clock_thread_cpu();
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Sets the front and where it goes: to the step at which one of it wants a visit, or others wait,
 * or the slice ends. False where all have an outcome. */
static bool find_front(March *march, int64_t *until) {
    int64_t from = INT64_MAX;
    for (int i = 0; i < march->n; i++)
        if (!march->trainees[i].outcome)
            from = smaller(from, training_step(march->trainees[i].training));
    *until = from < INT64_MAX ? from + march->slice : from;
    march->n_front = 0;
    for (int i = 0; i < march->n; i++) {
        Trainee *trainee = &march->trainees[i];
        if (trainee->outcome)
            continue;
        int64_t step = training_step(trainee->training);
        *until = smaller(*until, step > from ? step : trainee_next(trainee));
        if (step > from)
            continue;
        march->front[march->n_front] = trainee;
        march->trainings[march->n_front++] = trainee->training;
    }
    return march->n_front > 0;
}

/* Trains the front; its time is shared out evenly. */
static void advance_front(March *march, int64_t until) {
    Session *session = march->session;
    int64_t from = training_step(march->trainings[0]), n_steps = 0;
    double wall = clock_wall(), cpu = training_cpu(session);
    training_advance_all(march->trainings, march->n_front, until, session->inner, session->stop);
    wall = clock_wall() - wall;
    cpu = training_cpu(session) - cpu;
    for (int i = 0; i < march->n_front; i++) {
        Trainee *trainee = march->front[i];
        int64_t n = training_step(trainee->training) - from;
        trainee->wall_s += wall / march->n_front;
        trainee->cpu_s += cpu / march->n_front;
        trainee->n_steps += n;
        trainee->n_samples += training_samples(trainee->training, from, from + n);
        n_steps += n;
    }
    atomic_fetch_add(&session->progress->steps_done, n_steps);
    /* What was cut short by a snapshot says nothing about a whole slice. */
    if (wall < SLICE_SECONDS / 2 && until - from == march->slice)
        march->slice *= 2;
    else if (wall > SLICE_SECONDS && march->slice > 1)
        march->slice /= 2;
}

static void keep(March *march, Trainee *trainee) {
    pthread_mutex_lock(&march->session->lock);
    trainee_keep(trainee, march->worker);
    pthread_mutex_unlock(&march->session->lock);
}

static void visit(March *march, Trainee *trainee) {
    trainee_visit(trainee);
    if (trainee->outcome)
        keep(march, trainee);
}

static void leave_checkpoints(March *march) {
    for (int i = 0; i < march->n; i++)
        if (!march->trainees[i].outcome)
            trainee_leave_checkpoint(&march->trainees[i]);
    march->checkpoint_at = clock_wall();
    march->checkpoint_after = fmin(2 * march->checkpoint_after, MOST_CHECKPOINT_SECONDS);
}

static void stop_all(March *march) {
    leave_checkpoints(march);
    for (int i = 0; i < march->n; i++)
        if (!march->trainees[i].outcome) {
            march->trainees[i].outcome = OUTCOME_STOPPED;
            keep(march, &march->trainees[i]);
        }
}

static void open_all(March *march, const PlannedRun *runs, Arena *arena) {
    const Training *company = NULL;
    march->trainees = ARENA_NEW(arena, Trainee, march->n);
    march->front = ARENA_NEW(arena, Trainee *, march->n);
    march->trainings = ARENA_NEW(arena, Training *, march->n);
    for (int i = 0; i < march->n; i++) {
        Trainee *trainee = &march->trainees[i];
        trainee_open(trainee, march->session, runs[i].number, company, arena);
        if (trainee->outcome)
            keep(march, trainee);
        else
            company = company ? company : trainee->training;
    }
}

static void train_all(March *march) {
    int64_t until;
    for (int i = 0; i < march->n; i++)
        if (!march->trainees[i].outcome)
            visit(march, &march->trainees[i]);
    while (!session_is_stopped(march->session) && find_front(march, &until)) {
        advance_front(march, until);
        for (int i = 0; i < march->n_front; i++)
            visit(march, march->front[i]);
        if (clock_wall() - march->checkpoint_at > march->checkpoint_after)
            leave_checkpoints(march);
    }
    if (find_front(march, &until))
        stop_all(march);
}

/* What the tasks of a session are. */
typedef struct Dealing {
    Session *session;
    Cohorts cohorts;
} Dealing;

/* PoolTask: the whole of a cohort. A stopped run leaves a checkpoint and is not stored. */
static void train_cohort(void *context, int task, int worker) {
    const Dealing *dealing = context;
    const Cohort *cohort = &dealing->cohorts.items[task];
    Arena arena = {0};
    March march = {.session = dealing->session,
                   .worker = worker,
                   .n = cohort->n,
                   .slice = 16,
                   .checkpoint_at = clock_wall(),
                   .checkpoint_after = CHECKPOINT_SECONDS};
    if (!session_is_stopped(dealing->session)) {
        open_all(&march, cohort->runs, &arena);
        train_all(&march);
    }
    arena_release(&arena);
}

/* Whether no batch of the run is more than a single chunk. */
static bool is_one_chunk(const Run *run) {
    const DataSettings *data = run->phases[0].settings->data.settings;
    for (int i = 0; i < run->n_phases; i++)
        if (run->phases[i].settings->train.batch > data_block((int)data->n_features))
            return false;
    return true;
}

/* Whether runs go side by side: where there are enough for all threads, or a run's batch is a
 * single chunk, and memory holds as many of the longest as there are threads. */
static bool goes_side_by_side(const Experiment *experiment, const Plan *plan, int n_threads) {
    Arena scratch = {0};
    Run longest = experiment_run(experiment, plan->pending[0].number, &scratch);
    bool goes = memory_suffices(n_threads * cost_bytes(&longest)) &&
                (plan->n_pending >= n_threads || is_one_chunk(&longest));
    arena_release(&scratch);
    return goes;
}

static bool train_pending(Session *session, Pool *pool, int n_threads) {
    Arena arena = {0};
    bool side_by_side = goes_side_by_side(session->experiment, session->plan, n_threads);
    session->inner = side_by_side ? NULL : pool;
    Dealing dealing = {session, cohorts_make(session->plan, n_threads, &arena)};
    bool ok = store_begin(session->store, session->error);
    if (ok)
        pool_run(side_by_side ? pool : NULL, (int)dealing.cohorts.n, train_cohort, &dealing);
    arena_release(&arena);
    for (int i = 0; i < n_threads; i++)
        session->report->train_wall_s = fmax(session->report->train_wall_s, session->wall_s[i]);
    session->report->was_stopped = atomic_load(session->stop) != 0;
    return ok && !session->is_broken && store_commit(session->store, session->error);
}

bool runner_train(const Experiment *experiment, const Plan *plan, Store *store, int n_threads,
                  Isa isa, const atomic_int *stop, Progress *progress, RunReport *report,
                  Error *error) {
    Pool *pool;
    Arena arena = {0};
    *report = (RunReport){0};
    atomic_store(&progress->n_runs, plan->n_pending);
    atomic_store(&progress->steps, plan->steps_pending);
    atomic_store(&progress->best_loss, (double)NAN);
    if (plan->n_pending == 0)
        return true;
    if (!pool_open(&pool, n_threads, error))
        return false;
    Session session = {.experiment = experiment,
                       .plan = plan,
                       .store = store,
                       .isa = isa,
                       .stop = stop,
                       .progress = progress,
                       .report = report,
                       .wall_s = ARENA_NEW(&arena, double, n_threads),
                       .committed_at = clock_wall(),
                       .error = error};
    pthread_mutex_init(&session.lock, NULL);
    bool ok = train_pending(&session, pool, n_threads);
    pthread_mutex_destroy(&session.lock);
    arena_release(&arena);
    pool_close(pool);
    return ok;
}
