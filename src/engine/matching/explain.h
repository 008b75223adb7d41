/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* explain.h - a match in words: what speaks for the firm, what is missing, what remains to be confirmed.
 *
 * Short phrases without a verb that would need a gender, so that one wording serves every firm. */
#ifndef GRAPPE_EXPLAIN_H
#define GRAPPE_EXPLAIN_H

#include "i18n/i18n.h"
#include "matching/matching.h"

struct match_explained {
    const char *sentence; /* one sentence with all of it, the firm's name first */
    const char **reasons, **confirm, **gaps;
    int reason_count, confirm_count, gap_count;
};

/* rank counts from 0: the first "comes first"; RANK_NEAREST: of those named when nobody can, so that
 * something is lacking. Cost O(criteria + terms asked). Deterministic. */
#define RANK_NEAREST (-1)
void match_explain(const struct matcher *, struct arena *, const struct match_need *, const struct matched *,
                   int rank, enum language, struct match_explained *);

#endif
