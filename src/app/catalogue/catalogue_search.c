/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* catalogue_search.c - the words under which an organisation is found. */
#include <string.h>

#include "arena/arena.h"
#include "catalogue/internal.h"
#include "search/search.h"
#include "text/fold.h"

/* What a word is worth by where it stands; ratios matter, not the scale. */
static const float name_weight = 4.0F, title_weight = 2.0F, place_weight = 1.5F, term_weight = 1.2F,
                   text_weight = 1.0F, synonym_weight = 0.6F;

struct texts {
    struct arena *arena;
    struct search_text *at;
    size_t count, capacity;
};

static void add(struct texts *t, uint32_t document, float weight, const char *text)
{
    if (text && *text)
        *PUSH(t->arena, t->at, t->count, t->capacity) =
            (struct search_text){document, weight, slice_of(text)};
}

static void add_entry(struct texts *t, const struct catalogue *c, uint32_t i)
{
    const struct catalogue_entry *e = &c->entries[i];
    add(t, i, name_weight, e->organisation.name);
    add(t, i, name_weight, e->organisation.short_name);
    add(t, i, text_weight, e->organisation.activity);
    add(t, i, text_weight, e->organisation.siren);
    for (size_t k = 0; k < e->capability_count; k++) {
        add(t, i, title_weight, e->capabilities[k].title);
        add(t, i, text_weight, e->capabilities[k].description);
    }
    for (size_t k = 0; k < e->equipment_count; k++)
        add(t, i, text_weight, e->equipment[k].name);
    for (size_t k = 0; k < e->site_count; k++) {
        add(t, i, place_weight, e->sites[k].commune);
        add(t, i, text_weight, e->sites[k].postcode);
    }
    for (size_t k = 0; k < e->term_count; k++) {
        const struct term *term = catalogue_term(c, e->terms[k]);
        add(t, i, term_weight, term->label);
        add(t, i, term_weight, term->label_en);
        add(t, i, synonym_weight, term->synonyms);
        add(t, i, synonym_weight, term->synonyms_en);
    }
}

static struct fault *make_index(struct catalogue_build *b)
{
    ARENA_SCOPE(work);
    struct texts texts = {.arena = work};
    for (uint32_t i = 0; i < b->catalogue.count; i++)
        add_entry(&texts, &b->catalogue, i);
    TRY(arena_check(work));
    const struct search_index *index =
        search_index_new(b->arena, texts.at, texts.count, (uint32_t)b->catalogue.count);
    TRY(arena_check(b->arena));
    b->search = index;
    return NULL;
}

/* Made when words are first searched: it takes most of the time that a catalogue does. */
static struct fault *search_of(struct catalogue_build *b, const struct search_index **out)
{
    (void)pthread_mutex_lock(&b->making);
    struct fault *failed = catalogue_made(b, b->search ? NULL : make_index(b));
    *out = b->search;
    (void)pthread_mutex_unlock(&b->making);
    return failed;
}

struct fault *catalogue_search(const struct catalogue *c, struct arena *a, const char *query,
                               const struct catalogue_hit **found, size_t *count)
{
    struct slice typed = slice_of(query);
    if (!utf8_valid(typed))
        return fault_in("q", fault(FAULT_INVALID, "This text is not readable (not UTF-8)."));
    const struct search_index *index = NULL;
    TRY(search_of(c->build, &index));
    struct search_hit *hits = NULL;
    size_t total = 0;
    size_t n = search(index, a, typed, (struct search_options){0}, &hits, &total);
    struct catalogue_hit *out = NEW(a, struct catalogue_hit, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct catalogue_hit){hits[i].document, hits[i].score};
    *found = out;
    *count = n;
    return NULL;
}

/* Whether some word of the text begins with the folded prefix. */
static bool begins(struct arena *a, const char *text, struct slice prefix)
{
    struct slice folded = fold(a, slice_of(text)), word;
    if (slice_starts(folded, prefix))
        return true;
    for (size_t at = 0; next_word(folded, &at, &word);)
        if (slice_starts(slice_from(folded, (size_t)(word.ptr - folded.ptr)), prefix))
            return true;
    return false;
}

struct suggestions {
    struct suggestion *at;
    size_t count, most;
};

static void suggest(struct suggestions *s, const char *text, const char *kind, int64_t id)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->at[i].text, text) == 0)
            return;
    if (s->count < s->most)
        s->at[s->count++] = (struct suggestion){text, kind, id};
}

struct fault *catalogue_suggest(const struct catalogue *c, struct arena *a, const char *typed, size_t most,
                                struct suggestion **out, size_t *count)
{
    struct slice prefix = slice_trim(fold(a, slice_of(typed)));
    struct suggestions s = {.at = NEW(a, struct suggestion, most + 1), .most = most};
    for (size_t i = 0; prefix.len && i < c->count && s.count < most; i++)
        if (begins(a, c->entries[i].organisation.name, prefix))
            suggest(&s, c->entries[i].organisation.name, "organisation", c->entries[i].organisation.id);
    for (size_t i = 0; prefix.len && i < c->term_count && s.count < most; i++) {
        if (!begins(a, term_label(&c->terms[i]), prefix))
            continue;
        bool used = false;
        for (size_t k = 0; k < c->count && !used; k++)
            used = entry_has_term(&c->entries[k], c->terms[i].id);
        if (used)
            suggest(&s, term_label(&c->terms[i]), "term", c->terms[i].id);
    }
    for (size_t i = 0; prefix.len && i < c->count && s.count < most; i++) {
        const struct site *site = c->entries[i].main_site;
        if (site && site->commune && begins(a, site->commune, prefix))
            suggest(&s, site->commune, "place", 0);
    }
    *out = s.at;
    *count = s.count;
    return NULL;
}
