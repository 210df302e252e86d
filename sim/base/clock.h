/* Time: seconds since some fixed moment. */
#ifndef SUPERPOSE_BASE_CLOCK_H
#define SUPERPOSE_BASE_CLOCK_H

/** Seconds of a clock that never jumps. */
double clock_wall(void);

/** Seconds of processor time of the whole program, all threads added. */
double clock_cpu(void);

/** Seconds of processor time of the calling thread. */
double clock_thread_cpu(void);

#endif
