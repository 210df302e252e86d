#include "sim/experiment/session.h"

#include "sim/base/clock.h"

bool session_is_stopped(const Session *session) {
    return atomic_load(session->stop) != 0 || session->is_broken;
}

bool session_commit(Session *session, Error *error) {
    session->committed_at = clock_wall();
    return store_commit(session->store, error) && store_begin(session->store, error);
}

void session_break_off(Session *session, const Error *error) {
    if (!session->is_broken)
        *session->error = *error;
    session->is_broken = true;
}
