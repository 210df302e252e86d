#include "sim/base/stop.h"

#include <signal.h>
#include <stddef.h>

void stop_listen(void (*handler)(int signal_number), bool has_hangup) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (has_hangup && signal(SIGHUP, SIG_IGN) != SIG_IGN)
        sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void stop_take(atomic_int *stop, int signal_number) {
    if (atomic_fetch_add(stop, 1) > 0 && signal_number != SIGHUP) {
        signal(signal_number, SIG_DFL);
        raise(signal_number);
    }
}
