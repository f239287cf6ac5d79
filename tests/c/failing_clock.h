/* Clocks of the whole program that fail when they are told to. In place of libc's own functions. */
#ifndef FAILING_CLOCK_H
#define FAILING_CLOCK_H

#include <sys/syscall.h>
#include <time.h>

#include "fault.h"

static struct fault clock_fault;

/* Rust's standard library panics where a clock can't be read: the one panic that can be had in many places. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (strikes(&clock_fault)) {
        errno = EINVAL;
        return -1;
    }
    return (int)syscall(SYS_clock_gettime, clock, time);
}

#endif
