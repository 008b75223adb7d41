/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_words.c - finds in a text the words one searched for, as the search itself does: whole, as a
 * beginning, by its stem, or with a slip when nothing else meets it. */
#include <string.h>

#include "arena/arena.h"
#include "directory/internal.h"
#include "search/search.h"
#include "text/fold.h"
#include "text/stem.h"

enum { MOST_WORDS = 64, SHORTEST_SLIP = 4, SAME_BEGINNING = 3 };
_Static_assert(MOST_WORDS <= 64 && LIMIT_QUERY_WORDS <= MOST_WORDS, "words are bits");

struct marker {
    struct arena *arena;
    struct stemmer *french;
    struct slice words[MOST_WORDS], stems[MOST_WORDS];
    size_t query_count, count; /* those of the query first, then those of chosen values */
    size_t *label_end;         /* per label: where its words end */
    uint64_t *terms;           /* per value, what it meets; all ones: not asked yet */
};

static void add_words(struct marker *m, const char *text)
{
    struct slice words[LIMIT_QUERY_WORDS];
    size_t count = search_query_words(m->arena, slice_of(text), words);
    for (size_t i = 0; i < count && m->count < MOST_WORDS; i++) {
        m->words[m->count] = words[i];
        m->stems[m->count++] = slice_of(slice_text(m->arena, stem(m->french, words[i])));
    }
}

struct marker *marker_new(struct arena *a, const char *query, const char *const *labels, size_t label_count)
{
    struct marker *m = NEW(a, struct marker, 1);
    m->arena = a;
    if ((query && *query) || label_count)
        m->french = stemmer_new(a, LANGUAGE_FR);
    if (query && *query)
        add_words(m, query);
    m->query_count = m->count;
    m->label_end = NEW(a, size_t, label_count + 1);
    for (size_t i = 0; i < label_count; i++) {
        add_words(m, labels[i]);
        m->label_end[i] = m->count;
    }
    return m;
}

uint64_t marker_query(const struct marker *m)
{
    return m->query_count >= 64 ? UINT64_MAX : ((uint64_t)1 << m->query_count) - 1;
}

static bool shares_beginning(struct slice a, struct slice b)
{
    return a.len >= SAME_BEGINNING && b.len >= SAME_BEGINNING && memcmp(a.ptr, b.ptr, SAME_BEGINNING) == 0;
}

static bool meets_closely(struct marker *m, size_t i, struct slice word)
{
    if (slice_starts(word, m->words[i]))
        return true;
    return shares_beginning(word, m->words[i]) && slice_equal(stem(m->french, word), m->stems[i]);
}

static bool meets_loosely(const struct marker *m, size_t i, struct slice word)
{
    struct slice asked = m->words[i];
    if (asked.len < SHORTEST_SLIP)
        return false;
    return within_one_edit(asked, word) ||
           (word.len > asked.len && within_one_edit(asked, (struct slice){word.ptr, asked.len}));
}

/* The words of `wanted` that a folded text meets; a slip counts for those that nothing meets better. */
static uint64_t meets(struct marker *m, struct slice folded, uint64_t wanted)
{
    uint64_t close = 0, loose = 0;
    struct slice word;
    for (size_t at = 0; next_word(folded, &at, &word);)
        for (size_t i = 0; i < m->count; i++) {
            uint64_t bit = (uint64_t)1 << i;
            if (!(wanted & bit & ~close))
                continue;
            if (meets_closely(m, i, word))
                close |= bit;
            else if (meets_loosely(m, i, word))
                loose |= bit;
        }
    return close | loose;
}

uint64_t marker_meets(struct marker *m, const char *text)
{
    if (!m->query_count || !text)
        return 0;
    return meets(m, fold(m->arena, slice_of(text)), marker_query(m));
}

bool marker_mentions(struct marker *m, size_t label, const char *text)
{
    size_t first = label ? m->label_end[label - 1] : m->query_count;
    uint64_t wanted = 0;
    for (size_t i = first; i < m->label_end[label]; i++)
        wanted |= (uint64_t)1 << i;
    return meets(m, fold(m->arena, slice_of(text)), wanted) != 0;
}

uint64_t marker_meets_term(struct marker *m, const struct directory_index *x, uint32_t value)
{
    if (!m->query_count || !x->values[value].folded)
        return 0;
    if (!m->terms) {
        m->terms = NEW(m->arena, uint64_t, x->value_count + 1);
        memset(m->terms, 0xFF, sizeof *m->terms * (x->value_count + 1));
    }
    if (m->terms[value] == UINT64_MAX)
        m->terms[value] = meets(m, slice_of(x->values[value].folded), marker_query(m));
    return m->terms[value];
}

static bool word_is_met(struct marker *m, struct slice word, uint64_t close)
{
    for (size_t i = 0; i < m->count; i++)
        if (meets_closely(m, i, word) || (!(close >> i & 1) && meets_loosely(m, i, word)))
            return true;
    return false;
}

/* Which words of the whole text are met closely: for those a slip elsewhere is no match. */
static uint64_t closely_met(struct marker *m, struct slice folded)
{
    uint64_t close = 0;
    struct slice word;
    for (size_t at = 0; next_word(folded, &at, &word);)
        for (size_t i = 0; i < m->count; i++)
            if (meets_closely(m, i, word))
                close |= (uint64_t)1 << i;
    return close;
}

static void add_piece(struct marker *m, struct text_piece **pieces, size_t *count, size_t *capacity,
                      struct text_piece piece)
{
    if (piece.text.len)
        *PUSH(m->arena, *pieces, *count, *capacity) = piece;
}

struct text_line marker_line(struct marker *m, const char *text)
{
    struct slice source = slice_of(text), word;
    struct text_piece *pieces = NULL;
    size_t count = 0, capacity = 0, done = 0;
    if (m->count) {
        uint32_t *origin = NULL;
        struct slice folded = fold_traced(m->arena, source, &origin);
        uint64_t close = closely_met(m, folded);
        for (size_t at = 0; next_word(folded, &at, &word);) {
            size_t from = origin[word.ptr - folded.ptr],
                   to = origin[(size_t)(word.ptr - folded.ptr) + word.len];
            if (from < done || !word_is_met(m, word, close))
                continue;
            add_piece(m, &pieces, &count, &capacity,
                      (struct text_piece){{source.ptr + done, from - done}, false});
            add_piece(m, &pieces, &count, &capacity,
                      (struct text_piece){{source.ptr + from, to - from}, true});
            done = to;
        }
    }
    add_piece(m, &pieces, &count, &capacity, (struct text_piece){slice_from(source, done), false});
    return (struct text_line){pieces, count};
}

/* Where the first match begins; 0 when there is none. */
static size_t first_match(struct marker *m, const char *text)
{
    struct text_line line = marker_line(m, text);
    for (size_t i = 0; i < line.count; i++)
        if (line.pieces[i].matched)
            return (size_t)(line.pieces[i].text.ptr - text);
    return 0;
}

const char *marker_excerpt(struct marker *m, const char *text, size_t most)
{
    size_t length = strlen(text), start = 0;
    if (length <= most)
        return text;
    size_t match = m->count ? first_match(m, text) : 0;
    if (match > most / 2) {
        start = match - most / 3;
        while (start < match && text[start - 1] != ' ')
            start++;
    }
    size_t end = start + most < length ? start + most : length;
    while (end < length && end > start + most / 2 && text[end] != ' ')
        end--;
    while (end < length && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    return arena_print(m->arena, "%s%.*s%s", start ? "… " : "", (int)(end - start), text + start,
                       end < length ? " …" : "");
}
