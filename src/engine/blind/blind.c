/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "blind/blind.h"

#include <stdbool.h>
#include <string.h>

#include "arena/arena.h"

const struct blind_rung blind_rungs[BLIND_RUNGS] = {
    {BLIND_NEAR, BLIND_EXACT},      {BLIND_FAR, BLIND_EXACT},   {BLIND_FAR, BLIND_BROADER},
    {BLIND_NOWHERE, BLIND_BROADER}, {BLIND_NOWHERE, BLIND_TOP}, {BLIND_NOWHERE, BLIND_NOTHING}};

/* What the card of the firm would say of the place on this rung; -1: it has no card there. */
static int place_on(const struct blind_firm *f, const struct blind_rung *rung)
{
    return rung->place == BLIND_NEAR ? f->near : rung->place == BLIND_FAR ? f->far : 0;
}

static size_t places_in(const struct blind_firm *firms, size_t count)
{
    int most = 0;
    for (size_t i = 0; i < count; i++) {
        most = firms[i].near > most ? firms[i].near : most;
        most = firms[i].far > most ? firms[i].far : most;
    }
    return (size_t)most + 1;
}

struct blind_choice blind_choose(struct arena *a, const struct blind_firm *firms, size_t count, size_t author,
                                 size_t least)
{
    size_t places = places_in(firms, count), *there = NEW(a, size_t, places);
    bool *settled = NEW(a, bool, count + 1);
    struct blind_choice choice = {.rung = BLIND_RUNGS};
    for (int r = 0; r < BLIND_RUNGS; r++) {
        const struct blind_rung *rung = &blind_rungs[r];
        memset(there, 0, places * sizeof *there);
        for (size_t i = 0; i < count; i++) {
            int place = place_on(&firms[i], rung);
            if (!settled[i] && place >= 0 && firms[i].fits <= rung->words)
                there[place]++;
        }
        int at = place_on(&firms[author], rung);
        choice.plausible = at >= 0 ? there[at] : 0;
        if (at >= 0 && there[at] >= least) {
            choice.rung = r;
            return choice;
        }
        for (size_t i = 0; i < count; i++) {
            int place = place_on(&firms[i], rung);
            settled[i] = settled[i] || (place >= 0 && there[place] >= least);
        }
    }
    return choice;
}

/* The largest step that is not above `value`, or the smallest above it. */
static int64_t step_at(int64_t value, bool above, bool coarse)
{
    static const int fine[] = {1, 2, 5, 10}, whole[] = {1, 10};
    const int *steps = coarse ? whole : fine;
    int count = coarse ? 2 : 4;
    int64_t decade = 1;
    while (value / decade >= 10)
        decade *= 10;
    int k = 0;
    while (k + 1 < count && steps[k + 1] <= value / decade)
        k++;
    if (!above)
        return steps[k] * decade;
    int64_t next = steps[k + 1];
    return next > INT64_MAX / decade ? INT64_MAX : next * decade;
}

void blind_band(int64_t *lo, int64_t *hi, int coarse)
{
    if (*lo > 0)
        *lo = step_at(*lo, false, coarse != 0);
    if (*hi > 0)
        *hi = step_at(*hi, true, coarse != 0);
}
