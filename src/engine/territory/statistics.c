/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "territory/statistics.h"

#include <math.h>
#include <string.h>

#include "arena/arena.h"
#include "number/checked.h"
#include "random/random.h"
#include "territory/kernel.h"

struct dealt {
    double weight;
    int32_t kind;
};

struct statistics {
    const struct concentration_request *q;
    size_t count; /* points that count: M leaves those without weight out */
    const double *x, *y;
    const struct dealt *stands; /* as the points stand */
    const double *of_kind;      /* weights of each kind, which no deal changes */
    const int32_t *slot;        /* of each kind among those asked about; -1: not asked */
    double weight;
    struct neighbours near;
    const double *edges; /* of each pair; NULL: 1 */
};

struct statistics_room {
    struct dealt *at;
    bool simulated;
    struct neighbours near; /* of points that fell anywhere */
    const double *edges;
    struct arena *fallen; /* holds them; NULL while the points stand */
};

static void free_fallen(void *thing)
{
    struct statistics_room *room = thing;
    if (room->fallen)
        arena_free(room->fallen);
}

static bool plane(const struct concentration_request *q)
{
    return q->statistic == STATISTIC_K || q->statistic == STATISTIC_L;
}

/* --- edges ----------------------------------------------------------------------------------------- */

static double edge_of(const struct concentration_request *q, double x, double y, double to_x, double to_y)
{
    const double most = 100; /* a pair counts for no more, as in spatstat */
    double width = q->window.x1 - q->window.x0, height = q->window.y1 - q->window.y0;
    double share = 1, distance = hypot(to_x - x, to_y - y);
    if (q->edge == EDGE_ISOTROPIC && distance > 0)
        share = window_circle(&q->window, x, y, distance);
    else if (q->edge == EDGE_TRANSLATION)
        share = (width - fabs(to_x - x)) * (height - fabs(to_y - y)) / (width * height);
    return share * most > 1 ? 1 / share : most;
}

/* --- prepared -------------------------------------------------------------------------------------- */

static struct fault *find_pairs(struct arena *a, const struct concentration_request *q, const double *x,
                                const double *y, size_t count, struct neighbours *near, const double **edges)
{
    TRY(neighbours_find(a, x, y, count, q->radii, near));
    *edges = NULL;
    if (!plane(q) || q->edge == EDGE_NONE)
        return NULL;
    double *shares = NEW(a, double, neighbours_from(near, count, 0) + 1);
    for (size_t i = 0; i < count; i++)
        for (size_t p = neighbours_from(near, i, 0); p < neighbours_from(near, i, q->radii.count); p++) {
            int32_t from = near->place[i], to = near->place[near->near[p]];
            shares[p] = edge_of(q, x[from], y[from], x[to], y[to]);
        }
    *edges = shares;
    return NULL;
}

struct fault *statistics_prepare(struct arena *a, const struct concentration_request *q,
                                 struct statistics **out)
{
    const struct points *p = q->points;
    struct statistics *s = *out = NEW(a, struct statistics, 1);
    double *x = NEW(a, double, p->count), *y = NEW(a, double, p->count);
    double *of_kind = NEW(a, double, p->kinds + 1);
    struct dealt *stands = NEW(a, struct dealt, p->count), *sorted = NEW(a, struct dealt, p->count);
    int32_t *slot = NEW(a, int32_t, p->kinds + 1);
    *s = (struct statistics){.q = q, .x = x, .y = y, .stands = sorted, .of_kind = of_kind, .slot = slot};
    for (size_t i = 0; i < p->count; i++) {
        double weight = p->weight ? p->weight[i] : 1;
        if (q->statistic == STATISTIC_M && weight == 0)
            continue;
        x[s->count] = p->x[i];
        y[s->count] = p->y[i];
        stands[s->count++] = (struct dealt){weight, p->kind[i]};
        of_kind[p->kind[i]] += weight;
        s->weight += weight;
    }
    for (int32_t k = 0; k < p->kinds; k++)
        slot[k] = -1;
    for (size_t k = 0; k < q->of_count; k++)
        if (q->of[k] >= 0)
            slot[q->of[k]] = (int32_t)k;
    if (q->statistic == STATISTIC_KD) {
        memcpy(sorted, stands, s->count * sizeof *sorted);
        return NULL;
    }
    TRY(find_pairs(a, q, x, y, s->count, &s->near, &s->edges));
    for (size_t i = 0; i < s->count; i++)
        sorted[i] = stands[s->near.place[i]];
    return NULL;
}

struct statistics_room *statistics_room(struct arena *a, const struct statistics *s)
{
    struct statistics_room *room = NEW(a, struct statistics_room, 1);
    *room = (struct statistics_room){
        .at = NEW(a, struct dealt, s->count + 1), .near = s->near, .edges = s->edges};
    arena_defer(a, free_fallen, room);
    if (s->count)
        memcpy(room->at, s->stands, s->count * sizeof *room->at);
    return room;
}

/* --- deals ----------------------------------------------------------------------------------------- */

/* Points that fall anywhere in the window: their pairs are found anew. */
static struct fault *scatter(const struct statistics *s, struct statistics_room *room, struct random *random)
{
    const struct window *w = &s->q->window;
    if (room->fallen)
        arena_free(room->fallen);
    room->fallen = arena_new(LIMIT_COMMAND_MEMORY);
    double *x = NEW(room->fallen, double, s->count), *y = NEW(room->fallen, double, s->count);
    for (size_t i = 0; i < s->count; i++) {
        do { /* a polygon takes up at least some of its box */
            x[i] = w->x0 + random_unit(random) * (w->x1 - w->x0);
            y[i] = w->y0 + random_unit(random) * (w->y1 - w->y0);
        } while (!window_holds(w, x[i], y[i]));
    }
    return find_pairs(room->fallen, s->q, x, y, s->count, &room->near, &room->edges);
}

struct fault *statistics_deal(const struct statistics *s, struct statistics_room *room, struct random *random)
{
    room->simulated = true;
    if (plane(s->q) && s->q->of[0] == EVERY_POINT)
        return scatter(s, room, random);
    memcpy(room->at, s->stands, s->count * sizeof *room->at);
    for (size_t i = s->count; i > 1; i--) { /* Fisher and Yates */
        size_t other = (size_t)random_below(random, i);
        struct dealt held = room->at[i - 1];
        room->at[i - 1] = room->at[other];
        room->at[other] = held;
    }
    return NULL;
}

/* --- looks ----------------------------------------------------------------------------------------- */

/* Weights around a point up to each neighbour in turn: of all, and of the kind looked for. One loop over all
 * rings, since so many short ones would cost more than their sums. */
struct around {
    double all, same;
};

static void sum_around(const struct statistics *s, const struct dealt *at, size_t i, int32_t wanted,
                       struct around *sums)
{
    struct around sum = {0, 0};
    *sums++ = sum;
    for (size_t p = neighbours_from(&s->near, i, 0); p < neighbours_from(&s->near, i, s->near.radii); p++) {
        struct dealt other = at[s->near.near[p]];
        sum.all += other.weight;
        sum.same += other.kind == wanted ? other.weight : 0;
        *sums++ = sum;
    }
}

static size_t most_neighbours(const struct neighbours *near)
{
    size_t most = 0;
    for (size_t i = 0; i < near->count; i++) {
        size_t found = neighbours_from(near, i, near->radii) - neighbours_from(near, i, 0);
        most = found > most ? found : most;
    }
    return most;
}

static void look_m(const struct statistics *s, const struct statistics_room *room, double *values)
{
    size_t radii = s->q->radii.count, cells = s->q->of_count * radii;
    ARENA_SCOPE(work);
    double *expected = NEW(work, double, cells + 1);
    struct around *sums = NEW(work, struct around, most_neighbours(&s->near) + 1);
    memset(values, 0, cells * sizeof *values);
    for (size_t i = 0; i < s->count; i++) {
        struct dealt here = room->at[i];
        int32_t slot = s->slot[here.kind], wanted = s->q->near < 0 ? here.kind : s->q->near;
        if (slot < 0)
            continue;
        double others =
            (s->of_kind[wanted] - (wanted == here.kind ? here.weight : 0)) / (s->weight - here.weight);
        sum_around(s, room->at, i, wanted, sums);
        for (size_t k = 0; k < radii; k++) {
            struct around sum = sums[neighbours_from(&s->near, i, k + 1) - neighbours_from(&s->near, i, 0)];
            if (sum.all > 0) {
                values[(size_t)slot * radii + k] += sum.same / sum.all;
                expected[(size_t)slot * radii + k] += others;
            }
        }
    }
    for (size_t k = 0; k < cells; k++)
        values[k] = expected[k] > 0 ? values[k] / expected[k] : UNKNOWN_REAL;
}

static bool is_of(struct dealt point, int32_t kind)
{
    return kind == EVERY_POINT || point.kind == kind;
}

static void look_k(const struct statistics *s, const struct statistics_room *room, double *values)
{
    size_t radii = s->q->radii.count;
    int32_t of = s->q->of[0], wanted = s->q->near < 0 ? of : s->q->near;
    double centres = 0, targets = 0, sum = 0, area = window_area(&s->q->window);
    memset(values, 0, radii * sizeof *values);
    for (size_t i = 0; i < s->count; i++) {
        centres += is_of(room->at[i], of);
        targets += is_of(room->at[i], wanted);
        for (size_t k = 0; is_of(room->at[i], of) && k < radii; k++)
            for (size_t p = neighbours_from(&room->near, i, k); p < neighbours_from(&room->near, i, k + 1);
                 p++)
                if (is_of(room->at[room->near.near[p]], wanted))
                    values[k] += room->edges ? room->edges[p] : 1;
    }
    double pairs = centres * (targets - (of == wanted));
    for (size_t k = 0; k < radii; k++) {
        sum += values[k];
        values[k] = pairs > 0 ? area * sum / pairs : UNKNOWN_REAL;
        if (s->q->statistic == STATISTIC_L)
            values[k] = sqrt(values[k] / M_PI) - s->q->radii.at[k];
    }
}

/* Sites of the two kinds, then the kernel over their distances: as they are, or in fine steps for the
 * thousandth time. */
static void look_kd(const struct statistics *s, const struct statistics_room *room, double *values)
{
    int32_t of = s->q->of[0], wanted = s->q->near < 0 ? of : s->q->near;
    ARENA_SCOPE(work);
    struct kernel_sites sites[2] = {kernel_sites_new(work, s->count), kernel_sites_new(work, s->count)};
    for (size_t i = 0; i < s->count; i++) {
        if (is_of(room->at[i], of))
            kernel_sites_add(&sites[0], s->x[i], s->y[i], room->at[i].weight);
        if (of != wanted && is_of(room->at[i], wanted))
            kernel_sites_add(&sites[1], s->x[i], s->y[i], room->at[i].weight);
    }
    kernel_density(work, &sites[0], of == wanted ? NULL : &sites[1], s->q->radii,
                   s->q->points->weight != NULL, room->simulated, values);
}

void statistics_look(const struct statistics *s, struct statistics_room *room, double *values)
{
    if (s->q->statistic == STATISTIC_M)
        look_m(s, room, values);
    else if (s->q->statistic == STATISTIC_KD)
        look_kd(s, room, values);
    else
        look_k(s, room, values);
}
