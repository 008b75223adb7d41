/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "reading/reading.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "reading/read.h"
#include "text/fold.h"

struct fact *read_fact(struct reader *r, enum fact_kind kind, int first, int last)
{
    for (int i = first; i <= last; i++)
        r->used[i] = true;
    struct fact *f = PUSH(r->arena, r->out->facts, r->out->count, r->out->capacity);
    *f = (struct fact){.kind = kind,
                       .start = token_start(r->tokens, first),
                       .end = token_end(r->tokens, last),
                       .term = TERM_NONE,
                       .low = UNKNOWN_INTEGER,
                       .high = UNKNOWN_INTEGER,
                       .point = {UNKNOWN_REAL, UNKNOWN_REAL}};
    return f;
}

void read_remark(struct reader *r, enum reading_problem problem, enum fact_kind kind, int first, int last)
{
    *PUSH(r->arena, r->out->remarks, r->out->remark_count, r->out->remark_capacity) =
        (struct reading_remark){problem, kind, token_start(r->tokens, first), token_end(r->tokens, last)};
}

bool read_same_clause(const struct reader *r, int first, int last)
{
    for (int i = first; i <= last; i++)
        if (r->tokens->list[i].kind == TOKEN_SIGN && strchr(".;:!?()", *r->tokens->list[i].text.ptr))
            return false;
    return true;
}

/* An ambiguous phrase counts when something else in the text speaks for its meaning: a term of the same
 * branch, or one related to it either way. */
static bool is_supported(const struct lexicon *x, const struct lexicon_hit *hits, int count, int at)
{
    const struct term_tree *t = lexicon_taxonomy(x);
    for (int i = 0; i < count; i++) {
        if (i == at || hits[i].ambiguous || hits[i].inner || hits[i].negated || hits[i].meaning >= t->count)
            continue;
        int a = hits[at].meaning, b = hits[i].meaning;
        if (t->terms[a].facet == t->terms[b].facet && taxonomy_lca(t, a, b) != TERM_NONE)
            return true;
        for (int k = 0; k < t->terms[a].related_count; k++)
            if (taxonomy_within(t, b, t->terms[a].related[k]))
                return true;
        for (int k = 0; k < t->terms[b].related_count; k++)
            if (taxonomy_within(t, a, t->terms[b].related[k]))
                return true;
    }
    return false;
}

/* A term inside a longer term is that term ("titane" in "titane grade 5"). A term inside an idea stays
 * itself: ideas are never facts, and must not hide one ("décolletage" in "décolletage de précision"); nor
 * does a thing hide what it is made of
 * ("bracelet alligator"). */
static bool is_part_of_a_term(const struct term_tree *t, const struct reading *text, int at)
{
    const struct lexicon_hit *h = &text->hits[at];
    for (int i = 0; h->inner && i < text->hit_count; i++) {
        const struct lexicon_hit *other = &text->hits[i];
        if (other->meaning < t->count &&
            !(t->terms[h->meaning].facet == FACET_MATERIAL &&
              t->terms[other->meaning].facet != FACET_MATERIAL) &&
            other->first <= h->first && other->last >= h->last &&
            other->last - other->first > h->last - h->first)
            return true;
    }
    return false;
}

/* "Mille boîtes": what was read as an amount or a size is no word any more ("mill"). */
static bool is_measured(const struct reading *text, int facts, const struct lexicon_hit *h)
{
    for (int i = 0; i < facts; i++)
        if (text->words.list[h->first].start >= text->facts[i].start &&
            text->words.list[h->last].end <= text->facts[i].end && text->facts[i].kind != FACT_GRADE)
            return true;
    return false;
}

static void read_terms(struct reader *r, const struct lexicon *x)
{
    struct reading *out = r->out;
    const struct words *w = &out->words;
    int measured = out->count;
    for (int i = 0; i < out->hit_count; i++) {
        const struct lexicon_hit *h = &out->hits[i];
        if (is_measured(out, measured, h) || h->meaning >= lexicon_taxonomy(x)->count ||
            is_part_of_a_term(lexicon_taxonomy(x), out, i) ||
            (h->ambiguous && !is_supported(x, out->hits, out->hit_count, i)))
            continue;
        *PUSH(r->arena, out->facts, out->count, out->capacity) =
            (struct fact){.kind = FACT_TERM,
                          .start = w->list[h->first].start,
                          .end = w->list[h->last].end,
                          .term = h->meaning,
                          .negated = h->negated,
                          .refused = h->refused,
                          .low = UNKNOWN_INTEGER,
                          .high = UNKNOWN_INTEGER,
                          .point = {UNKNOWN_REAL, UNKNOWN_REAL}};
    }
}

static int by_place(const void *a, const void *b)
{
    const struct fact *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return x->kind != y->kind ? (int)x->kind - (int)y->kind : x->term - y->term;
}

/* Two quantities a month, deadlines or distances that differ cannot both be meant. */
static void find_contradictions(struct reader *r)
{
    struct reading *out = r->out;
    for (int i = 0; i < out->count; i++)
        for (int j = i + 1; j < out->count; j++) {
            const struct fact *x = &out->facts[i], *y = &out->facts[j];
            if (x->kind == y->kind && x->low != y->low &&
                (x->kind == FACT_DEADLINE || x->kind == FACT_DISTANCE))
                *PUSH(r->arena, out->remarks, out->remark_count, out->remark_capacity) =
                    (struct reading_remark){READING_CONTRADICTION, y->kind, y->start, y->end};
        }
}

struct fault *read_text(struct arena *a, const struct lexicon *x, struct stemming *stemming,
                        struct slice text, int64_t today, const struct reading_places *places,
                        struct reading **result)
{
    if (!utf8_valid(text))
        return fault(FAULT_INVALID, "The text is not valid UTF-8.");
    struct reading *out = NEW(a, struct reading, 1);
    *result = out;
    out->words = words_split(a, text);
    out->hit_count = lexicon_scan(x, a, stemming, &out->words, &out->hits);
    struct tokens tokens = tokens_split(a, &out->words);
    struct reader r = {.arena = a,
                       .tokens = &tokens,
                       .out = out,
                       .tree = lexicon_taxonomy(x),
                       .today = today,
                       .places = places,
                       .used = NEW(a, bool, tokens.count + 8)};
    read_measures(&r);
    read_deadlines(&r);
    read_places(&r);
    read_amounts(&r);
    read_terms(&r, x);
    if (out->count)
        qsort(out->facts, (size_t)out->count, sizeof *out->facts, by_place);
    find_contradictions(&r);
    return arena_check(a);
}

const char *reading_problem_text(enum reading_problem problem)
{
    switch (problem) {
    case READING_REVERSED:
        return N_("The first bound is larger than the second.");
    case READING_NOT_POSITIVE:
        return N_("This must be more than zero.");
    case READING_PAST:
        return N_("This date is in the past.");
    case READING_TOO_LARGE:
        return N_("This number is too large to be meant.");
    case READING_CONTRADICTION:
        return N_("This contradicts what is said before.");
    }
    return "";
}
