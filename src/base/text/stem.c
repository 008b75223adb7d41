/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/stem.h"

#include <libstemmer.h>
#include <stdlib.h>

#include "arena/arena.h"

struct stemmer {
    struct sb_stemmer *snowball;
};

static void close_stemmer(void *thing)
{
    sb_stemmer_delete(thing);
}

struct stemmer *stemmer_new(struct arena *a, enum language language)
{
    struct stemmer *s = NEW(a, struct stemmer, 1);
    s->snowball = sb_stemmer_new(language == LANGUAGE_FR ? "french" : "english", "UTF_8");
    if (!s->snowball)
        abort();
    arena_defer(a, close_stemmer, s->snowball);
    return s;
}

struct slice stem(struct stemmer *s, struct slice word)
{
    if (word.len < 4 || word.len > 60)
        return word;
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
            return word;
    const sb_symbol *found = sb_stemmer_stem(s->snowball, (const sb_symbol *)word.ptr, (int)word.len);
    if (!found)
        abort();
    return (struct slice){(const char *)found, (size_t)sb_stemmer_length(s->snowball)};
}
