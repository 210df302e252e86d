/* Live: runs that train while somebody watches. They have threads of their own, and are told only
 * how far they may go; what they have become is copied to Histories whenever live_collect asks.
 *
 *     training thread   advance by slices → Mailbox of each run (the latest wins) → events
 *     drawing thread    live_allow, live_set …                    live_collect → History
 *
 * What a run computes does not depend on the speed, nor on how often it is looked at. */
#ifndef SUPERPOSE_RENDER_RUNS_LIVE_H
#define SUPERPOSE_RENDER_RUNS_LIVE_H

#include "render/runs/keep.h"
#include "sim/experiment/experiment.h"

typedef struct Live Live;

enum { LIVE_MOST_RUNS = 64 };

/* What is to be trained, and with what. */
typedef struct LiveRuns {
    const Experiment *experiment;
    const int64_t *numbers;   /* [n] of its runs */
    const char *const *names; /* [n] markup, "" where a run is the only one */
    int n;                    /* 1 to LIVE_MOST_RUNS */
    int n_threads;
    Isa isa;
    size_t most_bytes;    /* that all histories may take */
    KeptRun *const *kept; /* [n]: where a run goes on from; an entry NULL: from its start */
} LiveRuns;

/** Opens the runs at their start, or where they were left, with nothing allowed yet, and starts the
 * thread that trains them. */
bool live_open(Live **live, const LiveRuns *runs, Error *error);

/** Ends the training where it is, and brings the last of it into the histories. */
void live_stop(Live *live);

/** Lets it go on after live_stop; nothing happens where it does. */
bool live_go_on(Live *live, Error *error);

/** Trains one more run of the experiment, the guest, as run [n], in place of the one that may be
 * there, of which nobody may still read what live_left gave. It comes to where the others are in
 * about two seconds, so that it has a past. `kept` as in LiveRuns. Fails without a guest; the
 * others train on. */
bool live_invite(Live *live, int64_t number, const char *name, const KeptRun *kept, Error *error);

/** Whether somebody has changed the run: then it is none of the experiment's any more. */
bool live_is_touched(const Live *live, int i);

/** How many runs there are. */
int live_n(const Live *live);

/** Has the training thread copy all runs as they are between two slices. Fails where memory is
 * short. */
bool live_ask_left(Live *live, Error *error);

/** The runs [live_n] as they were when live_ask_left was followed, without moments, until it is
 * asked again; NULL: it is still to be. After live_stop, the runs themselves as they were then. */
const LeftRun *live_left(Live *live);

/** Stops and frees it; NULL is allowed. */
void live_close(Live *live);

/** What held in a run at its first step. */
const Settings *live_settings_first(const Live *live, int i);

/** What holds in a run now, as far as live_collect has told. */
const Settings *live_settings_now(const Live *live, int i);

/** What is known of a run; live_collect adds to it. */
History *live_history(const Live *live, int i);

/** Lets all runs train until `step` steps are done, and no further; to be asked every frame, since
 * a guest comes there by parts. */
void live_allow(Live *live, int64_t step);

/** Steps that the run has done; its history may be a frame behind. */
int64_t live_step(const Live *live, int i);

/** The step at which a run ends by itself. */
int64_t live_n_steps(const Live *live, int i);

/* A setting (a live one, by its dotted key) and its new value, as in a config. */
typedef struct LiveTouch {
    const char *key, *value;
    int drag;        /* any number: another one for another drag */
    int64_t n_steps; /* the run then ends there, which may be beyond its end; 0: where it did */
} LiveTouch;

/** From its next step on, the run trains with this setting. Takes effect within a frame:
 * live_collect then tells the history, with one mark for all touches of the same drag. What does
 * not go is told by live_trouble. */
void live_touch(Live *live, int i, const LiveTouch *touch);

/** Lets a run train on until n_steps, also beyond its end. */
void live_extend(Live *live, int i, int64_t n_steps);

/** Whether a touch could not be since this was asked last, and why. */
bool live_trouble(Live *live, Error *trouble);

/** A config that trains the run to that step, with all that was changed before it. */
void live_print(Live *live, int i, int64_t step, Text *text);

/** Waits until every run has come to what is allowed, or its end. */
void live_wait(Live *live);

/** Brings what is new into the histories; *is_new tells whether anything was. Fails where memory is
 * short. */
bool live_collect(Live *live, bool *is_new, Error *error);

#endif
