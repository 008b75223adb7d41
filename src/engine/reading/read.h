/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* read.h - the parts of reading, each for one family of facts. Private to the reading room. */
#ifndef GRAPPE_READING_READ_H
#define GRAPPE_READING_READ_H

#include "reading/reading.h"
#include "reading/tokens.h"

struct reader {
    struct arena *arena;
    const struct tokens *tokens;
    struct reading *out;
    const struct term_tree *tree;
    int64_t today;
    const struct reading_places *places;
    bool *used; /* tokens that a fact already explains */
};

/* Each appends facts and remarks. Measures come first: what they take is no quantity. */
void read_measures(struct reader *);
void read_deadlines(struct reader *);
void read_places(struct reader *);
void read_amounts(struct reader *);

/* A new fact over tokens first .. last, which are marked used. Valid until the next one. */
struct fact *read_fact(struct reader *, enum fact_kind, int first, int last);
void read_remark(struct reader *, enum reading_problem, enum fact_kind, int first, int last);

/* One of the words stands a little before or after tokens first .. last, no number or comma between. */
bool read_marked(const struct reader *, int first, int last, const char *const *words);

/* "… au plus", "pas plus de …" around tokens first .. last. */
bool read_at_most(const struct reader *, int first, int last);

/* No . ; : ! ? ( ) between two tokens; commas are allowed. */
bool read_same_clause(const struct reader *, int first, int last);

#endif
