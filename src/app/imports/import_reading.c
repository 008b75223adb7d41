/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "imports/import_reading.h"

#include <string.h>

#include "arena/arena.h"
#include "catalogue/internal.h"
#include "clock/clock.h"
#include "directory/internal.h"
#include "reading/reading.h"
#include "text/buffer.h"

struct reader {
    const struct catalogue *catalogue;
    struct stemming *stemming;
};

static struct term_list *list_of(struct capability *k, enum facet facet)
{
    return facet == FACET_PROCESS     ? &k->processes
           : facet == FACET_MATERIAL  ? &k->materials
           : facet == FACET_COMPONENT ? &k->components
                                      : NULL;
}

static void add_term(struct arena *a, const struct reading *text, struct term_list *list, int64_t id)
{
    if (!list->ids)
        list->ids = NEW(a, int64_t, text->count);
    for (size_t i = 0; i < list->count; i++)
        if (list->ids[i] == id)
            return;
    list->ids[list->count++] = id;
}

static void add_terms(const struct reader *r, struct arena *a, const struct reading *text, struct capability *k)
{
    const struct catalogue_engines *e = r->catalogue->engines;
    for (int i = 0; i < text->count; i++) {
        const struct fact *f = &text->facts[i];
        if (f->kind != FACT_TERM || f->negated)
            continue;
        struct term_list *list = list_of(k, e->tree->terms[f->term].facet);
        if (list && list->count < LIMIT_TERMS)
            add_term(a, text, list, e->node_term[f->term]);
    }
}

static void keep_smallest(int64_t *field, int64_t value)
{
    if (!known_integer(*field) || value < *field)
        *field = value;
}

static void add_numbers(const struct reading *text, struct capability *k)
{
    for (int i = 0; i < text->count; i++) {
        const struct fact *f = &text->facts[i];
        if (f->kind == FACT_TOLERANCE)
            keep_smallest(&k->tolerance, f->low);
        else if (f->kind == FACT_GRADE)
            keep_smallest(&k->it_grade, f->low);
        else if (f->kind == FACT_SIZE && f->role != SIZE_DETAIL) {
            if (known_integer(f->low))
                keep_smallest(&k->size.lo, f->low);
            if (known_integer(f->high) && (!known_integer(k->size.hi) || f->high > k->size.hi))
                k->size.hi = f->high;
        }
    }
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

static struct fault *read_activity_text(void *with, struct arena *a, const char *text, struct capability *k)
{
    struct reader *r = with;
    struct reading *found = NULL;
    if (k->title) /* columns of the file say it */
        return NULL;
    TRY(read_text(a, r->catalogue->engines->lexicon, r->stemming, slice_of(text), today(), NULL, &found));
    struct capability read = *k;
    add_terms(r, a, found, &read);
    if (!read.processes.count)
        return NULL;
    add_numbers(found, &read);
    read.title = title_of(r, a, &read.processes);
    read.origin = "read";
    *k = read;
    return NULL;
}

struct fault *import_reading(struct door *d, struct import_options *options)
{
    struct arena *a = door_arena(d);
    struct reader *r = NEW(a, struct reader, 1);
    TRY(catalogue_of(d, &r->catalogue));
    r->stemming = stemming_new(a);
    options->read_text = read_activity_text;
    options->read_with = r;
    return NULL;
}
