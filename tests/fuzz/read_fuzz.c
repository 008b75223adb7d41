/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* read_fuzz.c - any bytes may be a need: reading them must neither crash nor invent words that are not
 * there. */
#include <stdint.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "reading/reading.h"
#include "taxonomy/builtin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct lexicon *load(void)
{
    static const struct lexicon *lexicon;
    if (lexicon)
        return lexicon;
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY); /* for as long as the program runs */
    struct term_source *source;
    const struct term_tree *tree;
    int count;
    if (taxonomy_parse(a, taxonomy_builtin(), &source, &count) || taxonomy_build(a, source, count, &tree) ||
        lexicon_new(a, tree, wordings_builtin(), &lexicon))
        abort();
    return lexicon;
}

static bool anywhere(void *context, struct slice name, struct geo_point *out)
{
    (void)context;
    *out = (struct geo_point){47, 6};
    return name.len % 3 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct reading_places places = {anywhere, NULL};
    const struct lexicon *lexicon = load();
    ARENA_SCOPE(a);
    struct reading *r;
    struct slice text = {(const char *)data, size};
    if (size > LIMIT_NEED_TEXT ||
        read_text(a, lexicon, stemming_new(a), text, day_of(2026, 11, 22), &places, &r) != NULL)
        return 0;
    for (int i = 0; i < r->count; i++)
        if (r->facts[i].start >= r->facts[i].end || r->facts[i].end > size ||
            (known_integer(r->facts[i].low) && known_integer(r->facts[i].high) &&
             r->facts[i].low > r->facts[i].high))
            abort();
    for (int i = 0; i < r->remark_count; i++)
        if (r->remarks[i].start > r->remarks[i].end || r->remarks[i].end > size)
            abort();
    return 0;
}
