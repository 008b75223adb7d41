/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* blind.h - how much a blind card may say: the finest words among which at least so many firms could have
 * written it.
 *
 * A card says where its author works and what is asked, each more or less exactly: the rungs below, finest
 * first. What a firm is known for says from which words on it could have asked; where it works, what its card
 * would say of the place. A firm whose own card would have stopped on a finer rung is not counted on a
 * coarser one: whoever knows these rules learns nothing more from how far a card was coarsened.
 *
 * Source  local recoding that withstands the minimality attack: Wong, Fu, Wang and Pei (2007), VLDB 33,
 *         543-554. Checked on: tests/engine/blind, against the definition and an attacker. */
#ifndef GRAPPE_BLIND_H
#define GRAPPE_BLIND_H

#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"

struct arena;

enum blind_place { BLIND_NEAR, BLIND_FAR, BLIND_NOWHERE };     /* intercommunal body, department, not said */
enum { BLIND_EXACT, BLIND_BROADER, BLIND_TOP, BLIND_NOTHING }; /* what the card says is asked */
struct blind_rung {
    enum blind_place place;
    int words;
};
enum { BLIND_RUNGS = 6 };
extern const struct blind_rung blind_rungs[BLIND_RUNGS];

struct blind_firm {
    int near, far; /* numbers from 0; -1: not known. Whoever shares a number shares the place */
    int fits;      /* from which words on it could have asked; beyond BLIND_NOTHING: never */
};

struct blind_choice {
    int rung;         /* BLIND_RUNGS: not even the coarsest hides the author */
    size_t plausible; /* firms that could have written it, on the last rung that was tried */
};

/* firms   count of them, without who reads the card; the author among them, as `author` (an index)
 *         who counts as one only where what it is known for fits: nothing here goes by who wrote the card
 * least   firms that could have written it; from 1
 * Cost    O(rungs * (count + places)). Deterministic. */
struct blind_choice blind_choose(struct arena *, const struct blind_firm *firms, size_t count, size_t author,
                                 size_t least);

/* The numbers from *lo to *hi (INT64_MIN: open) widened to the steps 1, 2, 5 of each decade, or to whole
 * decades: a size of 31 becomes 20 to 50, or 10 to 100. Zero and less stay as they are. */
void blind_band(int64_t *lo, int64_t *hi, int coarse);

#endif
