/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_suggest.c - what the search box proposes, with how much stands behind it. */
#include <string.h>

#include "arena/arena.h"
#include "directory/internal.h"
#include "i18n/i18n.h"
#include "text/capital.h"

static const char *organisations(struct arena *a, int64_t count)
{
    return arena_print(a, tr_plural(count, "%s organisation", "%s organisations"), integer_print(a, count));
}

static const char *facet_hint(struct arena *a, enum directory_facet facet, int64_t count)
{
    return arena_print(a, "%s · %s", tr(directory_facets[facet].label), organisations(a, count));
}

/* A commune as a filter: the value whose label it is. */
static void fill_place(struct arena *a, const struct directory_index *x, const char *name,
                       struct directory_suggestion *out)
{
    for (uint32_t v = x->first[DIRECTORY_COMMUNE]; v < x->first[DIRECTORY_COMMUNE + 1]; v++)
        if (strcmp(x->values[v].label[LANGUAGE_FR], name) == 0) {
            out->facet_name = directory_facets[DIRECTORY_COMMUNE].name;
            out->facet_value = x->values[v].code;
            out->hint = facet_hint(a, DIRECTORY_COMMUNE, x->values[v].count);
        }
}

static void fill_term(struct arena *a, const struct catalogue *c, int64_t id,
                      struct directory_suggestion *out)
{
    const struct term *t = catalogue_term(c, id);
    enum directory_facet facet = directory_facet_of_term(t);
    if (facet == DIRECTORY_FACETS)
        return;
    out->label = capitalised(a, out->label);
    out->facet_name = directory_facets[facet].name;
    out->facet_value = t->code;
    out->hint = facet_hint(a, facet, directory_term_count(c, id));
}

static void fill_organisation(const struct catalogue *c, int64_t id, struct directory_suggestion *out)
{
    const struct catalogue_entry *e = catalogue_find(c, id);
    out->organisation = id;
    out->hint = e && e->main_site && e->main_site->commune ? e->main_site->commune : "";
}

struct fault *directory_suggest(struct door *d, const char *typed, size_t most,
                                struct directory_suggestion **out, size_t *count)
{
    struct arena *a = door_arena(d);
    const struct catalogue *c = NULL;
    struct suggestion *found = NULL;
    size_t n = 0;
    *count = 0;
    TRY(catalogue_of(d, &c));
    TRY(catalogue_suggest(c, a, typed, most, &found, &n));
    *out = NEW(a, struct directory_suggestion, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct directory_suggestion s = {.label = found[i].text, .hint = ""};
        if (strcmp(found[i].kind, "organisation") == 0)
            fill_organisation(c, found[i].id, &s);
        else if (strcmp(found[i].kind, "term") == 0)
            fill_term(a, c, found[i].id, &s);
        else
            fill_place(a, c->directory, s.label, &s);
        if (s.organisation || s.facet_name)
            (*out)[(*count)++] = s;
    }
    return NULL;
}
