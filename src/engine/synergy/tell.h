/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tell.h - why a synergy is one, in words, in the language of the thread. */
#ifndef GRAPPE_SYNERGY_TELL_H
#define GRAPPE_SYNERGY_TELL_H

#include "synergy/synergy.h"

enum reason_kind {
    REASON_KNOWN,
    REASON_NETWORK,
    REASON_CHAIN,
    REASON_POOLING,
    REASON_MATERIAL,
    REASON_SKILLS,
    REASON_PLACE,
    REASON_PROFILE,
    REASON_ACTIVITY,
    REASONS
};

struct reason {
    enum reason_kind kind;
    double part; /* of the score; the parts of all reasons add up to it */
    const char *sentence;
};

const char *reason_name(enum reason_kind);  /* "network" …: for files */
const char *reason_title(enum reason_kind); /* the same in the language of the thread */

/* The reasons of one synergy, the greatest part first; REASON_KNOWN, without a part, before all. `names` are
 * of members, `things` of what they have and ask for, `countries` and `kinds` of their numbers or NULL.
 * Returns how many, at least 1. */
struct telling {
    const struct synergy_model *model;
    const struct slice *names, *things;
    const struct vocabulary *countries, *kinds;
};
int synergy_tell(struct arena *, const struct telling *, const struct synergy_query *, const struct synergy *,
                 struct reason reasons[REASONS]);

#endif
