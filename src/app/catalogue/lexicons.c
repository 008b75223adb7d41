/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lexicons.c - one lexicon for all catalogues with the same terms: making one takes longer than all the rest
 * of a catalogue, and terms seldom change. */
#include <malloc.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "arena/arena.h"
#include "catalogue/internal.h"
#include "taxonomy/builtin.h"

enum { KEPT = 2 }; /* with nobody holding them: a change of the space lets go before it takes again */

struct shared {
    struct shared_lexicon lexicon; /* first: holders know only this */
    struct shared *next;
    unsigned char key[crypto_generichash_BYTES];
    struct arena *arena; /* the entry lives in it */
    int holders;
};

/* Made under the lock: who wants the same one at the same time waits for it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct shared *list;

enum { TEXTS = 7 };

static void texts_of(struct term_source *s, struct slice *out[TEXTS])
{
    struct slice *all[TEXTS] = {&s->code,        &s->parent,      &s->fr,     &s->en,
                                &s->synonyms_fr, &s->synonyms_en, &s->related};
    memcpy(out, all, sizeof all);
}

static void make_key(struct term_source *sources, int count, unsigned char key[crypto_generichash_BYTES])
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, crypto_generichash_BYTES);
    for (int i = 0; i < count; i++) {
        struct slice *texts[TEXTS];
        texts_of(&sources[i], texts);
        (void)crypto_generichash_update(&state, (const unsigned char *)&sources[i].facet,
                                        sizeof sources->facet);
        for (int k = 0; k < TEXTS; k++) {
            (void)crypto_generichash_update(&state, (const unsigned char *)&texts[k]->len,
                                            sizeof texts[k]->len);
            if (texts[k]->len)
                (void)crypto_generichash_update(&state, (const unsigned char *)texts[k]->ptr, texts[k]->len);
        }
    }
    (void)crypto_generichash_final(&state, key, crypto_generichash_BYTES);
}

static struct fault *make(const struct term_source *given, int count, struct shared **out)
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct shared *s = NEW(a, struct shared, 1);
    struct term_source *sources = NEW(a, struct term_source, count + 1);
    s->arena = a;
    for (int i = 0; i < count; i++) {
        struct slice *texts[TEXTS];
        sources[i] = given[i];
        texts_of(&sources[i], texts);
        for (int k = 0; k < TEXTS; k++)
            texts[k]->ptr = arena_text(a, texts[k]->ptr ? texts[k]->ptr : "", texts[k]->len);
    }
    struct fault *failed = taxonomy_build(a, sources, count, &s->lexicon.tree);
    if (!failed)
        failed = lexicon_new(a, s->lexicon.tree, wordings_builtin(), &s->lexicon.lexicon);
    if (failed)
        arena_free(a);
    else
        *out = s;
    (void)malloc_trim(0); /* making it took several times what it is */
    return failed;
}

/* Frees those that nobody holds but the newest few. */
static void thin(void)
{
    int idle = 0;
    for (struct shared **at = &list; *at;) {
        struct shared *s = *at;
        if (s->holders || ++idle <= KEPT) {
            at = &s->next;
        } else {
            *at = s->next;
            arena_free(s->arena);
        }
    }
}

struct fault *lexicon_take(struct term_source *sources, int count, const struct shared_lexicon **out)
{
    unsigned char key[crypto_generichash_BYTES];
    struct fault *failed = NULL;
    make_key(sources, count, key);
    (void)pthread_mutex_lock(&lock);
    struct shared *found = list;
    while (found && memcmp(found->key, key, sizeof key) != 0)
        found = found->next;
    if (!found) {
        failed = make(sources, count, &found);
        if (!failed) {
            memcpy(found->key, key, sizeof key);
            found->next = list;
            list = found;
        }
    }
    if (!failed) {
        found->holders++;
        *out = &found->lexicon;
    }
    (void)pthread_mutex_unlock(&lock);
    return failed;
}

void lexicon_release(void *taken)
{
    (void)pthread_mutex_lock(&lock);
    ((struct shared *)taken)->holders--;
    thin();
    (void)pthread_mutex_unlock(&lock);
}
