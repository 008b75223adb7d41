/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* points.c - what may be asked about, and the asking: one look at the points as they stand, then as many with
 * kinds and weights dealt out anew, on several threads. */
#include "territory/points.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "number/checked.h"
#include "random/random.h"
#include "territory/envelopes.h"
#include "territory/statistics.h"

/* --- checks ---------------------------------------------------------------------------------------- */

struct window window_of(const struct points *p)
{
    struct window w = {.x0 = p->x[0], .y0 = p->y[0], .x1 = p->x[0], .y1 = p->y[0]};
    for (size_t i = 1; i < p->count; i++)
        w = (struct window){.x0 = fmin(w.x0, p->x[i]),
                            .y0 = fmin(w.y0, p->y[i]),
                            .x1 = fmax(w.x1, p->x[i]),
                            .y1 = fmax(w.y1, p->y[i])};
    return w;
}

static struct fault *check_radii(struct radii radii)
{
    if (!radii.count)
        return fault(FAULT_INVALID, "No radius is given.");
    if (radii.count > LIMIT_RADII)
        return fault(FAULT_LIMIT, "At most %d radii.", LIMIT_RADII);
    for (size_t k = 0; k < radii.count; k++)
        if (!isfinite(radii.at[k]) || radii.at[k] < 0 || (k && radii.at[k] <= radii.at[k - 1]))
            return fault(FAULT_INVALID, "Radius %zu: radii are numbers from 0 on that grow.", k + 1);
    return NULL;
}

/* Beyond them squares and sums are no numbers any more. */
static const double FARTHEST = 1e12, HEAVIEST = 1e100;

struct fault *points_check(const struct points *p, struct radii radii, const struct window *w)
{
    TRY(check_radii(radii));
    if (!p->count)
        return fault(FAULT_INVALID, "There are no points.");
    for (size_t i = 0; i < p->count; i++) {
        if (!(fabs(p->x[i]) <= FARTHEST) || !(fabs(p->y[i]) <= FARTHEST))
            return fault(FAULT_INVALID, "Point %zu has no place.", i + 1);
        if (p->weight && !(p->weight[i] >= 0 && p->weight[i] <= HEAVIEST))
            return fault(FAULT_INVALID, "Point %zu: a weight is a number from 0 on.", i + 1);
        if (p->kind[i] < 0 || p->kind[i] >= p->kinds)
            return fault(FAULT_INVALID, "Point %zu is of no kind.", i + 1);
        if (w && !window_holds(w, p->x[i], p->y[i]))
            return fault(FAULT_INVALID, "Point %zu is outside the window.", i + 1);
    }
    return NULL;
}

static struct fault *check_request(const struct concentration_request *q)
{
    bool windowed = q->statistic == STATISTIC_K || q->statistic == STATISTIC_L;
    TRY(points_check(q->points, q->radii, windowed ? &q->window : NULL));
    if (windowed && !(window_area(&q->window) > 0))
        return fault(FAULT_INVALID, "The window has no area.");
    if (windowed && q->window.corners && q->edge == EDGE_TRANSLATION)
        return fault(FAULT_INVALID, "Translation corrects for rectangles only.");
    for (size_t s = 0; s < q->of_count; s++)
        if (q->of[s] >= q->points->kinds)
            return fault(FAULT_INVALID, "Kind %d is not among the points.", (int)q->of[s]);
    if (q->simulations < 0 || !(q->confidence > 0 && q->confidence < 1))
        return fault(FAULT_INVALID, "Simulations are a number from 0 on, confidence lies between 0 and 1.");
    return NULL;
}

/* --- simulations ----------------------------------------------------------------------------------- */

struct work {
    const struct concentration_request *q;
    const struct statistics *prepared;
    double *values; /* simulations × of_count × radii */
    atomic_int next, done;
    atomic_bool stopped;
    struct fault refused; /* why, if was_refused */
    bool was_refused;
    pthread_mutex_t telling;
};

static void *simulate(void *thing)
{
    struct work *w = thing;
    size_t cells = w->q->of_count * w->q->radii.count;
    struct arena *own = arena_new(LIMIT_COMMAND_MEMORY);
    struct statistics_room *room = statistics_room(own, w->prepared);
    for (int s; !atomic_load(&w->stopped) && (s = atomic_fetch_add(&w->next, 1)) < w->q->simulations;) {
        struct random random =
            random_seeded(w->q->seed, (uint64_t)s + 1); /* its own: threads change nothing */
        struct fault *refused = statistics_deal(w->prepared, room, &random);
        if (refused) {
            (void)pthread_mutex_lock(&w->telling);
            w->refused = *refused;
            w->was_refused = true;
            (void)pthread_mutex_unlock(&w->telling);
            atomic_store(&w->stopped, true);
            break;
        }
        statistics_look(w->prepared, room, w->values + (size_t)s * cells);
        (void)pthread_mutex_lock(&w->telling);
        int done = atomic_fetch_add(&w->done, 1) + 1;
        if (w->q->go_on && !w->q->go_on(w->q->with, done, w->q->simulations))
            atomic_store(&w->stopped, true);
        (void)pthread_mutex_unlock(&w->telling);
    }
    arena_free(own);
    return NULL;
}

static int threads_for(const struct concentration_request *q)
{
    enum { MOST = 64 };
    long wanted = q->threads > 0 ? q->threads : sysconf(_SC_NPROCESSORS_ONLN);
    if (wanted > q->simulations)
        wanted = q->simulations;
    return wanted < 1 ? 1 : wanted > MOST ? MOST : (int)wanted;
}

/* A thread that cannot be started is one less: this one works too. */
static struct fault *simulate_all(struct work *w)
{
    pthread_t helpers[64];
    int started = 0, wanted = threads_for(w->q) - 1;
    while (started < wanted && pthread_create(&helpers[started], NULL, simulate, w) == 0)
        started++;
    (void)simulate(w);
    for (int t = 0; t < started; t++)
        (void)pthread_join(helpers[t], NULL);
    return w->was_refused ? fault_again(&w->refused) : NULL;
}

struct fault *concentration(struct arena *a, const struct concentration_request *q, struct concentration *out)
{
    struct statistics *prepared = NULL;
    size_t cells = q->of_count * q->radii.count;
    double **answers[] = {&out->value, &out->low, &out->high, &out->global_low, &out->global_high};
    TRY(check_request(q));
    TRY(statistics_prepare(a, q, &prepared));
    *out = (struct concentration){.p = q->simulations ? NEW(a, double, q->of_count + 1) : NULL};
    for (size_t i = 0; i < COUNT(answers); i++) {
        *answers[i] = NEW(a, double, cells + 1);
        for (size_t k = 0; k < cells; k++)
            (*answers[i])[k] = UNKNOWN_REAL;
    }
    struct statistics_room *room = statistics_room(a, prepared);
    statistics_look(prepared, room, out->value);
    if (!q->simulations)
        return arena_check(a);
    struct work w = {.q = q,
                     .prepared = prepared,
                     .values = NEW(a, double, (size_t)q->simulations *cells),
                     .telling = PTHREAD_MUTEX_INITIALIZER};
    TRY(simulate_all(&w));
    out->simulations = atomic_load(&w.done); /* from the first on: none is left that was begun */
    envelopes(q, w.values, out);
    return arena_check(a);
}
