/* Being asked to stop. The flag and the handler are main's, which alone may have them; what both
 * programs do with signals is here. */
#ifndef SUPERPOSE_BASE_STOP_H
#define SUPERPOSE_BASE_STOP_H

#include <stdatomic.h>
#include <stdbool.h>

/** Calls the handler at SIGINT and SIGTERM, with `has_hangup` at SIGHUP too unless it is ignored
 * (as nohup leaves it); SIGPIPE is ignored: a write that fails says why. */
void stop_listen(void (*handler)(int signal_number), bool has_hangup);

/** What the handler does: the first signal sets the flag, for an orderly end; the second ends the
 * program at once, but SIGHUP never does: a terminal that goes sends it more than once, first
 * itself and then by its shell. */
void stop_take(atomic_int *stop, int signal_number);

#endif
