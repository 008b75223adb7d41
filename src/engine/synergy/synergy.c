/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "synergy/synergy.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "synergy/circles.h"
#include "synergy/places.h"
#include "synergy/walks.h"

static const struct group_law flow_law = {.size_power = .5, .decay = .03};
static const double ACTIVE_MONTHS = 12; /* after which a group counts 1/e of a new one */
static const double NEAR_KM = 50;       /* distance that halves nearness */

/* Who has partners is ranked by the network, who only named contacts by theirs, who has neither by what it
 * says of itself and by who is open to all. What the network tells counts the same in each of its ways:
 * weights learnt on earlier years did worse on later ones (docs/engine-synergies.md). The others are set by
 * hand: no confirmed pairs with texts and places exist yet. */
enum situation { WARM, INTRODUCED, COLD, SITUATIONS };
#define NETWORK(each)                                                                                        \
    [MEASURE_PATHS] = each, [MEASURE_FLOW] = each, [MEASURE_CIRCLES] = each, [MEASURE_DIRECTION] = each,     \
    [MEASURE_PARTNERS_NEAR] = each, [MEASURE_GROUPS_NEAR] = each,                                            \
    [MEASURE_PARTNERS] = each /* somebody to name where the network ends, too */
static const double weights[SITUATIONS][MEASURES] = {
    [WARM] = {NETWORK(.15), [MEASURE_CHAIN] = .3, [MEASURE_POOLING] = .15, [MEASURE_MATERIAL] = .15,
              [MEASURE_TEXT] = .2, [MEASURE_NEAR] = .05},
    [INTRODUCED] = {NETWORK(.2), [MEASURE_CHAIN] = .5, [MEASURE_POOLING] = .25, [MEASURE_MATERIAL] = .25,
                    [MEASURE_TEXT] = .5, [MEASURE_NEAR] = .1},
    [COLD] = {[MEASURE_PARTNERS] = .8,
              [MEASURE_ACTIVITY] = .2,
              [MEASURE_CHAIN] = 1,
              [MEASURE_POOLING] = .5,
              [MEASURE_MATERIAL] = .5,
              [MEASURE_TEXT] = 1,
              [MEASURE_NEAR] = .2,
              [MEASURE_COUNTRY] = .2,
              [MEASURE_KIND] = .05},
};

struct synergy_model {
    const struct hypergraph *h;
    const struct attributes *attributes;
    const struct text_index *texts;
    struct walks *walks;
    const struct circles *circles;
    double *activity, *partners;
};

struct fault *synergy_model_new(struct arena *a, const struct hypergraph *h,
                                const struct attributes *attributes, const struct synergy_model **out)
{
    struct synergy_model *m = NEW(a, struct synergy_model, 1);
    *m = (struct synergy_model){.h = h,
                                .attributes = attributes,
                                .activity = NEW(a, double, h->members + 1),
                                .partners = NEW(a, double, h->members + 1)};
    if (attributes && attributes->text)
        m->texts = text_index_new(a, attributes->text, attributes->members);
    TRY(walks_new(a, h, flow_law, &m->walks));
    TRY(circles_new(a, m->walks, &m->circles));
    for (int v = 0; v < h->members; v++) {
        m->partners[v] = (double)partners_count(h, v);
        for (size_t i = h->groups_of[v]; i < h->groups_of[v + 1]; i++)
            m->activity[v] += exp(-h->age[h->group[i]] / ACTIVE_MONTHS);
    }
    *out = m;
    return arena_check(a);
}

const struct attributes *synergy_attributes(const struct synergy_model *m)
{
    return m->attributes;
}

int synergy_words(const struct synergy_model *m, int member, int other, struct slice *words, int most)
{
    return m->texts ? text_in_common(m->texts, member, other, words, most) : 0;
}

/* --- one query ---------------------------------------------------------------------------------------- */

struct room {
    struct arena *arena; /* of the thread */
    struct walk_room walk;
    struct circles_room circles;
    struct place_room places;
    double *value[MEASURES], *merit[MEASURES], *score, *of_member;
    int *pool; /* candidates of the query at hand */
    size_t n;
    bool known[MEASURES]; /* whether the measure has anything to go by */
};

static struct room *room_new(struct arena *a, const struct synergy_model *m, size_t candidates)
{
    struct room *r = NEW(a, struct room, 1);
    *r = (struct room){.arena = a,
                       .walk = walk_room_new(a, m->h),
                       .circles = circles_room_new(a, m->h),
                       .places = place_room_new(a, candidates),
                       .score = NEW(a, double, candidates + 1),
                       .of_member = NEW(a, double, m->h->members + 1),
                       .pool = NEW(a, int, candidates + 1)};
    for (int k = 0; k < MEASURES; k++) {
        r->value[k] = NEW(a, double, candidates + 1);
        r->merit[k] = NEW(a, double, candidates + 1);
    }
    return r;
}

static bool is_contact(const struct synergy_query *q, int x)
{
    for (size_t c = 0; c < q->contacts; c++)
        if (q->contact[c] == x)
            return true;
    return false;
}

static void fill_pool(struct room *r, const struct synergy_request *q, const struct synergy_query *of)
{
    r->n = 0;
    for (size_t c = 0; c < q->candidate_count; c++) {
        int x = q->candidates[c];
        bool known = q->exclude_known && (r->walk.started[x] || is_contact(of, x));
        if (x != of->member && !known)
            r->pool[r->n++] = x;
    }
}

static double km_between(const struct attributes *t, int a, int b)
{
    return t && t->place ? distance_km(t->place[a], t->place[b]) : NAN;
}

static bool same(const int *of, int a, int b)
{
    return of && of[a] >= 0 && of[a] == of[b];
}

static void measure_complements(const struct complements *c, int member, struct room *r)
{
    for (int what = 0; what < COMPLEMENTS; what++) {
        int measure = MEASURE_CHAIN + what;
        r->known[measure] = complements_score(c, (enum complement)what, member, r->of_member);
        for (size_t i = 0; i < r->n && r->known[measure]; i++)
            r->value[measure][i] = r->of_member[r->pool[i]];
    }
}

static void measure_attributes(const struct synergy_model *m, const struct synergy_query *q, struct room *r)
{
    const struct attributes *t = m->attributes;
    if (!t)
        return;
    if (t->complements)
        measure_complements(t->complements, q->member, r);
    r->known[MEASURE_TEXT] = m->texts && text_alike(m->texts, r->arena, q->member, r->of_member);
    r->known[MEASURE_NEAR] = t->place && !isnan(t->place[q->member].lat);
    r->known[MEASURE_COUNTRY] = t->country && t->country[q->member] >= 0;
    r->known[MEASURE_KIND] = t->kind && t->kind[q->member] >= 0;
    for (size_t i = 0; i < r->n; i++) {
        int x = r->pool[i];
        double km = km_between(t, q->member, x);
        r->value[MEASURE_TEXT][i] = r->known[MEASURE_TEXT] ? r->of_member[x] : 0;
        r->value[MEASURE_NEAR][i] = isnan(km) ? 0 : 1 / (1 + km / NEAR_KM);
        r->value[MEASURE_COUNTRY][i] = same(t->country, q->member, x);
        r->value[MEASURE_KIND][i] = same(t->kind, q->member, x);
    }
}

static void measure_all(const struct synergy_model *m, const struct synergy_query *q, struct start start,
                        struct room *r)
{
    bool ties = start.count > 0;
    for (int k = 0; k < MEASURES; k++)
        r->known[k] = false;
    r->known[MEASURE_ACTIVITY] = r->known[MEASURE_PARTNERS] = m->h->partners_of[m->h->members] > 0;
    for (size_t i = 0; i < r->n; i++) {
        r->value[MEASURE_ACTIVITY][i] = m->activity[r->pool[i]];
        r->value[MEASURE_PARTNERS][i] = m->partners[r->pool[i]];
    }
    measure_attributes(m, q, r);
    for (int k = MEASURE_PATHS; k <= MEASURE_GROUPS_NEAR; k++)
        r->known[k] = ties;
    if (!ties)
        return;
    walk(m->walks, &r->walk, start, r->pool, r->n,
         &(struct walked){r->value[MEASURE_PATHS], r->value[MEASURE_FLOW]});
    circles_measure(m->circles, &r->circles, start, r->pool, r->n,
                    &(struct stood){r->value[MEASURE_CIRCLES], r->value[MEASURE_DIRECTION],
                                    r->value[MEASURE_PARTNERS_NEAR], r->value[MEASURE_GROUPS_NEAR]});
}

/* Scores of the pool; the weight of each measure, such that a candidate first on every count scores 1. */
static void fuse(struct room *r, const double *weight, double *share)
{
    double sum = 0;
    for (int k = 0; k < MEASURES; k++)
        sum += r->known[k] ? weight[k] : 0;
    for (size_t i = 0; i < r->n; i++)
        r->score[i] = 0;
    for (int k = 0; k < MEASURES; k++) {
        share[k] = r->known[k] && weight[k] > 0 ? weight[k] / sum / log((double)(r->n + 1)) : 0;
        if (share[k] <= 0)
            continue;
        places_merit(&r->places, r->value[k], r->n, r->merit[k]);
        for (size_t i = 0; i < r->n; i++)
            r->score[i] += share[k] * r->merit[k][i];
    }
}

struct scored {
    double score;
    int at, candidate;
};

static int by_score(const void *x, const void *y)
{
    const struct scored *a = x, *b = y;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return (a->candidate > b->candidate) - (a->candidate < b->candidate);
}

/* The best `top` of the pool, in order; returns how many there are. */
static int choose(struct room *r, int top, struct scored **best)
{
    size_t some = places_sort(&r->places, r->score, r->n), end = (size_t)top < some ? (size_t)top : some;
    while (end < some && end > 0 &&
           r->places.key[end] == r->places.key[end - 1]) /* as good, so far as told */
        end++;
    *best = NEW(r->arena, struct scored, end + 1);
    for (size_t i = 0; i < end; i++) {
        int at = r->places.order[i];
        (*best)[i] = (struct scored){r->score[at], at, r->pool[at]};
    }
    if (end)
        qsort(*best, end, sizeof **best, by_score);
    return (size_t)top < end ? top : (int)end;
}

static int together_of(const struct hypergraph *h, int a, int b)
{
    size_t at = partner_find(h, a, b);
    return at == SIZE_MAX ? 0 : h->together[at];
}

static struct synergy explain(const struct synergy_model *m, const struct synergy_query *q,
                              const struct room *r, const double *share, struct scored s)
{
    struct synergy y = {.candidate = s.candidate,
                        .known = r->walk.started[s.candidate],
                        .score = s.score,
                        .together = together_of(m->h, q->member, s.candidate),
                        .named = {-1, -1, -1},
                        .path = {-1, -1},
                        .partners = (int)partners_count(m->h, s.candidate),
                        .groups = (int)(m->h->groups_of[s.candidate + 1] - m->h->groups_of[s.candidate]),
                        .km = km_between(m->attributes, q->member, s.candidate)};
    for (int k = 0; k < MEASURES; k++)
        y.part[k] = share[k] > 0 ? (float)(share[k] * r->merit[k][s.at]) : 0;
    y.shared = walk_shared(m->walks, &r->walk, s.candidate, y.named, SYNERGY_NAMED);
    (void)walk_best(m->walks, &r->walk, s.candidate, &y.path);
    return y;
}

static int answer(struct arena *a, const struct synergy_model *m, const struct synergy_request *q,
                  const struct synergy_query *of, struct room *r, struct synergy **out)
{
    struct start start = start_new(r->arena, m->walks, of->member, of->contact, of->contacts);
    bool warm = partners_count(m->h, of->member) > 0;
    double share[MEASURES];
    struct scored *best;
    walk_begin(m->walks, &r->walk, start);
    fill_pool(r, q, of);
    measure_all(m, of, start, r);
    fuse(r, weights[warm ? WARM : of->contacts ? INTRODUCED : COLD], share);
    int count = choose(r, q->top, &best);
    *out = NEW(a, struct synergy, count + 1);
    for (int i = 0; i < count; i++)
        (*out)[i] = explain(m, of, r, share, best[i]);
    walk_end(m->walks, &r->walk, start);
    return count;
}

/* --- all queries -------------------------------------------------------------------------------------- */

struct work {
    const struct synergy_model *model;
    const struct synergy_request *q;
    struct synergies *out;
    struct arena *arena; /* of the answers */
    atomic_size_t next;
    atomic_bool stopped;
    pthread_mutex_t telling; /* holds arena and out */
};

static void *serve(void *thing)
{
    struct work *w = thing;
    struct arena *own = arena_new(LIMIT_COMMAND_MEMORY);
    struct room *r = room_new(own, w->model, w->q->candidate_count);
    for (size_t i; !atomic_load(&w->stopped) && (i = atomic_fetch_add(&w->next, 1)) < w->q->query_count;) {
        ARENA_SCOPE(scratch);
        struct synergy *rows = NULL;
        r->arena = scratch;
        int count = answer(scratch, w->model, w->q, &w->q->queries[i], r, &rows);
        (void)pthread_mutex_lock(&w->telling);
        w->out->of[i] = NEW(w->arena, struct synergy, count + 1);
        for (int k = 0; k < count; k++)
            w->out->of[i][k] = rows[k];
        w->out->count[i] = count;
        w->out->reached++;
        if (arena_check(w->arena) ||
            (w->q->go_on && !w->q->go_on(w->q->with, w->out->reached, w->q->query_count)))
            atomic_store(&w->stopped, true);
        (void)pthread_mutex_unlock(&w->telling);
    }
    arena_free(own);
    return NULL;
}

static void serve_all(struct work *w)
{
    enum { MOST = 64 };
    pthread_t helpers[MOST];
    long wanted = w->q->threads > 0 ? w->q->threads : sysconf(_SC_NPROCESSORS_ONLN);
    int started = 0;
    if (wanted > (long)w->q->query_count)
        wanted = (long)w->q->query_count;
    if (wanted > MOST)
        wanted = MOST;
    while (started < wanted - 1 && pthread_create(&helpers[started], NULL, serve, w) == 0)
        started++; /* one that cannot be started is one less: this one works too */
    (void)serve(w);
    for (int i = 0; i < started; i++)
        (void)pthread_join(helpers[i], NULL);
}

static struct fault *check(const struct synergy_model *m, const struct synergy_request *q)
{
    if (q->top < 1)
        return fault(FAULT_INVALID, "At least one candidate a query is needed.");
    for (size_t i = 0; i < q->query_count; i++) {
        if (q->queries[i].member < 0 || q->queries[i].member >= m->h->members)
            return fault(FAULT_INVALID, "Query %zu is a member that does not exist.", i + 1);
        for (size_t c = 0; c < q->queries[i].contacts; c++)
            if (q->queries[i].contact[c] < 0 || q->queries[i].contact[c] >= m->h->members ||
                q->queries[i].contact[c] == q->queries[i].member)
                return fault(FAULT_INVALID, "Query %zu names a contact that does not exist, or itself.",
                             i + 1);
    }
    for (size_t c = 0; c < q->candidate_count; c++)
        if (q->candidates[c] < 0 || q->candidates[c] >= m->h->members)
            return fault(FAULT_INVALID, "Candidate %zu is a member that does not exist.", c + 1);
    return NULL;
}

struct fault *synergy_rank(struct arena *a, const struct synergy_model *m, const struct synergy_request *q,
                           struct synergies *out)
{
    struct work w = {.model = m, .q = q, .out = out, .arena = a};
    *out = (struct synergies){.of = NEW(a, struct synergy *, q->query_count + 1),
                              .count = NEW(a, int, q->query_count + 1)};
    TRY(check(m, q));
    (void)pthread_mutex_init(&w.telling, NULL);
    serve_all(&w);
    (void)pthread_mutex_destroy(&w.telling);
    return arena_check(a);
}
