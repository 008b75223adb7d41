/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_terms.c - the terms of the space by every exact way to write them: code, labels, synonyms. Reading
 * facts out of sentences is not done here. */
#include <string.h>

#include "arena/arena.h"
#include "door/door.h"
#include "imports/import_line.h"
#include "rows/rows.h"
#include "text/fold.h"

struct entry {
    struct slice key;
    const char *facet;
    int64_t id;
};

struct import_terms {
    struct entry *entries; /* open addressing; an empty key is a free place */
    size_t capacity;       /* a power of two */
};

/* Words in one form: "ISO 9001:2015", "iso-9001 2015" and "Iso 9001 : 2015" are one, and so are plurals. */
static struct slice key_of(struct arena *a, struct slice text)
{
    struct slice folded = fold(a, text), word;
    char *key = NEW(a, char, folded.len + 2);
    size_t at = 0, length = 0;
    while (next_word(folded, &at, &word)) {
        if (word.len > 3 && (word.ptr[word.len - 1] == 's' || word.ptr[word.len - 1] == 'x'))
            word.len--;
        if (length)
            key[length++] = ' ';
        memcpy(key + length, word.ptr, word.len);
        length += word.len;
    }
    return (struct slice){key, length};
}

static uint64_t hash(struct slice key)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < key.len; i++)
        h = (h ^ (unsigned char)key.ptr[i]) * UINT64_C(1099511628211);
    return h;
}

static void add(struct import_terms *t, struct arena *a, const struct term *term, struct slice way)
{
    if (way.len && way.ptr[0] == '~') /* means something else too, but not in a column of its facet */
        way = slice_from(way, 1);
    struct slice key = key_of(a, way);
    if (!key.len)
        return;
    size_t i = hash(key) & (t->capacity - 1);
    for (; t->entries[i].key.len; i = (i + 1) & (t->capacity - 1))
        if (slice_equal(t->entries[i].key, key) && strcmp(t->entries[i].facet, term->facet) == 0)
            return; /* the first term keeps it */
    t->entries[i] = (struct entry){key, term->facet, term->id};
}

static void add_all(struct import_terms *t, struct arena *a, const struct term *term)
{
    const char *lists[] = {term->code, term->label, term->label_en, term->synonyms, term->synonyms_en};
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct slice rest = slice_of(lists[i]), way;
        while (slice_cut(&rest, '|', &way))
            add(t, a, term, slice_trim(way));
    }
}

static size_t ways(const struct term *term)
{
    size_t count = 5;
    const char *lists[] = {term->synonyms, term->synonyms_en};
    for (size_t i = 0; i < COUNT(lists); i++)
        for (const char *p = lists[i]; p && *p; p++)
            count += *p == '|';
    return count;
}

struct fault *import_terms_load(struct door *d, struct arena *a, const struct import_terms **out)
{
    static const struct sight everything = {.program = "import"};
    struct term *all = NULL;
    size_t count = 0, total = 0;
    int64_t matching = 0;
    struct list_query query = {.type = &term_type, .limit = LIMIT_EXPORT_ROWS};
    TRY(rows_list(door_connection(d), a, &query, &everything, (void **)&all, &count, &matching));
    struct import_terms *t = NEW(a, struct import_terms, 1);
    for (size_t i = 0; i < count; i++)
        total += ways(&all[i]);
    for (t->capacity = 64; t->capacity < 2 * total;)
        t->capacity *= 2;
    t->entries = NEW(a, struct entry, t->capacity);
    for (size_t i = 0; i < count; i++)
        if (!known_integer(all[i].retired))
            add_all(t, a, &all[i]);
    *out = t;
    return NULL;
}

static const struct entry *find(const struct import_terms *t, struct slice key, const char *facets)
{
    for (size_t i = hash(key) & (t->capacity - 1); key.len && t->entries[i].key.len;
         i = (i + 1) & (t->capacity - 1))
        if (slice_equal(t->entries[i].key, key) && facet_taken(facets, t->entries[i].facet))
            return &t->entries[i];
    return NULL;
}

/* "certifie iso 9001 2015" without what people add to the name of a standard. */
static struct slice bare(struct slice key)
{
    static const char *const openings[] = {"certifie ", "certification ", "norme ", "agrement ", "label "};
    for (size_t i = 0; i < COUNT(openings); i++)
        if (slice_starts(key, slice_of(openings[i])))
            key = slice_from(key, strlen(openings[i]));
    if (key.len > 5 && key.ptr[key.len - 5] == ' ' &&
        (memcmp(key.ptr + key.len - 4, "19", 2) == 0 || memcmp(key.ptr + key.len - 4, "20", 2) == 0))
        key.len -= 5;
    return key;
}

int64_t import_term(const struct import_terms *t, struct slice piece, const char *facets, const char **facet)
{
    ARENA_SCOPE(work);
    struct slice key = key_of(work, piece);
    const struct entry *found = find(t, key, facets);
    if (!found)
        found = find(t, bare(key), facets);
    if (facet)
        *facet = found ? found->facet : NULL;
    return found ? found->id : 0;
}
