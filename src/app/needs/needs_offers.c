/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* needs_offers.c - offers and needs that meet, told beside the matches: read through the viewer's own door,
 * and no part of a score. Nobody's log has an offer that was told of so: it would say what was asked. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "needs/internal.h"

/* What is asked and offered: the labels of the offered terms that are, are part of, or hold, one that is
 * asked. */
static const char *common(struct door *d, const struct catalogue *c, const struct term_list *offered,
                          const struct term_list *asked)
{
    const char *labels = NULL;
    for (size_t i = 0; i < offered->count; i++) {
        bool met = false;
        for (size_t k = 0; k < asked->count && !met; k++)
            met = catalogue_term_within(c, offered->ids[i], asked->ids[k]) ||
                  catalogue_term_within(c, asked->ids[k], offered->ids[i]);
        const struct term *term = met ? catalogue_term(c, offered->ids[i]) : NULL;
        if (term)
            labels = arena_print(door_arena(d), "%s%s%s", labels ? labels : "", labels ? ", " : "",
                                 term_label(term));
    }
    return labels;
}

static bool unwanted(const struct catalogue *c, const struct need *need, const struct offer *o)
{
    const struct term_list *const offered[] = {&o->processes, &o->materials};
    for (size_t l = 0; l < COUNT(offered); l++)
        for (size_t i = 0; i < offered[l]->count; i++)
            for (size_t k = 0; k < need->unwanted.count; k++)
                if (catalogue_term_within(c, offered[l]->ids[i], need->unwanted.ids[k]))
                    return true;
    return false;
}

static bool in_time(const struct need *need, const struct offer *o)
{
    bool late = known_integer(need->deadline) && known_integer(o->since) && o->since > need->deadline;
    return day_within(today(), UNKNOWN_INTEGER, o->until) && !late;
}

/* "Décolletage, laiton": why it does; NULL: it does not. */
static const char *fits(struct door *d, const struct catalogue *c, const struct need *need,
                        const struct offer *o)
{
    const char *process = common(d, c, &o->processes, &need->processes),
               *material = common(d, c, &o->materials, &need->materials);
    bool other_process = !process && o->processes.count && need->processes.count,
         other_material = !material && o->materials.count && need->materials.count;
    if (o->organisation == need->organisation || other_process || other_material || !in_time(need, o) ||
        unwanted(c, need, o))
        return NULL;
    return process && material ? arena_print(door_arena(d), "%s, %s", process, material)
           : process           ? process
                               : material;
}

static size_t rank_of(const struct need_matches *matches, int64_t organisation)
{
    for (size_t i = 0; i < matches->count; i++)
        if (matches->at[i].entry->organisation.id == organisation)
            return i + 1;
    return 0;
}

/* The best placed first, then who is not ranked, the newest first. */
static int compare_offers(const void *a, const void *b)
{
    const struct need_offer *one = a, *other = b;
    if (one->rank != other->rank)
        return one->rank - 1 < other->rank - 1 ? -1 : 1;
    return (one->id < other->id) - (one->id > other->id);
}

/* The first few of each organisation, in their order: nobody fills the list of others. */
static size_t keep_few(struct need_offer *offers, size_t count)
{
    enum { FEW = 3 };
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        int theirs = 0;
        for (size_t k = 0; k < kept; k++)
            theirs += offers[k].organisation == offers[i].organisation;
        if (theirs < FEW)
            offers[kept++] = offers[i];
    }
    return kept;
}

static struct fault *names_of(struct door *d, struct need_offer *offers, size_t count)
{
    const char **names = NULL;
    int64_t *ids = NEW(door_arena(d), int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = offers[i].organisation;
    TRY(door_names(d, &organisation_type, ids, count, &names));
    for (size_t i = 0; i < count; i++)
        offers[i].name = names[i];
    return NULL;
}

struct fault *needs_offers(struct door *d, const struct catalogue *c, const struct need *need,
                           struct need_matches *out)
{
    void *all = NULL;
    size_t count = 0;
    TRY(door_all(d, &offer_type, &all, &count));
    struct need_offer *offers = NEW(door_arena(d), struct need_offer, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct offer *o = &((const struct offer *)all)[i];
        const char *why = fits(d, c, need, o);
        if (!why)
            continue;
        offers[out->offer_count++] = (struct need_offer){.id = o->id,
                                                         .organisation = o->organisation,
                                                         .title = o->title,
                                                         .why = why,
                                                         .until = o->until,
                                                         .rank = rank_of(out, o->organisation)};
    }
    qsort(offers, out->offer_count, sizeof *offers, compare_offers);
    out->offer_count = keep_few(offers, out->offer_count);
    out->offers = offers;
    return names_of(d, offers, out->offer_count);
}

struct fault *needs_met_by(struct door *d, const struct offer *offer, struct offer_need **needs,
                           size_t *count)
{
    const struct catalogue *c = NULL;
    void *all = NULL;
    size_t all_count = 0;
    *count = 0;
    TRY(catalogue_of(d, &c));
    if (need_type.readers & door_viewer(d)->roles)
        TRY(door_all(d, &need_type, &all, &all_count));
    *needs = NEW(door_arena(d), struct offer_need, all_count + 1);
    for (size_t i = 0; i < all_count; i++) {
        const struct need *need = &((const struct need *)all)[i];
        const char *why = need->state && strcmp(need->state, "open") == 0 ? fits(d, c, need, offer) : NULL;
        if (!why)
            continue;
        (*needs)[(*count)++] = (struct offer_need){need->id, need->title, why};
        TRY(door_note_listed(d, &need_type, need));
    }
    return NULL;
}
