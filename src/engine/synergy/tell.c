/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "synergy/tell.h"

#include <math.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "text/buffer.h"
#include "words/words.h"

enum { LIMIT_REASON = 64 * 1024, WORDS_NAMED = 4 };

static const struct {
    const char *name, *title;
} kinds[REASONS] = {
    [REASON_KNOWN] = {"known", N_("known")},
    [REASON_NETWORK] = {"network", N_("network")},
    [REASON_CHAIN] = {"chain", N_("complementary")},
    [REASON_POOLING] = {"pooling", N_("pooling")},
    [REASON_MATERIAL] = {"material", N_("material flow")},
    [REASON_SKILLS] = {"skills", N_("shared skills")},
    [REASON_PLACE] = {"co-presence", N_("co-presence")},
    [REASON_PROFILE] = {"profile", N_("profile")},
    [REASON_ACTIVITY] = {"activity", N_("activity")},
};
static const enum reason_kind kind_of[MEASURES] = {
    [MEASURE_PATHS] = REASON_NETWORK,
    [MEASURE_FLOW] = REASON_NETWORK,
    [MEASURE_CIRCLES] = REASON_NETWORK,
    [MEASURE_DIRECTION] = REASON_NETWORK,
    [MEASURE_PARTNERS_NEAR] = REASON_NETWORK,
    [MEASURE_GROUPS_NEAR] = REASON_NETWORK,
    [MEASURE_ACTIVITY] = REASON_ACTIVITY,
    [MEASURE_PARTNERS] = REASON_ACTIVITY,
    [MEASURE_CHAIN] = REASON_CHAIN,
    [MEASURE_POOLING] = REASON_POOLING,
    [MEASURE_MATERIAL] = REASON_MATERIAL,
    [MEASURE_TEXT] = REASON_SKILLS,
    [MEASURE_NEAR] = REASON_PLACE,
    [MEASURE_COUNTRY] = REASON_PROFILE,
    [MEASURE_KIND] = REASON_PROFILE,
};

const char *reason_name(enum reason_kind k)
{
    return kinds[k].name;
}

const char *reason_title(enum reason_kind k)
{
    return tr(kinds[k].title);
}

static const char *joined(struct arena *a, const struct slice *parts, int count)
{
    struct buffer *b = buffer_new(a, LIMIT_REASON);
    for (int i = 0; i < count; i++) {
        buffer_text(b, i ? ", " : "");
        buffer_slice(b, parts[i]);
    }
    return buffer_string(b);
}

static const char *tell_known(struct arena *a, const struct synergy *y)
{
    return y->together
               ? arena_print(a, tr_plural(y->together, "together in %d group", "together in %d groups"),
                             y->together)
               : tr("a contact that was named");
}

static const char *tell_network(struct arena *a, const struct telling *t, const struct synergy *y)
{
    struct slice named[SYNERGY_NAMED];
    int count = 0;
    while (count < SYNERGY_NAMED && y->named[count] >= 0) {
        named[count] = t->names[y->named[count]];
        count++;
    }
    if (count)
        return arena_print(a, tr_plural(y->shared, "%d partner in common: %s", "%d partners in common: %s"),
                           y->shared, joined(a, named, count));
    if (y->path.first >= 0)
        return arena_print(a, tr("%.*s, a partner, works with %.*s, who works with this firm"),
                           SLICE_ARGS(t->names[y->path.first]), SLICE_ARGS(t->names[y->path.second]));
    return tr("in the same circles, farther off");
}

/* Both ways when both hold. */
static const char *tell_complement(struct arena *a, enum complement what, const struct telling *t,
                                   const struct synergy_query *q, const struct synergy *y)
{
    static const char *const says[COMPLEMENTS][SIDES] = {
        [COMPLEMENT_CHAIN] = {N_("does what is asked for here"), N_("asks for what is done here")},
        [COMPLEMENT_POOLING] = {N_("has capacity to spare, wanting here"),
                                N_("is short of capacity that is spare here")},
        [COMPLEMENT_MATERIAL] = {N_("gives what is taken here"), N_("takes what is given here")}};
    const struct complements *c = synergy_attributes(t->model)->complements;
    const char *told = "";
    for (int side = 0; side < SIDES; side++) {
        int things[WORDS_NAMED];
        struct slice named[WORDS_NAMED];
        int count =
            complements_between(c, what, (enum side)side, q->member, y->candidate, things, WORDS_NAMED);
        for (int i = 0; i < count; i++)
            named[i] = t->things[things[i]];
        if (count)
            told = arena_print(a, "%s%s%s%s%s", told, *told ? ", " : "", tr(says[what][side]), tr(": "),
                               joined(a, named, count));
    }
    return told;
}

static const char *tell_skills(struct arena *a, const struct telling *t, const struct synergy_query *q,
                               const struct synergy *y)
{
    struct slice words[WORDS_NAMED];
    int count = synergy_words(t->model, q->member, y->candidate, words, WORDS_NAMED);
    return arena_print(a, tr("both speak of: %s"), joined(a, words, count));
}

static const char *tell_profile(struct arena *a, const struct telling *t, const struct synergy *y)
{
    const struct attributes *known = synergy_attributes(t->model);
    const struct slice none = {"", 0};
    bool country = y->part[MEASURE_COUNTRY] > 0, kind = y->part[MEASURE_KIND] > 0;
    struct slice of_country =
                     country ? vocabulary_text(t->countries, (uint32_t)known->country[y->candidate]) : none,
                 of_kind = kind ? vocabulary_text(t->kinds, (uint32_t)known->kind[y->candidate]) : none;
    if (country && kind)
        return arena_print(a, tr("same country (%.*s) and same type (%.*s)"), SLICE_ARGS(of_country),
                           SLICE_ARGS(of_kind));
    return country ? arena_print(a, tr("same country (%.*s)"), SLICE_ARGS(of_country))
                   : arena_print(a, tr("same type (%.*s)"), SLICE_ARGS(of_kind));
}

static const char *tell_activity(struct arena *a, const struct synergy *y)
{
    return arena_print(a, tr("open to others: %d partners, %d groups"), y->partners, y->groups);
}

static const char *sentence_of(struct arena *a, enum reason_kind k, const struct telling *t,
                               const struct synergy_query *q, const struct synergy *y)
{
    switch (k) {
    case REASON_KNOWN:
        return tell_known(a, y);
    case REASON_NETWORK:
        return tell_network(a, t, y);
    case REASON_CHAIN:
        return tell_complement(a, COMPLEMENT_CHAIN, t, q, y);
    case REASON_POOLING:
        return tell_complement(a, COMPLEMENT_POOLING, t, q, y);
    case REASON_MATERIAL:
        return tell_complement(a, COMPLEMENT_MATERIAL, t, q, y);
    case REASON_SKILLS:
        return tell_skills(a, t, q, y);
    case REASON_PLACE:
        return arena_print(a, tr("%d km away"), (int)lround(y->km));
    case REASON_PROFILE:
        return tell_profile(a, t, y);
    case REASON_ACTIVITY:
        return tell_activity(a, y);
    case REASONS:
        break;
    }
    return "";
}

static int by_part(const void *x, const void *y)
{
    const struct reason *a = x, *b = y;
    if (a->part != b->part)
        return a->part > b->part ? -1 : 1;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

int synergy_tell(struct arena *a, const struct telling *t, const struct synergy_query *q,
                 const struct synergy *y, struct reason reasons[REASONS])
{
    double part[REASONS] = {0};
    int count = 0;
    for (int m = 0; m < MEASURES; m++)
        part[kind_of[m]] += (double)y->part[m];
    for (int k = 0; k < REASONS; k++)
        if (part[k] > 0 || (k == REASON_KNOWN && y->known))
            reasons[count++] =
                (struct reason){(enum reason_kind)k, part[k], sentence_of(a, (enum reason_kind)k, t, q, y)};
    int first = y->known;
    if (count > first + 1)
        qsort(reasons + first, (size_t)(count - first), sizeof *reasons, by_part);
    return count;
}
