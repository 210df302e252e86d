/* The marks of its changes that a run has when it opens. */
#include "render/runs/live_internal.h"
#include "render/runs/marks.h"
#include "render/runs/survey.h"

void live_mark_changes(LiveRun *run, const char *begins) {
    const Phase *phases = run->followed.phases;
    int before = 0;
    int64_t next = begins ? marks_next(&begins) : -1;
    for (int i = 1; i < run->followed.n_phases; i++) {
        bool is_first = !begins || phases[i].step == next;
        if (is_first)
            before = i - 1;
        if (is_first && begins)
            next = marks_next(&begins);
        const char *text = survey_change(phases[before].settings, phases[i].settings, &run->worlds);
        if (is_first || !history_change_mark(run->history, TIME_CHANGE, phases[i].step, text))
            history_add_mark(run->history, phases[i].step, TIME_CHANGE, text);
    }
}
