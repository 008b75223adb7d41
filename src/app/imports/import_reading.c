/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "imports/import_reading.h"

#include <string.h>

#include "arena/arena.h"
#include "catalogue/internal.h"
#include "clock/clock.h"
#include "reading/reading.h"
#include "text/buffer.h"
#include "text/capital.h"

struct reader {
    const struct catalogue *catalogue;
    const struct catalogue_engines *engines;
    struct stemming *stemming;
};

static struct term_list *list_of(struct capability *k, enum facet facet)
{
    return facet == FACET_PROCESS     ? &k->processes
           : facet == FACET_MATERIAL  ? &k->materials
           : facet == FACET_COMPONENT ? &k->components
                                      : NULL;
}

static void add_terms(const struct reader *r, struct arena *a, const struct reading *text,
                      struct capability *k)
{
    const struct catalogue_engines *e = r->engines;
    for (int i = 0; i < text->count; i++) {
        const struct fact *f = &text->facts[i];
        struct term_list *list = f->kind == FACT_TERM ? list_of(k, e->tree->terms[f->term].facet) : NULL;
        if (list && !f->negated && list->count < LIMIT_TERMS)
            term_list_add(a, list, e->node_term[f->term]);
    }
}

static void keep_smallest(int64_t *field, int64_t value)
{
    if (!known_integer(*field) || value < *field)
        *field = value;
}

static void widen(struct interval *size, int64_t low, int64_t high)
{
    if (known_integer(low))
        keep_smallest(&size->lo, low);
    if (known_integer(high) && (!known_integer(size->hi) || high > size->hi))
        size->hi = high;
}

static void add_numbers(const struct reading *text, struct capability *k)
{
    struct capability read = *k;
    bool sized = known_integer(k->size.lo) || known_integer(k->size.hi);
    for (int i = 0; i < text->count; i++) {
        const struct fact *f = &text->facts[i];
        if (f->kind == FACT_TOLERANCE && !known_integer(k->tolerance))
            keep_smallest(&read.tolerance, f->low);
        else if (f->kind == FACT_GRADE && !known_integer(k->it_grade))
            keep_smallest(&read.it_grade, f->low);
        else if (f->kind == FACT_SIZE && f->role != SIZE_DETAIL && !sized)
            widen(&read.size, f->low, f->high);
    }
    *k = read;
}

/* "Décolletage, polissage": the space speaks French, whoever imports. */
static const char *title_of(const struct reader *r, struct arena *a, const struct term_list *processes)
{
    enum { MOST = 150 };
    struct buffer *b = buffer_new(a, 2 * KIB);
    for (size_t i = 0; i < processes->count; i++) {
        const char *label = catalogue_term(r->catalogue, processes->ids[i])->label;
        if (!b->len || b->len + strlen(label) < MOST)
            buffer_print(b, "%s%s", b->len ? ", " : "", label);
    }
    return capitalised(a, buffer_string(b));
}

static bool says_more(const struct capability *read, const struct capability *given)
{
    for (int i = 0; i < capability_type.count; i++)
        if (!field_equal(&capability_type.fields[i], read, given))
            return true;
    return false;
}

/* Is the know-how nothing but these words? Then what they say is its content; else the file says it in
 * columns. */
static bool made_of(const struct capability *k, const char *text)
{
    size_t length = k->title ? strlen(k->title) : 0, cut = strlen("…");
    if (length > cut && strcmp(k->title + length - cut, "…") == 0)
        length -= cut;
    return strncmp(text, k->title ? k->title : "", length) == 0;
}

static struct fault *read_own_words(void *with, struct arena *a, const char *text, struct capability *k)
{
    struct reader *r = with;
    struct reading *found = NULL;
    if (!made_of(k, text))
        return NULL;
    TRY(read_text(a, r->engines->lexicon, r->stemming, slice_of(text), today(), NULL, &found));
    struct capability read = *k;
    add_terms(r, a, found, &read);
    add_numbers(found, &read);
    if (!read.processes.count || !says_more(&read, k))
        return NULL;
    read.title = k->title ? k->title : title_of(r, a, &read.processes);
    read.origin = "read";
    *k = read;
    return NULL;
}

struct fault *import_reading(struct door *d, struct import_options *options)
{
    struct arena *a = door_arena(d);
    struct reader *r = NEW(a, struct reader, 1);
    TRY(catalogue_of(d, &r->catalogue));
    TRY(catalogue_engines_of(r->catalogue, &r->engines));
    r->stemming = stemming_new(a);
    options->read_text = read_own_words;
    options->read_with = r;
    return NULL;
}
