/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* needs_remarks.c - what stands beside a match and counts for nothing in it: read through the viewer's own door,
 * which the score never is. */
#include "arena/arena.h"
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
    TRY(competitors_of(d, need->organisation, &ties, &tie_count));
    for (size_t i = 0; i < tie_count; i++) {
        struct need_match *m = match_of(matches, count, ties[i].other);
        if (m)
            remark(door_arena(d), m,
                   ties[i].by_other ? tr("It counts who asks as its competitor.")
                                    : tr("Who asks counts it as a competitor."));
    }
    return NULL;
}

struct fault *needs_remark(struct door *d, const struct need *need, struct need_match *matches, size_t count)
{
    return remark_competing(d, need, matches, count);
}
