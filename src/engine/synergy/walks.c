/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "synergy/walks.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "arena/arena.h"

struct fault *walks_new(struct arena *a, const struct hypergraph *h, struct group_law law, struct walks **out)
{
    struct walks *w = NEW(a, struct walks, 1);
    *w = (struct walks){.h = h,
                        .closeness = NEW(a, double, h->partners_of[h->members] + 1),
                        .strength = NEW(a, double, h->members + 1),
                        .group_weight = NEW(a, double, h->groups + 1),
                        .reach = NEW(a, double, h->members + 1),
                        .own = NEW(a, double, h->members + 1)};
    for (int v = 0; v < h->members; v++)
        for (size_t i = h->partners_of[v]; i < h->partners_of[v + 1]; i++) {
            w->closeness[i] = log1p(h->together[i]);
            w->strength[v] += w->closeness[i];
        }
    group_weights(h, law, w->group_weight, w->reach, w->own);
    *out = w;
    return arena_check(a);
}

struct start start_new(struct arena *a, const struct walks *w, int member, const int *contact,
                       size_t contacts)
{
    const struct hypergraph *h = w->h;
    size_t count = partners_count(h, member), first = h->partners_of[member];
    struct start s = {member, h->partner + first, w->closeness + first, count, contact, contacts};
    if (!contacts)
        return s;
    int *all = NEW(a, int, count + contacts), *together = NEW(a, int, count + contacts);
    double *closeness = NEW(a, double, count + contacts);
    for (size_t i = 0; i < count; i++) {
        all[i] = h->partner[first + i];
        together[i] = h->together[first + i];
    }
    for (size_t c = 0; c < contacts; c++) {
        size_t at = 0;
        while (at < count && all[at] != contact[c])
            at++;
        all[at] = contact[c];
        together[at]++;
        count += at == count;
    }
    for (size_t i = 0; i < count; i++)
        closeness[i] = log1p(together[i]);
    return (struct start){member, all, closeness, count, contact, contacts};
}

struct walk_room walk_room_new(struct arena *a, const struct hypergraph *h)
{
    return (struct walk_room){.reached = NEW(a, struct reached, h->members + 1),
                              .flow = NEW(a, double, h->members + 1),
                              .onward = NEW(a, double, h->members + 1),
                              .of_group = NEW(a, double, h->groups + 1),
                              .started = NEW(a, bool, h->members + 1)};
}

/* --- paths over partners ------------------------------------------------------------------------------ */

/* ways_y = sum_z c_uz c_zy / sqrt(C_z C_y). */
void walk_begin(const struct walks *w, struct walk_room *room, struct start s)
{
    const struct hypergraph *h = w->h;
    for (size_t k = 0; k < s.count; k++) {
        int z = s.member[k];
        double part = w->strength[z] > 0 ? s.closeness[k] / sqrt(w->strength[z]) : 0;
        room->started[z] = true;
        for (size_t i = h->partners_of[z]; i < h->partners_of[z + 1]; i++) {
            int y = h->partner[i];
            struct reached *r = &room->reached[y];
            double here = part * w->closeness[i] / sqrt(w->strength[y]);
            r->ways += here;
            if (here > r->most) {
                r->most = here;
                r->first = z;
            }
        }
    }
}

void walk_end(const struct walks *w, struct walk_room *room, struct start s)
{
    const struct hypergraph *h = w->h;
    for (size_t k = 0; k < s.count; k++) {
        room->started[s.member[k]] = false;
        for (size_t i = h->partners_of[s.member[k]]; i < h->partners_of[s.member[k] + 1]; i++)
            room->reached[h->partner[i]] = (struct reached){0};
    }
}

static void arrive(const struct walks *w, const struct walk_room *room, const int *candidates, size_t n,
                   const struct walked *out)
{
    const struct hypergraph *h = w->h;
    for (size_t c = 0; c < n; c++) {
        int x = candidates[c];
        double paths = 0;
        for (size_t i = h->partners_of[x]; i < h->partners_of[x + 1]; i++)
            paths += room->reached[h->partner[i]].ways * w->closeness[i];
        out->paths[c] = paths;
    }
}

int walk_shared(const struct walks *w, const struct walk_room *room, int x, int *named, int most)
{
    const struct hypergraph *h = w->h;
    int count = 0;
    for (size_t i = h->partners_of[x]; i < h->partners_of[x + 1]; i++) {
        int z = h->partner[i], at = count < most ? count : most;
        if (!room->started[z])
            continue;
        count++;
        for (; at > 0 && partners_count(h, named[at - 1]) > partners_count(h, z); at--)
            if (at < most)
                named[at] = named[at - 1];
        if (at < most)
            named[at] = z;
    }
    return count;
}

bool walk_best(const struct walks *w, const struct walk_room *room, int x, struct step_pair *best)
{
    const struct hypergraph *h = w->h;
    double most = 0;
    *best = (struct step_pair){-1, -1};
    for (size_t i = h->partners_of[x]; i < h->partners_of[x + 1]; i++) {
        const struct reached *r = &room->reached[h->partner[i]];
        if (r->ways * w->closeness[i] > most) {
            most = r->ways * w->closeness[i];
            *best = (struct step_pair){r->first, h->partner[i]};
        }
    }
    return best->first >= 0;
}

/* --- flow over groups --------------------------------------------------------------------------------- */

/* Of each group: its weight times what its members hold, each by its share. */
static void gather(const struct walks *w, const double *from, double *of_group)
{
    const struct hypergraph *h = w->h;
    for (int g = 0; g < h->groups; g++) {
        double sum = 0;
        for (size_t i = h->members_of[g]; i < h->members_of[g + 1]; i++)
            sum += h->part[i] * from[h->member[i]];
        of_group[g] = w->group_weight[g] * sum;
    }
}

/* What one member has of it: (W from)_x. */
static double receive(const struct walks *w, const double *from, const double *of_group, int x)
{
    const struct hypergraph *h = w->h;
    double sum = 0;
    for (size_t i = h->groups_of[x]; i < h->groups_of[x + 1]; i++)
        sum += h->share[i] * of_group[h->group[i]];
    return sum - w->own[x] * from[x];
}

/* What the start's groups hold of a unit at the member, over their reach: D^-1 W e_u. */
static void flow_from(const struct walks *w, struct start s, double *flow)
{
    const struct hypergraph *h = w->h;
    for (size_t i = h->groups_of[s.of]; i < h->groups_of[s.of + 1]; i++)
        for (size_t k = h->members_of[h->group[i]]; k < h->members_of[h->group[i] + 1]; k++)
            flow[h->member[k]] += w->group_weight[h->group[i]] * h->share[i] * h->part[k];
    for (size_t c = 0; c < s.contacts; c++)
        flow[s.contact[c]] += 1;
    flow[s.of] = 0;
    for (size_t k = 0; k < s.count; k++)
        flow[s.member[k]] = w->reach[s.member[k]] > 0 ? flow[s.member[k]] / w->reach[s.member[k]] : 0;
}

static void flow_on(const struct walks *w, struct walk_room *room, struct start s, const int *candidates,
                    size_t n, const struct walked *out)
{
    const struct hypergraph *h = w->h;
    flow_from(w, s, room->flow);
    gather(w, room->flow, room->of_group);
    for (int v = 0; v < h->members; v++)
        room->onward[v] = w->reach[v] > 0 ? receive(w, room->flow, room->of_group, v) / w->reach[v] : 0;
    gather(w, room->onward, room->of_group);
    for (size_t c = 0; c < n; c++)
        out->flow[c] = receive(w, room->onward, room->of_group, candidates[c]);
    for (size_t k = 0; k < s.count; k++)
        room->flow[s.member[k]] = 0;
}

void walk(const struct walks *w, struct walk_room *room, struct start s, const int *candidates, size_t n,
          const struct walked *out)
{
    arrive(w, room, candidates, n, out);
    flow_on(w, room, s, candidates, n, out);
}
