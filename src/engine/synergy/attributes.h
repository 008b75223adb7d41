/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attributes.h - what is known of members beside their ties: country, type, place, words. */
#ifndef GRAPPE_ATTRIBUTES_H
#define GRAPPE_ATTRIBUTES_H

#include <stdint.h>

#include "fault/fault.h"
#include "geo/distance.h"
#include "text/slice.h"

struct arena;
struct bm25;
struct complements;

/* Of each member; a list that is NULL is known of nobody. */
struct attributes {
    int members;
    const int *country, *kind;             /* numbers of whatever they are called; -1: not known */
    const struct geo_point *place;         /* NAN: not known */
    const struct slice *text;              /* empty: none */
    const struct complements *complements; /* what they have and ask for; NULL: not known */
};

/* Texts ready to be compared: word stems without those that carry no meaning. */
struct text_index;
struct text_index *text_index_new(struct arena *, const struct slice *texts, int members);
/* scores[members]: BM25 of each one's words for those of `member`, 0 for itself; false when it has no words.
 * Cost O(postings of its words). */
bool text_alike(const struct text_index *, struct arena *, int member, double *scores);
/* The words that both have, the rarest first, as they are written in the text of x; returns how many. */
int text_in_common(const struct text_index *, int member, int x, struct slice *words, int most);

#endif
