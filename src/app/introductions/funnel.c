/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "introductions/funnel.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "matching/matching.h"
#include "queries/introductions.h"

/* The lines of the table: which rows of the tally each counts. */
static const struct {
    const char *label, *source; /* source NULL: any */
    int64_t ranked;             /* UNKNOWN_INTEGER: any */
    bool pledged;               /* those alone */
} kinds[] = {{N_("All introductions"), NULL, UNKNOWN_INTEGER},
             {N_("Asked by whose need it is"), "match", UNKNOWN_INTEGER},
             {N_("Asked by the facilitators"), "facilitator", UNKNOWN_INTEGER},
             {N_("Ranked first"), NULL, 1},
             {N_("Ranked second or third"), NULL, 3},
             {N_("Ranked fourth to tenth"), NULL, 10},
             {N_("Ranked beyond the tenth"), NULL, 11},
             {N_("Not from a ranking"), NULL, 0},
             {N_("Under a confidentiality agreement"), NULL, UNKNOWN_INTEGER, true}};

static bool counts(size_t kind, const struct introduction_tally *t)
{
    return (!kinds[kind].source || (t->source && strcmp(t->source, kinds[kind].source) == 0)) &&
           (!known_integer(kinds[kind].ranked) || kinds[kind].ranked == t->ranked) &&
           (!kinds[kind].pledged || t->pledged);
}

static void add(struct funnel_line *line, const char *code, int64_t times)
{
    enum introduction_state reached = INTRODUCTION_PROPOSED;
    if (code)
        (void)introduction_state_of(code, &reached);
    for (int s = 0; s <= (int)reached; s++)
        line->came_to[s] += times;
}

static void add_line(struct funnel_line *line, size_t kind, const struct introduction_tally *tally,
                     size_t count)
{
    line->label = kinds[kind].label;
    for (size_t i = 0; i < count; i++)
        if (counts(kind, &tally[i]))
            add(line, tally[i].reached, tally[i].times);
}

/* Which reasons of the match led how far: a line for each that spoke for a firm that was asked. */
static struct fault *count_spoke(struct door *d, struct deal_funnel *f)
{
    struct sight sight = door_sight(d);
    struct spoke_tally *tally = NULL;
    size_t count = 0;
    TRY(introductions_spoke(door_connection(d), door_arena(d), &sight, &tally, &count));
    f->spoke = NEW(door_arena(d), struct funnel_line, CRITERIA);
    for (int k = 0; k < CRITERIA; k++) {
        struct funnel_line line = {.label = criterion_label((enum criterion)k)};
        for (size_t i = 0; i < count; i++)
            if (strstr(tally[i].spoke, criterion_name((enum criterion)k)))
                add(&line, tally[i].reached, tally[i].times);
        if (line.came_to[INTRODUCTION_PROPOSED])
            f->spoke[f->spoke_count++] = line;
    }
    return NULL;
}

static struct fault *count_grappes(struct door *d, struct deal_funnel *f)
{
    struct sight sight = door_sight(d);
    struct grappe_tally *tally = NULL;
    size_t count = 0;
    TRY(introductions_of_grappes(door_connection(d), door_arena(d), &sight, &tally, &count));
    f->grappes = NEW(door_arena(d), struct funnel_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (!i || tally[i].grappe != tally[i - 1].grappe)
            f->grappes[f->grappe_count++].label = tally[i].name;
        add(&f->grappes[f->grappe_count - 1], tally[i].reached, tally[i].times);
    }
    return NULL;
}

/* Those of the askers and the facilitators stand in the tally; those of who was asked in their cards, which
 * facilitators see. */
static struct fault *count_reasons(struct door *d, const struct introduction_tally *tally, size_t count,
                                   struct deal_funnel *f)
{
    struct arena *a = door_arena(d);
    struct sight sight = door_sight(d);
    struct card_reason *given = NULL;
    size_t given_count = 0, capacity = 0;
    if (door_viewer(d)->roles & ROLE_FACILITATOR)
        TRY(introductions_card_reasons(door_connection(d), a, &sight, &given, &given_count));
    for (const struct choice *c = introduction_reasons; c->code; c++) {
        struct funnel_reason r = {c->label, 0};
        for (size_t i = 0; i < count; i++)
            r.times += tally[i].reason && strcmp(tally[i].reason, c->code) == 0 ? tally[i].times : 0;
        for (size_t i = 0; i < given_count; i++)
            r.times += strcmp(given[i].reason, c->code) == 0 ? given[i].times : 0;
        if (r.times)
            *PUSH(a, f->reasons, f->reason_count, capacity) = r;
    }
    return NULL;
}

static int by_days(const void *a, const void *b)
{
    const struct introduction_tally *x = a, *y = b;
    return (x->days > y->days) - (x->days < y->days);
}

/* Sorts the tally. */
static int64_t median_of(struct introduction_tally *tally, size_t count)
{
    int64_t answered = 0, passed = 0;
    for (size_t i = 0; i < count; i++)
        answered += known_integer(tally[i].days) ? tally[i].times : 0;
    if (count)
        qsort(tally, count, sizeof *tally, by_days); /* the unknown first */
    for (size_t i = 0; i < count && answered; i++) {
        passed += known_integer(tally[i].days) ? tally[i].times : 0;
        if (passed * 2 >= answered && known_integer(tally[i].days))
            return tally[i].days;
    }
    return UNKNOWN_INTEGER;
}

struct fault *deal_funnel(struct door *d, struct deal_funnel *f)
{
    struct arena *a = door_arena(d);
    struct sight sight = door_sight(d);
    struct introduction_tally *tally = NULL;
    size_t count = 0;
    TRY(introductions_tally(door_connection(d), a, &sight, &tally, &count));
    *f = (struct deal_funnel){.lines = NEW(a, struct funnel_line, COUNT(kinds)), .count = COUNT(kinds)};
    for (size_t k = 0; k < COUNT(kinds); k++)
        add_line(&f->lines[k], k, tally, count);
    for (size_t i = 0; i < count; i++) {
        enum introduction_state state;
        bool open = introduction_state_of(tally[i].state, &state) && introduction_open(state) &&
                    !introduction_places[state].rest;
        *(open ? &f->open : &f->ended) += tally[i].times;
    }
    TRY(count_reasons(d, tally, count, f));
    TRY(count_spoke(d, f));
    TRY(count_grappes(d, f));
    f->median_days = median_of(tally, count);
    return arena_check(a);
}
