/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* need.c - a need's fields out of its text. */
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "matching/internal.h"

static void set_if_unknown(int64_t *field, int64_t value)
{
    if (!known_integer(*field))
        *field = value;
}

static void widen_size(struct match_need *n, const struct fact *f)
{
    if (f->role == SIZE_DETAIL) {
        if (known_integer(f->low) && (!known_integer(n->size_min) || f->low > n->size_min))
            n->size_min = f->low;
        return;
    }
    if (known_integer(f->low) && (!known_integer(n->size_min) || f->low < n->size_min))
        n->size_min = f->low;
    if (known_integer(f->high) && (!known_integer(n->size_max) || f->high > n->size_max))
        n->size_max = f->high;
}

/* The size that counts is what a machine must hold: diameters if any are named, else the envelope, else
 * lengths. A detail (a wall, a hole) alone tells that the piece is no smaller: "from". */
static void read_sizes(const struct reading *text, struct match_need *n)
{
    static const enum size_role order[] = {SIZE_DIAMETER, SIZE_ENVELOPE, SIZE_LENGTH, SIZE_DETAIL};
    for (size_t k = 0; k < COUNT(order) && !known_integer(n->size_min) && !known_integer(n->size_max); k++)
        for (int i = 0; i < text->count; i++)
            if (text->facts[i].kind == FACT_SIZE && text->facts[i].role == order[k])
                widen_size(n, &text->facts[i]);
    if (known_integer(n->size_min) && known_integer(n->size_max) && n->size_min > n->size_max)
        n->size_min = n->size_max; /* "from 5 mm" beside "up to 3 mm": the text contradicts itself */
}

struct detail_set details_of(struct arena *a, const struct reading *text, bool ranges_only)
{
    struct match_detail *list = NEW(a, struct match_detail, text->count + 1);
    int count = 0;
    for (int i = 0; i < text->count; i++)
        if (text->facts[i].detail != DETAIL_OTHER &&
            (!ranges_only || text->facts[i].range ||
             known_integer(text->facts[i].low) != known_integer(text->facts[i].high)))
            list[count++] =
                (struct match_detail){text->facts[i].detail, text->facts[i].low, text->facts[i].high};
    return (struct detail_set){list, count};
}

/* "alésage 0,8 mm": a process with a size right behind it is a shape the piece has, not the trade that is
 * asked. */
static bool is_shape(const struct term_tree *t, const struct reading *text, int at)
{
    enum { NEXT_WORD = 6 }; /* "Ø", "de ", "diam. " */
    const struct fact *f = &text->facts[at];
    if (t->terms[f->term].facet != FACET_PROCESS)
        return false;
    for (int i = at + 1; i < text->count && text->facts[i].start <= f->end + NEXT_WORD; i++)
        if (text->facts[i].kind == FACT_SIZE && text->facts[i].start >= f->end)
            return true;
    return false;
}

static void add_terms(struct arena *a, const struct term_tree *t, const struct reading *text,
                      struct match_need *n)
{
    int *terms = NEW(a, int, n->term_count + text->count + 1), count = n->term_count;
    int *required = NEW(a, int, n->required_count + text->count + 1), required_count = n->required_count;
    if (count)
        memcpy(terms, n->terms, (size_t)count * sizeof *terms);
    if (required_count)
        memcpy(required, n->required, (size_t)required_count * sizeof *required);
    for (int i = 0; i < text->count; i++) {
        const struct fact *f = &text->facts[i];
        if (f->kind != FACT_TERM || f->negated || is_shape(t, text, i))
            continue;
        bool certificate = t->terms[f->term].facet == FACET_CERTIFICATION;
        int *list = certificate ? required : terms, *n_list = certificate ? &required_count : &count;
        bool known = false;
        for (int k = 0; k < *n_list; k++)
            known |= list[k] == f->term;
        if (!known)
            list[(*n_list)++] = f->term;
    }
    n->terms = terms;
    n->term_count = count;
    n->required = required;
    n->required_count = required_count;
}

struct fault *match_read_need(struct arena *a, const struct lexicon *x, struct stemming *stemming,
                              int64_t today, const struct reading_places *places, struct match_need *n,
                              struct reading **out)
{
    struct reading *text;
    if (n->text.len > LIMIT_NEED_TEXT)
        return fault_in("text",
                        fault(FAULT_LIMIT, "The text is longer than %d characters.", LIMIT_NEED_TEXT));
    TRY(read_text(a, x, stemming, n->text, today, places, &text));
    *out = text;
    add_terms(a, lexicon_taxonomy(x), text, n);
    read_sizes(text, n);
    for (int i = 0; i < text->count; i++) {
        const struct fact *f = &text->facts[i];
        switch (f->kind) {
        case FACT_TOLERANCE:
            if (!known_integer(n->tolerance) || f->low < n->tolerance)
                n->tolerance = f->low;
            break;
        case FACT_GRADE:
            set_if_unknown(&n->it_grade, f->low);
            break;
        case FACT_VOLUME:
            set_if_unknown(&n->volume, f->low);
            break;
        case FACT_QUANTITY:
            set_if_unknown(&n->quantity, f->low);
            break;
        case FACT_BATCH:
            set_if_unknown(&n->quantity, known_integer(f->high) ? f->high : f->low);
            break;
        case FACT_DEADLINE:
            if (f->low >= today)
                set_if_unknown(&n->deadline, f->low);
            break;
        case FACT_DISTANCE:
            if (!known_real(n->max_km))
                n->max_km = (double)f->low;
            break;
        case FACT_PLACE:
            if (!known_real(n->point.lat))
                n->point = f->point;
            break;
        case FACT_TERM:
        case FACT_SIZE:
        case FACT_DETAIL:
        case FACT_ROUGHNESS:
        case FACT_EXCLUDED:
            break;
        }
    }
    return NULL;
}
