/* superpose run: trains what the store lacks, measures, checks the claims, draws. */
#include "sim/base/clock.h"
#include "sim/base/pool.h"
#include "sim/command/figures.h"
#include "sim/command/progress.h"
#include "sim/command/report.h"
#include "sim/base/version.h"
#include "sim/experiment/claims.h"
#include "sim/experiment/remeasure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct Arguments {
    Words words;
    const char *store, *shard, *isa;
    long long n_threads, only_run;
    bool fresh, retry_failed, expect, no_figures, quiet, json;
} Arguments;

enum {
    OPTION_SHARD = 256,
    OPTION_RUN,
    OPTION_FRESH,
    OPTION_RETRY,
    OPTION_EXPECT,
    OPTION_NO_FIGURES,
    OPTION_JSON,
    OPTION_ISA
};

static const struct argp_option options[] = {
    {NULL, 'j', "N", 0, "threads (default: all processors)", 0},
    {NULL, 'o', "STORE", 0, "the store (default: results/NAME.db)", 0},
    {"shard", OPTION_SHARD, "I/N", 0,
     "only part I (from 0) of N; auto/N takes I from the job array's environment", 0},
    {"run", OPTION_RUN, "I", 0, "only this run", 0},
    {"fresh", OPTION_FRESH, NULL, 0, "start over; the old store is renamed .bak", 0},
    {"retry-failed", OPTION_RETRY, NULL, 0, "train failed runs again", 0},
    {"expect", OPTION_EXPECT, NULL, 0, "check claims even under overrides", 0},
    {"no-figures", OPTION_NO_FIGURES, NULL, 0, "draw nothing", 0},
    {"isa", OPTION_ISA, "LEVEL", 0,
     "instruction set: plain, baseline, avx2, avx512 (default: the best here)", 0},
    {"quiet", 'q', NULL, 0, "no progress, no table", 0},
    {"json", OPTION_JSON, NULL, 0, "one JSON object on stdout at the end", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    Arguments *arguments = state->input;
    switch (key) {
    case 'j':
        arguments->n_threads = command_integer(value, "-j", 1, 4096, state);
        break;
    case 'o':
        arguments->store = value;
        break;
    case 'q':
        arguments->quiet = true;
        break;
    case OPTION_SHARD:
        arguments->shard = value;
        break;
    case OPTION_RUN:
        arguments->only_run = command_integer(value, "--run", 0, INT64_MAX, state);
        break;
    case OPTION_FRESH:
        arguments->fresh = true;
        break;
    case OPTION_RETRY:
        arguments->retry_failed = true;
        break;
    case OPTION_EXPECT:
        arguments->expect = true;
        break;
    case OPTION_NO_FIGURES:
        arguments->no_figures = true;
        break;
    case OPTION_ISA:
        arguments->isa = value;
        break;
    case OPTION_JSON:
        arguments->json = true;
        break;
    default:
        return words_take(&arguments->words, key, value, state);
    }
    return 0;
}

const struct argp run_argp = {
    options,
    parse,
    "CONFIG [KEY=VALUE …]",
    "Trains every run of the config that is not in its store yet, applies its metrics, checks "
    "its `expect` rows and draws its figures. Stopped or killed, it goes on where it was.",
    NULL,
    NULL,
    NULL};

/* One session of `run`. */
typedef struct Session {
    const Program *program;
    const Arguments *arguments;
    Arena arena;
    Experiment *experiment;
    const char *store_path;
    RunChoice choice;
    Isa isa;
    Store *store;
    Plan plan;
    RunReport report;
    int n_claims_failed;
} Session;

/* I/N or auto/N. */
static bool read_shard(const char *text, RunChoice *choice, Error *error) {
    char *end;
    long shard;
    const char *slash = strchr(text, '/');
    if (strncmp(text, "auto/", 5) == 0) {
        const char *index = getenv("SLURM_ARRAY_TASK_ID");
        index = index ? index : getenv("JOB_COMPLETION_INDEX");
        if (!index)
            return error_set(error, "--shard auto/N needs SLURM_ARRAY_TASK_ID or "
                                    "JOB_COMPLETION_INDEX, and neither is set");
        shard = strtol(index, &end, 10);
        end = *index && !*end ? (char *)(uintptr_t)slash : end;
    } else {
        shard = strtol(text, &end, 10);
    }
    char *last = NULL;
    long n = slash ? strtol(slash + 1, &last, 10) : 0;
    if (!slash || end != slash || slash == text || last == slash + 1 || *last || n < 1 ||
        n > 1000000 || shard < 0 || shard >= n)
        return error_set(error, "--shard is '%s', but must be I/N or auto/N with 0 <= I < N", text);
    choice->shard = (int)shard;
    choice->n_shards = (int)n;
    return true;
}

static const char *shard_path(Session *session, const char *path) {
    if (session->choice.n_shards == 1)
        return path;
    return arena_print(&session->arena, "%.*s.%d-of-%d.db", (int)strlen(path) - 3, path,
                       session->choice.shard, session->choice.n_shards);
}

static ExitCode read_arguments(Session *session) {
    const Arguments *arguments = session->arguments;
    Error error = {0};
    session->choice = (RunChoice){
        .n_shards = 1, .only_run = arguments->only_run, .retry_failed = arguments->retry_failed};
    session->isa = isa_best();
    if ((arguments->shard && !read_shard(arguments->shard, &session->choice, &error)) ||
        (arguments->isa && !isa_find(arguments->isa, &session->isa, &error)))
        return command_fail(EXIT_USAGE, "%s", error.text);
    session->experiment = command_load(session->program, &arguments->words, &session->arena);
    if (!session->experiment)
        return EXIT_USAGE;
    Problems problems = {.arena = &session->arena};
    if (!arguments->no_figures)
        figures_check_sizes(session->program, session->experiment, &session->arena, &problems);
    if (command_say(&problems))
        return EXIT_USAGE;
    if (arguments->only_run >= session->experiment->n_runs)
        return command_fail(EXIT_USAGE, "--run is %lld, but %s has runs 0 to %lld",
                            arguments->only_run, session->experiment->path,
                            (long long)session->experiment->n_runs - 1);
    const char *path = experiment_store_path(session->experiment, &session->arena);
    session->store_path = arguments->store ? arguments->store : shard_path(session, path);
    return EXIT_DONE;
}

static bool make_folders(const char *path, Arena *arena, Error *error) {
    char *folder = arena_copy(arena, path);
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            return error_set(error, "cannot make the folder %s: %s", folder, strerror(errno));
        *slash = '/';
    }
    return true;
}

static bool open_store(Session *session, Error *error) {
    if (!make_folders(session->store_path, &session->arena, error) ||
        (session->arguments->fresh &&
         !store_set_aside(session->store_path,
                          arena_print(&session->arena, "%s.bak", session->store_path), error)) ||
        !store_open(&session->store, session->store_path, STORE_WRITE, error))
        return false;
    if (!plan_make(session->experiment, session->store, isa_name(session->isa), &session->choice,
                   &session->arena, &session->plan, error))
        return error_prefix(error, "%s: ", session->store_path);
    return store_set_fact(session->store, "program", "superpose " SUPERPOSE_VERSION, error);
}

static void say_plan(const Session *session) {
    const Plan *plan = &session->plan;
    if (session->arguments->quiet)
        return;
    if (plan->n_stored || plan->n_failed)
        fprintf(stderr, "%s: %lld of %lld runs are stored", session->store_path,
                (long long)plan->n_stored, (long long)plan->n_runs);
    if (plan->n_failed)
        fprintf(stderr, ", %lld failed (train them again with --retry-failed)",
                (long long)plan->n_failed);
    if (plan->n_stored || plan->n_failed)
        fputc('\n', stderr);
}

static bool train(Session *session, Error *error) {
    const Arguments *arguments = session->arguments;
    int n_threads = arguments->n_threads ? (int)arguments->n_threads : pool_processors();
    Progress progress = {0};
    say_plan(session);
    ProgressLine *line =
        session->plan.n_pending ? progress_start(&progress, arguments->quiet) : NULL;
    bool ok =
        runner_train(session->experiment, &session->plan, session->store, n_threads, session->isa,
                     session->program->stop, &progress, &session->report, error);
    progress_stop(line);
    int64_t n_measured;
    ok = ok && remeasure(session->experiment, session->store, session->isa, session->program->stop,
                         &n_measured, error);
    session->report.was_stopped = atomic_load(session->program->stop) != 0;
    return ok;
}

/* Claims need every run of the experiment, so a shard or a single run leaves them open. */
static bool check_claims(Session *session, Error *error) {
    StoredClaim *claims;
    int n;
    if (session->choice.n_shards > 1 || session->choice.only_run >= 0 ||
        session->report.was_stopped)
        return true;
    return claims_check(session->experiment, session->store, session->arguments->expect,
                        &session->arena, &claims, &n, &session->n_claims_failed, error) &&
           store_set_claims(session->store, claims, n, error);
}

static bool show(Session *session, const SessionTimes *times, Error *error) {
    const Arguments *arguments = session->arguments;
    if (!report_failures(session->store, error))
        return false;
    if (arguments->json)
        return report_json(session->store, session->store_path, session->plan.n_runs,
                           &session->report, times, error);
    if (arguments->quiet)
        return true;
    char duration[32];
    long long n_trained = session->report.n_trained;
    if (n_trained)
        printf("trained %lld run%s, %lld steps in %s\n", n_trained, n_trained == 1 ? "" : "s",
               (long long)session->report.steps, progress_duration(duration, times->wall_s));
    if (!report_table(session->store, error) || !report_summaries(session->store, error) ||
        !report_claims(session->store, error))
        return false;
    printf("results: %s\n", session->store_path);
    return true;
}

static ExitCode draw(Session *session) {
    const Arguments *arguments = session->arguments;
    if (arguments->no_figures || !session->experiment->figures ||
        session->experiment->figures->n == 0)
        return EXIT_DONE;
    if (!session->program->render) {
        if (!arguments->quiet)
            fprintf(stderr, "no figures are drawn: superpose-render is not here; `superpose "
                            "figure` draws this store where it is\n");
        return EXIT_DONE;
    }
    fflush(stdout);
    const char *words[] = {"figure", session->store_path, arguments->quiet ? "--quiet" : NULL,
                           NULL};
    return command_render(session->program, words, arguments->json);
}

static void say_what_next(const Session *session) {
    bool has_results =
        session->plan.n_stored + session->report.n_trained > session->report.n_failed;
    if (session->arguments->quiet || session->arguments->json || !has_results)
        return;
    const char *path = session->store_path;
    printf("next: superpose export %s -o results.npz   (for NumPy)\n"
           "      superpose figure %s -k gram -o gram.png\n"
           "      superpose run %s train.seed=1        (any setting can be given so)\n",
           path, path, session->experiment->path);
}

static ExitCode exit_code(const Session *session, ExitCode drawn) {
    if (session->report.was_stopped)
        return EXIT_INTERRUPTED;
    if (session->report.n_failed || session->plan.n_failed)
        return EXIT_RUNS_FAILED;
    if (session->n_claims_failed)
        return EXIT_CLAIMS;
    return drawn;
}

/* Everything between an open store and its end. */
static bool work(Session *session, Error *error) {
    double wall = clock_wall(), cpu = clock_cpu();
    if (!open_store(session, error) || !train(session, error) || !check_claims(session, error))
        return false;
    return show(session, &(SessionTimes){clock_wall() - wall, clock_cpu() - cpu}, error);
}

ExitCode command_run(const Program *program, int argc, char **argv) {
    Arguments arguments = {.words = {.least = 1, .wanted = "a config"}, .only_run = -1};
    argp_parse(&run_argp, argc, argv, 0, NULL, &arguments);
    Session session = {.program = program, .arguments = &arguments};
    Error error = {0}, closing = {0};
    ExitCode code = read_arguments(&session);
    if (code == EXIT_DONE) {
        bool ok = work(&session, &error);
        if (!store_close(session.store, &closing) && ok) {
            error = closing;
            ok = false;
        }
        if (!ok) {
            code = command_fail(EXIT_FAILED, "%s", error.text);
        } else if (session.report.was_stopped) {
            command_fail(
                EXIT_INTERRUPTED,
                "interrupted; everything finished so far is in %s, and the same command goes on",
                session.store_path);
            code = EXIT_INTERRUPTED;
        } else {
            code = exit_code(&session, draw(&session));
            say_what_next(&session);
        }
    }
    arena_release(&session.arena);
    return code;
}
