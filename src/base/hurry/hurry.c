/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "hurry/hurry.h"

#include "clock/clock.h"

static _Thread_local struct {
    int64_t until_us; /* monotonic; 0: no hurry */
    bool refused;
} hurry;

void hurry_begin(int64_t most_us)
{
    hurry.until_us = monotonic_us() + most_us;
    hurry.refused = false;
}

bool hurry_end(void)
{
    bool good = !hurry.refused;
    hurry.until_us = 0;
    hurry.refused = false;
    return good;
}

bool may_wait(void)
{
    hurry.refused |= hurry.until_us != 0;
    return hurry.until_us == 0;
}

bool hurry_is_over(void)
{
    if (hurry.until_us == 0 || monotonic_us() <= hurry.until_us)
        return false;
    hurry.refused = true;
    return true;
}

bool hurry_refused(void)
{
    return hurry.refused;
}

struct fault *hurry_fault(void)
{
    return fault(FAULT_LIMIT, "The server cannot answer now. Please try again in a moment.");
}
