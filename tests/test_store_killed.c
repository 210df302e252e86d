/* store: whole transactions or none, wherever its writer is killed; the next writer goes on. */
#include "sim/base/clock.h"
#include "tests/store_sample.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/* A process that stores runs for ever, three a transaction. */
typedef struct Writer {
    pid_t process;
    int told; /* what it tells: a byte when it begins, and one when the first three are stored */
} Writer;

static void store_for_ever(int64_t first, int tells) {
    Error error;
    bool good = write(tells, "b", 1) == 1;
    Store *store = open_store(STORE_WRITE);
    store->piece_bytes = 8;
    for (int64_t n = first; good; n += 3) {
        good = store_begin(store, &error);
        for (int i = 0; i < 3; i++)
            add(store, n + i, 1);
        good = good && store_commit(store, &error) && (n > first || write(tells, "s", 1) == 1);
    }
    _exit(1);
}

static Writer writer_start(int64_t first) {
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    Writer writer = {.process = fork(), .told = ends[0]};
    cr_assert_geq(writer.process, 0);
    if (writer.process == 0) {
        close(ends[0]);
        store_for_ever(first, ends[1]);
    }
    close(ends[1]);
    return writer;
}

/* Waits until it tells this next. */
static void writer_await(const Writer *writer, char what) {
    char told;
    cr_assert(read(writer->told, &told, 1) == 1 && told == what, "it ended by itself");
}

static void writer_kill(const Writer *writer) {
    int status;
    kill(writer->process, SIGKILL);
    waitpid(writer->process, &status, 0);
    close(writer->told);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "it ended by itself");
}

static void wait_for(double seconds) {
    struct timespec left = {.tv_sec = (time_t)seconds,
                            .tv_nsec = (long)(1e9 * (seconds - floor(seconds)))};
    nanosleep(&left, NULL);
}

/* How many runs are in an open store, which is closed: whole transactions. */
static int64_t count_whole(Store *store) {
    Arena arena = {0};
    StoredRun *runs;
    int64_t n;
    Error error = {0};
    cr_assert(store_runs(store, &arena, &runs, &n, &error), "%s", error.text);
    cr_assert_eq(n % 3, 0, "%lld runs", (long long)n);
    for (int64_t i = 0; i < n; i += 1 + n / 20) {
        check_tensors(store, &runs[i]);
        check_measurements(store, &runs[i]);
    }
    close_store(store);
    arena_release(&arena);
    return n;
}

/* What was committed before the kill is there, for a reader and for the next writer. */
Test(store_safety, survives_a_kill_at_any_time, .init = begin, .fini = remove_folder) {
    int64_t n = 0;
    for (int round = 0; round < 8; round++) {
        Writer writer = writer_start(n);
        writer_await(&writer, 'b');
        writer_await(&writer, 's');
        wait_for(0.0037 * round);
        writer_kill(&writer);
        int64_t n_read = count_whole(open_store(STORE_READ));
        cr_assert_geq(n_read, n + 3);
        n = count_whole(open_store(STORE_WRITE));
        cr_assert_eq(n, n_read);
        cr_assert_eq(count_files("*"), 1);
    }
}

/* There is no store, or a whole one; and the next writer leaves one plain file, which is removed.
 */
static void expect_none_or_whole(void) {
    Store *store;
    Error error = {0};
    int64_t n = 0;
    if (store_open(&store, path, STORE_READ, &error))
        n = count_whole(store);
    else
        cr_assert(strstr(error.text, "x.db: No such file"), "%s", error.text);
    cr_assert_eq(count_whole(open_store(STORE_WRITE)), n);
    store = open_store(STORE_WRITE);
    for (int i = 0; i < 3; i++)
        add(store, n + i, 1);
    close_store(store);
    cr_assert_eq(count_whole(open_store(STORE_READ)), n + 3);
    cr_assert_eq(count_files("*"), 1);
    cr_assert_eq(unlink(path), 0);
}

/* Kills spread over the time that it takes to make the store and fill in the first runs, and a
 * little beyond. */
Test(store_safety, survives_a_kill_while_it_is_made, .init = begin, .fini = remove_folder) {
    enum { N_ROUNDS = 48 };
    Writer writer = writer_start(0);
    writer_await(&writer, 'b');
    double begun = clock_wall();
    writer_await(&writer, 's');
    double seconds = clock_wall() - begun;
    writer_kill(&writer);
    expect_none_or_whole();
    for (int round = 0; round < N_ROUNDS; round++) {
        writer = writer_start(0);
        writer_await(&writer, 'b');
        wait_for(1.2 * seconds * round / N_ROUNDS);
        writer_kill(&writer);
        expect_none_or_whole();
    }
}
