/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "words/words.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "text/fold.h"
#include "text/stem.h"

/* Folded, sorted bytewise. Words that turn a sentence round (pas, sans, non, without) are not here. */
static const char *const stop_words[] = {
    "a", "afin", "ai", "ainsi", "alors", "am", "an", "and", "any", "apres", "are", "as", "at", "au",
    "aucun", "aupres", "aussi", "autre", "autres", "aux", "avec", "avez", "avoir", "avons", "be", "been",
    "besoin", "bien", "bjr", "bonjour", "but", "by", "c", "ca", "can", "car", "cas", "ce", "cela", "celle",
    "celui", "ces", "cet", "cette", "ceux", "chaque", "cherche", "cherchez", "cherchons", "chez", "ci",
    "comme", "could", "d", "dans", "de", "deja", "depuis", "des", "dois", "doit", "doivent", "donc", "dont",
    "du", "each", "elle", "elles", "en", "encore", "entre", "environ", "est", "et", "etc", "ete", "etre",
    "eu", "eux", "faire", "fait", "faut", "font", "for", "from", "had", "has", "have", "hello", "her",
    "his", "how", "i", "ici", "if", "il", "ils", "in", "into", "is", "it", "its", "j", "je", "jusqu",
    "jusque", "l", "la", "le", "les", "leur", "leurs", "looking", "lors", "lui", "m", "ma", "mais", "me",
    "mes", "mieux", "moi", "mon", "must", "my", "n", "ne", "need", "needed", "needs", "ni", "nos", "notre",
    "nous", "of", "on", "or", "ou", "our", "par", "parce", "peut", "peuvent", "peux", "plus", "pour",
    "pourrait", "pouvez", "qu", "quand", "que", "quel", "quelle", "quelles", "quelqu", "quelque",
    "quelques", "quels", "qui", "quoi", "recherche", "recherchons", "s", "sa", "se", "selon", "sera",
    "seront", "ses", "should", "si", "so", "soit", "some", "somebody", "someone", "son", "sont", "suis",
    "sur", "svp", "t", "ta", "tel", "telle", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "to", "tous", "tout", "toute", "toutes", "tres", "u", "un", "une",
    "us", "van", "vers", "veut", "veux", "via", "vos", "votre", "voudrais", "voudrions", "vous", "want",
    "was", "we", "were", "what", "when", "which", "who", "whose", "will", "with", "would", "y", "you",
    "your",
};

static int compare_stop(const void *key, const void *row)
{
    return slice_compare(*(const struct slice *)key, slice_of(*(const char *const *)row));
}

bool word_is_stop(struct slice folded)
{
    return bsearch(&folded, stop_words, COUNT(stop_words), sizeof *stop_words, compare_stop) != NULL;
}

struct words words_split(struct arena *a, struct slice text)
{
    uint32_t *origin;
    struct words w = {.text = text, .folded = fold_traced(a, text, &origin)};
    struct word *list = NULL;
    int capacity = 0;
    size_t position = 0;
    for (struct slice word; next_word(w.folded, &position, &word);) {
        size_t start = (size_t)(word.ptr - w.folded.ptr);
        *PUSH(a, list, w.count, capacity) =
            (struct word){origin[start], origin[start + word.len], word, word_is_stop(word)};
    }
    w.origin = origin;
    w.list = list;
    return w;
}

struct stemming {
    struct stemmer *french, *english;
};

struct stemming *stemming_new(struct arena *a)
{
    struct stemming *s = NEW(a, struct stemming, 1);
    *s = (struct stemming){stemmer_new(a, LANGUAGE_FR), stemmer_new(a, LANGUAGE_EN)};
    return s;
}

struct slice word_form(struct stemming *s, struct slice folded)
{
    return stem(s->french, stem(s->english, folded));
}

struct slice word_form_french(struct stemming *s, struct slice folded)
{
    return stem(s->french, folded);
}

struct vocabulary {
    struct arena *arena;
    struct slice *texts;
    uint32_t *slots; /* number + 1; 0: free */
    uint32_t count, capacity, slot_mask;
};

struct vocabulary *vocabulary_new(struct arena *a)
{
    struct vocabulary *v = NEW(a, struct vocabulary, 1);
    *v = (struct vocabulary){.arena = a, .slot_mask = 1023};
    v->slots = NEW(a, uint32_t, v->slot_mask + 1);
    return v;
}

/* FNV-1a, folded to 32 bits. */
static uint32_t hash_text(struct slice s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(1099511628211);
    return (uint32_t)(h ^ (h >> 32));
}

static uint32_t *find_slot(const struct vocabulary *v, struct slice s)
{
    uint32_t at = hash_text(s) & v->slot_mask;
    while (v->slots[at] && !slice_equal(v->texts[v->slots[at] - 1], s))
        at = (at + 1) & v->slot_mask;
    return &v->slots[at];
}

static void widen(struct vocabulary *v)
{
    v->slot_mask = v->slot_mask * 2 + 1;
    v->slots = NEW(v->arena, uint32_t, v->slot_mask + 1);
    for (uint32_t i = 0; i < v->count; i++)
        *find_slot(v, v->texts[i]) = i + 1;
}

uint32_t vocabulary_add(struct vocabulary *v, struct slice s)
{
    uint32_t *slot = find_slot(v, s);
    if (*slot)
        return *slot - 1;
    if (v->count >= v->slot_mask / 2) {
        widen(v);
        slot = find_slot(v, s);
    }
    *PUSH(v->arena, v->texts, v->count, v->capacity) = (struct slice){arena_text(v->arena, s.ptr, s.len), s.len};
    *slot = v->count; /* its number + 1 */
    return v->count - 1;
}

uint32_t vocabulary_find(const struct vocabulary *v, struct slice s)
{
    return *find_slot(v, s) - 1; /* a free slot holds 0: UINT32_MAX */
}

struct slice vocabulary_text(const struct vocabulary *v, uint32_t number)
{
    return v->texts[number];
}

uint32_t vocabulary_count(const struct vocabulary *v)
{
    return v->count;
}
