/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* needs_remarks.c - what stands beside a match and counts for nothing in it: read through the viewer's own
 * door, which the score never is. */
#include "arena/arena.h"
#include "availability/availability.h"
#include "competitors/competitors.h"
#include "i18n/i18n.h"
#include "needs/internal.h"

static void remark(struct arena *a, struct need_match *m, const char *text)
{
    enum { MOST = 4 };
    if (!m->remarks)
        m->remarks = NEW(a, const char *, MOST);
    if (m->remark_count < MOST)
        m->remarks[m->remark_count++] = text;
}

static struct need_match *match_of(struct need_match *matches, size_t count, int64_t organisation)
{
    for (size_t i = 0; i < count; i++)
        if (matches[i].entry->organisation.id == organisation)
            return &matches[i];
    return NULL;
}

static struct fault *remark_competing(struct door *d, const struct need *need, struct need_match *matches,
                                      size_t count)
{
    struct competitor_tie *ties = NULL;
    size_t tie_count = 0;
    TRY(competitors_of(d, need->organisation, 0, &ties, &tie_count));
    for (size_t i = 0; i < tie_count; i++) {
        struct need_match *m = match_of(matches, count, ties[i].other);
        if (m)
            remark(door_arena(d), m,
                   ties[i].by_other ? tr("It counts who asks as its competitor.")
                                    : tr("Who asks counts it as a competitor."));
    }
    return NULL;
}

static bool asks_for(const struct catalogue *c, const struct need *need, const struct availability *f)
{
    bool any = !f->processes.count;
    for (size_t i = 0; i < f->processes.count; i++)
        for (size_t k = 0; k < need->processes.count; k++)
            any |= catalogue_term_within(c, f->processes.ids[i], need->processes.ids[k]) ||
                   catalogue_term_within(c, need->processes.ids[k], f->processes.ids[i]);
    return any;
}

/* Free capacity that the viewer may see, in months in which it is of use. Told by the way, it is noted as
 * read by nobody: whoever laid out one a process would read in its log what others ask for. */
static struct fault *remark_free(struct door *d, const struct catalogue *c, const struct need *need,
                                 struct need_match *matches, size_t count)
{
    struct arena *a = door_arena(d);
    struct availability *all = NULL;
    size_t all_count = 0;
    TRY(availabilities_holding(d, &all, &all_count));
    for (size_t i = 0; i < all_count; i++) {
        const struct availability *f = &all[i];
        struct need_match *m = match_of(matches, count, f->organisation);
        if (!m || !asks_for(c, need, f) || !availability_in_time(f, need->deadline))
            continue;
        remark(a, m,
               arena_print(a, tr("Free capacity, %s. %s; holds until %s."), f->title,
                           availability_words(a, f), day_in_words(a, f->valid, true)));
    }
    return NULL;
}

void needs_remark_offers(struct arena *a, struct need_matches *m)
{
    for (size_t i = 0; i < m->offer_count && m->offers[i].rank; i++)
        remark(a, &m->at[m->offers[i].rank - 1], arena_print(a, tr("It offers: %s."), m->offers[i].title));
}

struct fault *needs_remark(struct door *d, const struct catalogue *c, const struct need *need,
                           struct need_match *matches, size_t count)
{
    if (!count) /* nobody is nearest where somebody matches */
        return NULL;
    TRY(remark_competing(d, need, matches, count));
    return remark_free(d, c, need, matches, count);
}
