/* Something that fails when it is told to. */
#ifndef FAULT_H
#define FAULT_H

#include <errno.h>
#include <limits.h>

#include "check.h"

/* When it fails. Never while `at` is 0. */
struct fault {
    long at;     /* from which time on, counted from 1 */
    long last;   /* up to which */
    long count;  /* how many times there were */
    bool struck; /* whether it has failed */
};

static inline bool strikes(struct fault *fault)
{
    if (fault->at == 0 || ++fault->count < fault->at || fault->count > fault->last) {
        return false;
    }
    return fault->struck = true;
}

#endif
