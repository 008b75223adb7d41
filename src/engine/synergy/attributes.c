/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "synergy/attributes.h"

#include <string.h>

#include "arena/arena.h"
#include "bm25/bm25.h"
#include "words/words.h"

struct text_word {
    uint32_t form;
    struct slice written;
};

struct text_index {
    struct bm25 *bm25;
    struct text_word *words; /* of all texts, one after the other */
    size_t *words_of;        /* members + 1 places in `words` */
    int members;
};

struct text_index *text_index_new(struct arena *a, const struct slice *texts, int members)
{
    struct text_index *x = NEW(a, struct text_index, 1);
    struct arena *work = arena_new(SIZE_MAX / 16);
    struct stemming *stems = stemming_new(work);
    struct vocabulary *forms = vocabulary_new(work);
    struct bm25_entry *entries = NULL;
    float *lengths = NEW(work, float, members + 1);
    size_t count = 0, capacity = 0, entry_count = 0, entry_capacity = 0;
    *x = (struct text_index){.words_of = NEW(a, size_t, members + 1), .members = members};
    for (int v = 0; v < members; v++) {
        struct words words = words_split(a, texts[v]);
        for (int k = 0; k < words.count; k++) {
            const struct word *w = &words.list[k];
            if (w->stop)
                continue;
            uint32_t form = vocabulary_add(forms, word_form(stems, w->folded));
            *PUSH(a, x->words, count, capacity) =
                (struct text_word){form, {texts[v].ptr + w->start, w->end - w->start}};
            *PUSH(work, entries, entry_count, entry_capacity) = (struct bm25_entry){form, (uint32_t)v, 1};
            lengths[v]++;
        }
        x->words_of[v + 1] = count;
    }
    x->bm25 = bm25_new(a, entries, entry_count, vocabulary_count(forms), (uint32_t)members, lengths, BM25_B);
    arena_free(work);
    return x;
}

bool text_alike(const struct text_index *x, struct arena *a, int member, double *scores)
{
    size_t first = x->words_of[member], count = x->words_of[member + 1] - first;
    struct bm25_query *query = NEW(a, struct bm25_query, count + 1);
    int kept = 0;
    memset(scores, 0, (size_t)x->members * sizeof *scores);
    for (size_t i = 0; i < count; i++) {
        uint32_t form = x->words[first + i].form;
        bool again = false;
        for (int k = 0; k < kept && !again; k++)
            again = query[k].feature == form;
        if (!again) {
            query[kept] = (struct bm25_query){form, (uint32_t)kept, 1};
            kept++;
        }
    }
    if (kept)
        bm25_score(x->bm25, a, query, kept, 0, scores);
    scores[member] = 0;
    return kept > 0;
}

int text_in_common(const struct text_index *x, int member, int other, struct slice *words, int most)
{
    int kept = 0;
    double idf[16];
    most = most < 16 ? most : 16;
    for (size_t i = x->words_of[other]; i < x->words_of[other + 1]; i++) {
        struct text_word w = x->words[i];
        double rarity = bm25_idf(x->bm25, w.form);
        bool both = false;
        for (size_t k = x->words_of[member]; k < x->words_of[member + 1] && !both; k++)
            both = x->words[k].form == w.form;
        for (size_t k = x->words_of[other]; k < i && both; k++)
            both = x->words[k].form != w.form;
        if (!both)
            continue;
        int at = kept;
        for (; at > 0 && idf[at - 1] < rarity; at--)
            if (at < most) {
                idf[at] = idf[at - 1];
                words[at] = words[at - 1];
            }
        if (at < most) {
            idf[at] = rarity;
            words[at] = w.written;
            kept += kept < most;
        }
    }
    return kept;
}
