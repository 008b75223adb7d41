/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* search.c - a sorted dictionary with postings; a query walks the words that can meet it. */
#include "search/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "text/fold.h"
#include "text/stem.h"

struct posting {
    uint32_t document;
    float weight;
};

struct word {
    struct slice text;
    uint32_t first, count; /* postings */
};

struct search_index {
    struct word *words; /* sorted */
    size_t word_count;
    struct posting *postings;
    struct slice *stems; /* per word */
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
    struct slice text;
    struct posting posting;
};

static int compare_occurrences(const void *a, const void *b)
{
    const struct occurrence *x = a, *y = b;
    int order = slice_compare(x->text, y->text);
    if (order)
        return order;
    if (x->posting.document != y->posting.document)
        return x->posting.document < y->posting.document ? -1 : 1;
    return (x->posting.weight < y->posting.weight) - (x->posting.weight > y->posting.weight);
}

static size_t gather(struct arena *a, const struct search_text *texts, size_t count, struct occurrence **out)
{
    struct occurrence *all = NULL;
    size_t found = 0, capacity = 0;
    for (size_t i = 0; i < count; i++) {
        struct slice folded = fold(a, texts[i].text), word;
        for (size_t at = 0; next_word(folded, &at, &word);)
            *PUSH(a, all, found, capacity) = (struct occurrence){word, {texts[i].document, texts[i].weight}};
    }
    if (found)
        qsort(all, found, sizeof *all, compare_occurrences);
    *out = all;
    return found;
}

struct search_index *search_index_new(struct arena *a, const struct search_text *texts, size_t count,
                                      uint32_t documents)
{
    ARENA_SCOPE(work);
    struct occurrence *all = NULL;
    size_t found = gather(work, texts, count, &all);
    struct search_index *index = NEW(a, struct search_index, 1);
    index->documents = documents;
    index->words = NEW(a, struct word, found + 1);
    index->postings = NEW(a, struct posting, found + 1);
    uint32_t used = 0;
    struct word *w = NULL;
    for (size_t i = 0; i < found; i++) {
        if (!w || !slice_equal(w->text, all[i].text)) {
            w = &index->words[index->word_count++];
            *w = (struct word){{slice_text(a, all[i].text), all[i].text.len}, used, 0};
        }
        if (w->count && index->postings[used - 1].document == all[i].posting.document)
            continue; /* the best weight came first */
        index->postings[used++] = all[i].posting;
        w->count++;
    }
    struct stemmer *french = stemmer_new(work, LANGUAGE_FR);
    index->stems = NEW(a, struct slice, index->word_count + 1);
    for (size_t i = 0; i < index->word_count; i++) {
        struct slice s = stem(french, index->words[i].text);
        index->stems[i] = (struct slice){slice_text(a, s), s.len};
    }
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
    size_t low = 0, high = index->word_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(index->words[middle].text, text) < 0)
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
    const struct word *w = &index->words[word];
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
    for (size_t i = at; i < index->word_count && slice_starts(index->words[i].text, asked); i++) {
        bool whole = index->words[i].text.len == asked.len;
        if (whole || beginnings)
            credit(index, i, whole ? exact : beginning, reach);
        known |= whole || (beginnings && asked.len >= 3);
    }
    struct slice root = stem(french, asked);
    if (asked.len >= SHORTEST_SLIP)
        for (size_t i = 0; i < index->word_count; i++)
            if (slice_equal(index->stems[i], root)) {
                credit(index, i, same_stem, reach);
                known = true;
            }
    if (known || asked.len < SHORTEST_SLIP)
        return;
    for (size_t i = 0; i < index->word_count; i++) {
        struct slice text = index->words[i].text;
        bool near = within_one_edit(asked, text) ||
                    (root.len >= SHORTEST_SLIP && within_one_edit(root, index->stems[i]));
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
    const struct word *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return slice_compare(x->text, y->text);
}

size_t search_words(const struct search_index *index, struct arena *a, struct slice prefix, size_t most,
                    struct slice **words)
{
    struct slice folded = fold(a, prefix);
    size_t first = lower_bound(index, folded), end = first;
    while (end < index->word_count && slice_starts(index->words[end].text, folded))
        end++;
    struct word *some = NEW(a, struct word, end - first + 1);
    if (end > first) {
        memcpy(some, index->words + first, (end - first) * sizeof *some);
        qsort(some, end - first, sizeof *some, compare_frequency);
    }
    size_t count = end - first < most ? end - first : most;
    *words = NEW(a, struct slice, count + 1);
    for (size_t i = 0; i < count; i++)
        (*words)[i] = some[i].text;
    return count;
}
