/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* search.c - a sorted dictionary with postings; a query walks the words that can meet it. */
#include "search/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "text/fold.h"
#include "text/stem.h"
#include "words/words.h"

struct posting {
    uint32_t document;
    float weight;
};

struct entry {
    struct slice text, stem;
    uint32_t first, count; /* postings */
};

struct search_index {
    struct entry *entries; /* sorted */
    uint32_t count;
    struct posting *postings;
    uint32_t documents;
};

/* Words too common to carry a query. Sorted. */
static const char *const empty_words[] = {"a",  "au", "aux", "avec", "d",   "dans", "de", "des", "du",
                                          "en", "et", "for", "in",   "l",   "la",   "le", "les", "of",
                                          "on", "ou", "par", "pour", "sur", "the",  "un", "une", "with"};

static int compare_text(const void *key, const void *entry)
{
    return slice_compare(*(const struct slice *)key, slice_of(*(const char *const *)entry));
}

static bool is_empty_word(struct slice word)
{
    return bsearch(&word, empty_words, COUNT(empty_words), sizeof *empty_words, compare_text) != NULL;
}

struct occurrence {
    uint32_t word; /* number in the vocabulary */
    struct posting posting;
};

static size_t gather(struct arena *a, const struct search_text *texts, size_t count, struct vocabulary *met,
                     struct occurrence **out)
{
    size_t found = 0, capacity = 0;
    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        struct slice folded = fold(a, texts[i].text), word;
        for (size_t at = 0; next_word(folded, &at, &word);)
            *PUSH(a, *out, found, capacity) =
                (struct occurrence){vocabulary_add(met, word), {texts[i].document, texts[i].weight}};
    }
    return found;
}

static int compare_entries(const void *a, const void *b)
{
    return slice_compare(((const struct entry *)a)->text, ((const struct entry *)b)->text);
}

/* The words met, sorted, with their stems; place[number] is where the word of that number went. */
static void enter_words(struct search_index *index, struct arena *a, const struct vocabulary *met,
                        uint32_t *place)
{
    ARENA_SCOPE(work);
    struct stemmer *french = stemmer_new(work, LANGUAGE_FR);
    index->entries = NEW(a, struct entry, index->count + 1);
    for (uint32_t i = 0; i < index->count; i++)
        index->entries[i] = (struct entry){.text = vocabulary_text(met, i), .first = i};
    qsort(index->entries, index->count, sizeof *index->entries, compare_entries);
    for (uint32_t i = 0; i < index->count; i++) {
        struct entry *e = &index->entries[i];
        struct slice root = stem(french, e->text);
        place[e->first] = i;
        *e = (struct entry){{slice_text(a, e->text), e->text.len}, {slice_text(a, root), root.len}, 0, 0};
    }
}

/* A document's texts follow each other, so its postings of a word do: the best weight stays. */
static void enter_posting(struct posting *postings, struct entry *e, struct posting p)
{
    struct posting *last = e->count ? &postings[e->first + e->count - 1] : NULL;
    if (!last || last->document != p.document)
        postings[e->first + e->count++] = p;
    else if (last->weight < p.weight)
        last->weight = p.weight;
}

/* Words are numbered as they are met and only the distinct ones sorted: they are few beside the occurrences.
 */
struct search_index *search_index_new(struct arena *a, const struct search_text *texts, size_t count,
                                      uint32_t documents)
{
    ARENA_SCOPE(work);
    struct occurrence *all;
    struct vocabulary *met = vocabulary_new(work);
    size_t found = gather(work, texts, count, met, &all);
    struct search_index *index = NEW(a, struct search_index, 1);
    *index = (struct search_index){.count = vocabulary_count(met), .documents = documents};
    uint32_t *place = NEW(work, uint32_t, index->count + 1), *room = NEW(work, uint32_t, index->count + 1);
    enter_words(index, a, met, place);
    for (size_t i = 0; i < found; i++)
        room[place[all[i].word]]++;
    for (uint32_t i = 0, used = 0; i < index->count; used += room[i++])
        index->entries[i].first = used;
    index->postings = NEW(a, struct posting, found + 1);
    for (size_t i = 0; i < found; i++)
        enter_posting(index->postings, &index->entries[place[all[i].word]], all[i].posting);
    return index;
}

bool within_one_edit(struct slice a, struct slice b)
{
    if (a.len > b.len) {
        struct slice longer = a;
        a = b;
        b = longer;
    }
    if (b.len - a.len > 1)
        return false;
    size_t i = 0;
    while (i < a.len && a.ptr[i] == b.ptr[i])
        i++;
    if (a.len < b.len)
        return slice_equal(slice_from(a, i), slice_from(b, i + 1));
    if (i == a.len || slice_equal(slice_from(a, i + 1), slice_from(b, i + 1)))
        return true;
    return i + 1 < a.len && a.ptr[i] == b.ptr[i + 1] && a.ptr[i + 1] == b.ptr[i] &&
           slice_equal(slice_from(a, i + 2), slice_from(b, i + 2));
}

/* The first word not before `text`. */
static size_t lower_bound(const struct search_index *index, struct slice text)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(index->entries[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The best score each document reached for one word of the query. */
struct reach {
    float *best; /* per document */
};

static void credit(const struct search_index *index, size_t word, float closeness, struct reach *reach)
{
    const struct entry *w = &index->entries[word];
    float rarity = logf(1.0F + (float)index->documents / (float)w->count);
    for (uint32_t i = 0; i < w->count; i++) {
        const struct posting *p = &index->postings[w->first + i];
        float score = p->weight * rarity * closeness;
        if (score > reach->best[p->document])
            reach->best[p->document] = score;
    }
}

enum { SHORTEST_SLIP = 4 };
static const float exact = 1.0F, same_stem = 0.85F, beginning = 0.7F, slip = 0.5F;

static void reach_word(const struct search_index *index, struct stemmer *french, struct slice asked,
                       bool beginnings, struct reach *reach)
{
    bool known = false;
    size_t at = lower_bound(index, asked);
    for (size_t i = at; i < index->count && slice_starts(index->entries[i].text, asked); i++) {
        bool whole = index->entries[i].text.len == asked.len;
        if (whole || beginnings)
            credit(index, i, whole ? exact : beginning, reach);
        known |= whole || (beginnings && asked.len >= 3);
    }
    struct slice root = stem(french, asked);
    if (asked.len >= SHORTEST_SLIP)
        for (size_t i = 0; i < index->count; i++)
            if (slice_equal(index->entries[i].stem, root)) {
                credit(index, i, same_stem, reach);
                known = true;
            }
    if (known || asked.len < SHORTEST_SLIP)
        return;
    for (size_t i = 0; i < index->count; i++) {
        struct slice text = index->entries[i].text;
        bool near = within_one_edit(asked, text) ||
                    (root.len >= SHORTEST_SLIP && within_one_edit(root, index->entries[i].stem));
        if (!near && beginnings && text.len > asked.len) /* a slip inside the beginning of a longer word */
            near = within_one_edit(asked, (struct slice){text.ptr, asked.len}) ||
                   within_one_edit(asked, (struct slice){text.ptr, asked.len + 1});
        if (near)
            credit(index, i, slip, reach);
    }
}

static int compare_hits(const void *a, const void *b)
{
    const struct search_hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->document > y->document) - (x->document < y->document);
}

size_t search_query_words(struct arena *a, struct slice query, struct slice *words)
{
    struct slice folded = fold(a, query), word;
    size_t count = 0, kept = 0;
    for (size_t at = 0; count < LIMIT_QUERY_WORDS && next_word(folded, &at, &word);)
        words[count++] = word;
    for (size_t i = 0; i < count; i++)
        if (!is_empty_word(words[i]))
            words[kept++] = words[i];
    return kept ? kept : count;
}

size_t search(const struct search_index *index, struct arena *a, struct slice query,
              struct search_options options, struct search_hit **hits, size_t *total)
{
    ARENA_SCOPE(work);
    struct slice words[LIMIT_QUERY_WORDS];
    size_t count = search_query_words(work, query, words);
    float *sum = NEW(work, float, index->documents + 1), *best = NEW(work, float, index->documents + 1);
    bool *missed = NEW(work, bool, index->documents + 1);
    struct stemmer *french = stemmer_new(work, LANGUAGE_FR);
    for (size_t i = 0; i < count; i++) {
        struct reach reach = {memset(best, 0, sizeof *best * (index->documents + 1))};
        reach_word(index, french, words[i], !options.whole_words, &reach);
        for (uint32_t d = 0; d < index->documents; d++) {
            sum[d] += best[d];
            missed[d] |= best[d] == 0.0F;
        }
    }
    struct search_hit *found = NEW(a, struct search_hit, index->documents + 1);
    size_t n = 0;
    for (uint32_t d = 0; d < index->documents; d++)
        if (!missed[d] && (!options.allowed || options.allowed[d]))
            found[n++] = (struct search_hit){d, sum[d]};
    if (n)
        qsort(found, n, sizeof *found, compare_hits);
    *hits = found;
    *total = n;
    return options.most && options.most < n ? options.most : n;
}

static int compare_frequency(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return slice_compare(x->text, y->text);
}

size_t search_words(const struct search_index *index, struct arena *a, struct slice prefix, size_t most,
                    struct slice **words)
{
    struct slice folded = fold(a, prefix);
    size_t first = lower_bound(index, folded), end = first;
    while (end < index->count && slice_starts(index->entries[end].text, folded))
        end++;
    struct entry *some = NEW(a, struct entry, end - first + 1);
    if (end > first) {
        memcpy(some, index->entries + first, (end - first) * sizeof *some);
        qsort(some, end - first, sizeof *some, compare_frequency);
    }
    size_t count = end - first < most ? end - first : most;
    *words = NEW(a, struct slice, count + 1);
    for (size_t i = 0; i < count; i++)
        (*words)[i] = some[i].text;
    return count;
}
