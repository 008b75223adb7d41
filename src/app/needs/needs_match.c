/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* needs_match.c - the matcher's answer, with records and words for its numbers. */
#include <math.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "matching/explain.h"
#include "needs/internal.h"

/* The need as the engine takes it: its fields, corrected by people, win over its text. */
static void terms_of(const struct catalogue *c, struct arena *a, struct need *need, struct match_need *m)
{
    int *terms = NEW(a, int, LIMIT_TERMS *FACETS), *required = NEW(a, int, need->certifications.count + 1);
    m->term_count = m->required_count = 0;
    for (int f = 0; f < FACETS; f++) {
        const struct term_list *list = need_terms(need, (enum facet)f);
        for (size_t i = 0; list && i < list->count; i++) {
            int node = catalogue_node(c, list->ids[i]);
            if (node == TERM_NONE)
                continue;
            if (f == FACET_CERTIFICATION)
                required[m->required_count++] = node;
            else if (m->term_count < LIMIT_TERMS * FACETS)
                terms[m->term_count++] = node;
        }
    }
    m->terms = terms;
    m->required = required;
}

/* Of the facet, all that is known of the firm lies within the term; nothing known is not that. */
static bool is_all_it_does(const struct catalogue *c, const struct term_tree *t,
                           const struct catalogue_entry *e, int term)
{
    enum facet facet = t->terms[term].facet;
    bool any = false;
    for (size_t i = 0; i < e->capability_count; i++) {
        const struct capability *k = &e->capabilities[i];
        const struct term_list list = facet == FACET_PROCESS    ? k->processes
                                      : facet == FACET_MATERIAL ? k->materials
                                                                : k->components;
        for (size_t j = 0; j < list.count; j++) {
            int node = catalogue_node(c, list.ids[j]);
            if (node != TERM_NONE && !taxonomy_within(t, node, term))
                return false;
            any |= node != TERM_NONE;
        }
    }
    return any;
}

/* "Surtout pas de titane": who is known to work nothing else is no answer. */
static bool does_only_unwanted(const struct catalogue *c, const struct term_tree *t, const struct need *need,
                               const struct catalogue_entry *e)
{
    for (size_t i = 0; i < need->unwanted.count; i++) {
        int term = catalogue_node(c, need->unwanted.ids[i]);
        if (term != TERM_NONE && is_all_it_does(c, t, e, term))
            return true;
    }
    return false;
}

/* The asking organisation is no answer to its own need, nor is one that has closed. */
static bool may_answer(const struct need *need, const struct catalogue_entry *e)
{
    return e->organisation.id != need->organisation && !known_integer(e->organisation.closed);
}

static void exclude(const struct catalogue *c, struct arena *a, const struct term_tree *t,
                    const struct need *need, struct match_need *m)
{
    int *excluded = NEW(a, int, c->count + 1);
    for (size_t i = 0; i < c->count; i++)
        if (!may_answer(need, &c->entries[i]) || does_only_unwanted(c, t, need, &c->entries[i]))
            excluded[m->excluded_count++] = (int)i;
    m->excluded = excluded;
}

static struct match_need question(const struct catalogue *c, struct arena *a, const struct term_tree *t,
                                  const struct need *from)
{
    struct need need = *from;
    struct match_need m = match_need_empty();
    m.text = slice_of(need.text);
    terms_of(c, a, &need, &m);
    exclude(c, a, t, &need, &m);
    m.size_min = need.size.lo;
    m.size_max = need.size.hi;
    m.tolerance = need.tolerance;
    m.it_grade = need.it_grade;
    m.volume = need.volume;
    m.quantity = need.quantity;
    m.deadline = known_integer(need.deadline) && need.deadline >= today() ? need.deadline : UNKNOWN_INTEGER;
    m.point = (struct geo_point){need.lat, need.lon};
    m.max_km = known_integer(need.max_km) ? (double)need.max_km : UNKNOWN_REAL;
    return m;
}

/* Without a place of its own, a need starts from where its organisation works. */
static void locate(const struct catalogue *c, const struct need *need, struct match_need *m)
{
    const struct catalogue_entry *owner = catalogue_find(c, need->organisation);
    if (!known_real(m->point.lat) && owner && owner->main_site)
        m->point = (struct geo_point){owner->main_site->lat, owner->main_site->lon};
}

static struct fault *weights_of(const struct need_weight *asked, size_t count, struct match_weights *out)
{
    enum { MOST_WEIGHT = 1000 }; /* only ratios count; beyond, sums would lose the small ones */
    *out = match_default_weights;
    for (size_t i = 0; i < count; i++) {
        if (!(asked[i].weight >= 0 && asked[i].weight <= MOST_WEIGHT))
            return fault_in(asked[i].name,
                            fault(FAULT_INVALID, "A weight is a number from 0 to %d.", MOST_WEIGHT));
        for (int k = 0; k < CRITERIA; k++)
            if (strcmp(criterion_name((enum criterion)k), asked[i].name) == 0)
                out->of[k] = asked[i].weight;
    }
    return NULL;
}

/* What a buyer calls what the engine compares. */
static const char *const criterion_words[CRITERIA] = {
    [CRITERION_TEXT] = N_("What the firm says of its trade"),
    [CRITERION_PROCESS] = N_("The process"),
    [CRITERION_MATERIAL] = N_("The material"),
    [CRITERION_COMPONENT] = N_("The component"),
    [CRITERION_MARKET] = N_("The market"),
    [CRITERION_CERTIFICATION] = N_("The certificates required"),
    [CRITERION_TOLERANCE] = N_("The tolerance it holds"),
    [CRITERION_SIZE] = N_("The sizes it takes"),
    [CRITERION_VOLUME] = N_("The quantities it can make"),
    [CRITERION_DISTANCE] = N_("How near it is"),
};

static void list_weights(struct arena *a, const struct match_weights *w, const struct match_answer *answer,
                         struct need_matches *out)
{
    double total = 0;
    for (int k = 0; k < CRITERIA; k++)
        total += w->of[k];
    const struct matched *first = answer->count           ? answer->list
                                  : answer->nearest_count ? answer->nearest
                                                          : NULL;
    out->weights = NEW(a, struct criterion_weight, CRITERIA);
    for (int k = 0; k < CRITERIA; k++)
        out->weights[out->weight_count++] =
            (struct criterion_weight){.name = criterion_name((enum criterion)k),
                                      .label = tr(criterion_words[k]),
                                      .weight = total > 0 ? w->of[k] / total : 0,
                                      .stated = !first || first->contributions[k].stated};
}

/* The need as its record and as the engine have it, and what it is compared with. */
struct asked {
    const struct catalogue *catalogue;
    const struct need *record;
    const struct match_need *need;
};

static void word(const struct match_explained *said, struct need_match *out)
{
    out->sentence = said->sentence;
    out->reasons = said->reasons;
    out->reason_count = (size_t)said->reason_count;
    out->confirm = said->confirm;
    out->confirm_count = (size_t)said->confirm_count;
    out->gaps = said->gaps;
    out->gap_count = (size_t)said->gap_count;
}

/* How far a firm is speaks for it only when a place was asked; its card tells the distance anyway. */
static double distance_to_say(const struct need *need, const struct matched *x)
{
    bool asked = known_integer(need->max_km) || known_real(need->lat) || x->gates & GATE_DISTANCE;
    return asked ? x->km : UNKNOWN_REAL;
}

static void list_matches(const struct asked *asked, struct arena *a, const struct matched *from, int count,
                         bool nearest, size_t most, struct need_match **out, size_t *out_count)
{
    const struct catalogue *c = asked->catalogue;
    *out = NEW(a, struct need_match, count + 1);
    *out_count = 0;
    for (int i = 0; i < count && *out_count < most; i++) {
        if (from[i].gates & GATE_EXCLUDED) /* who asks is not even the nearest */
            continue;
        struct need_match *m = &(*out)[(*out_count)++];
        struct match_explained said;
        *m = (struct need_match){.entry = &c->entries[from[i].firm],
                                 .low = from[i].score_low,
                                 .high = from[i].score_high,
                                 .km = from[i].km,
                                 .lines = NEW(a, struct match_line, CRITERIA)};
        struct matched told = from[i];
        told.km = distance_to_say(asked->record, &told);
        match_explain(c->build->engines.matcher, a, asked->need, &told, nearest ? RANK_NEAREST : i,
                      language(), &said);
        word(&said, m);
        for (int k = 0; k < CRITERIA; k++)
            if (from[i].contributions[k].weight > 0)
                m->lines[m->line_count++] =
                    (struct match_line){tr(criterion_words[k]), from[i].contributions[k].weight,
                                        from[i].contributions[k].low, from[i].contributions[k].high};
    }
}

/* Says nothing of trade, material or part, or the first ten overlap wholly: the order means little. */
static bool says_little(const struct match_need *need, const struct match_answer *answer)
{
    enum { FEW = 3 };
    if (need->term_count == 0 && need->required_count == 0)
        return true;
    int last = answer->count < FEW ? answer->count - 1 : FEW - 1;
    return last > 0 && answer->list[0].score_low < 0.05 && answer->list[last].score_high > 0.95;
}

/* Where each would stand with the usual weights: what the asker's own ones have changed. */
static struct fault *compare_with_usual(struct arena *a, const struct asked *asked,
                                        const struct match_answer *now, struct need_matches *out)
{
    const struct match_options usual = {.most = LIMIT_MATCHES};
    struct match_answer before;
    int *rank = NEW(a, int, asked->catalogue->count + 1);
    TRY(match_run(asked->catalogue->build->engines.matcher, a, asked->need, today(), &usual, &before));
    for (int i = 0; i < before.count; i++)
        rank[before.list[i].firm] = i + 1;
    for (int i = 0; i < now->count && (size_t)i < out->count; i++) {
        int was = rank[now->list[i].firm];
        out->at[i].moved = was ? was - (i + 1) : 0;
        out->moved_count += out->at[i].moved != 0;
    }
    out->reweighed = true;
    return NULL;
}

/* The need beside all of the catalogue. */
static struct fault *compare(struct door *d, const struct need *need, const struct match_options *options,
                             const struct catalogue **c, struct match_need *m, struct match_answer *answer)
{
    const struct catalogue_engines *engines = NULL;
    TRY(catalogue_of(d, c));
    TRY(catalogue_engines_of(*c, &engines));
    *m = question(*c, door_arena(d), engines->tree, need);
    locate(*c, need, m);
    return match_run(engines->matcher, door_arena(d), m, today(), options, answer);
}

struct fault *needs_match(struct door *d, const struct need *need, const struct need_weight *asked,
                          size_t asked_count, size_t most, struct need_matches *out)
{
    enum { NEAREST = 5 };
    struct arena *a = door_arena(d);
    const struct catalogue *c = NULL;
    struct match_weights weights;
    struct match_answer answer;
    struct match_need m;
    *out = (struct need_matches){0};
    TRY(weights_of(asked, asked_count, &weights));
    const struct match_options options = {.weights = &weights, .most = (int)most};
    TRY(compare(d, need, &options, &c, &m, &answer));
    list_weights(a, &weights, &answer, out);
    for (size_t i = 0; i < c->count; i++)
        out->considered += may_answer(need, &c->entries[i]);
    const struct asked told = {c, need, &m};
    list_matches(&told, a, answer.list, answer.count, false, most, &out->at, &out->count);
    if (asked_count)
        TRY(compare_with_usual(a, &told, &answer, out));
    if (!answer.count) {
        list_matches(&told, a, answer.nearest, answer.nearest_count, true, NEAREST, &out->nearest,
                     &out->nearest_count);
        out->why_nobody =
            answer.trade_missing
                ? tr("No organisation you may see here has this trade.")
                : tr("Organisations here have the trade, but none is known to meet all that you require.");
    }
    out->little_known = answer.count && says_little(&m, &answer);
    TRY(needs_remark(d, c, need, out->at, out->count));
    TRY(needs_remark(d, c, need, out->nearest, out->nearest_count));
    TRY(needs_offers(d, c, need, out));
    needs_remark_offers(a, out);
    return arena_check(a);
}

struct fault *needs_spoke(struct door *d, const struct need *need, int64_t organisation,
                          const char **criteria)
{
    const double most_of_it = 0.5;
    const struct match_options all = {.most = LIMIT_MATCHES};
    const struct catalogue *c = NULL;
    struct match_need m;
    struct match_answer answer;
    *criteria = NULL;
    TRY(compare(d, need, &all, &c, &m, &answer));
    for (int i = 0; i < answer.count; i++)
        for (int k = 0; k < CRITERIA && c->entries[answer.list[i].firm].organisation.id == organisation; k++)
            if (answer.list[i].contributions[k].stated && answer.list[i].contributions[k].low > most_of_it)
                *criteria = arena_print(door_arena(d), "%s%s%s", *criteria ? *criteria : "",
                                        *criteria ? " " : "", criterion_name((enum criterion)k));
    return arena_check(door_arena(d));
}
