/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* engine_test.h - the built-in lexicon, for the tests of the engine. */
#ifndef GRAPPE_ENGINE_TEST_H
#define GRAPPE_ENGINE_TEST_H

#include "clock/clock.h"
#include "lexicon/lexicon.h"
#include "taxonomy/builtin.h"
#include "test.h"

#define TEST_DAY day_of(2026, 11, 22)

static inline const struct lexicon *builtin_lexicon(struct arena *a)
{
    struct term_source *source;
    const struct term_tree *tree;
    const struct lexicon *lexicon;
    int count;
    assert_ok(taxonomy_parse(a, taxonomy_builtin(), &source, &count));
    assert_ok(taxonomy_build(a, source, count, &tree));
    assert_ok(lexicon_new(a, tree, wordings_builtin(), &lexicon));
    return lexicon;
}

static inline int term_of(const struct lexicon *x, const char *code)
{
    int found = taxonomy_find(lexicon_taxonomy(x), slice_of(code));
    if (found == TERM_NONE)
        fail_msg("no term %s", code);
    return found;
}

#endif
