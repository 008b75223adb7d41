/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stem.h - Snowball stems of folded words (libstemmer).
 *
 * Words are folded before stemming, so that "decolletage" and "décolletage" have one stem. */
#ifndef GRAPPE_STEM_H
#define GRAPPE_STEM_H

#include "i18n/i18n.h"
#include "text/slice.h"

struct arena;
struct stemmer;

struct stemmer *stemmer_new(struct arena *, enum language); /* one per thread; closed with the arena */

/* Valid until the next call on this stemmer. Words of fewer than 4 letters, or with a digit, stay whole. */
struct slice stem(struct stemmer *, struct slice word);

#endif
