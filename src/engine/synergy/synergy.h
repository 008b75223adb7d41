/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* synergy.h - whom a firm should meet, in order, and why: from who was with whom, and from what firms say.
 *
 * Every measure gives each candidate a merit, ln((n + 1) / place): n candidates, place 1 the best, 0 without
 * evidence. The score is the sum of weights times merits, over what a candidate first on every count would
 * have: from 0 to 1, its parts add up to it, and each part is a reason one can show. No weight is negative.
 * Who scores 0 is not listed: there is no reason to name. */
#ifndef GRAPPE_SYNERGY_H
#define GRAPPE_SYNERGY_H

#include <stdbool.h>

#include "synergy/attributes.h"
#include "synergy/complements.h"
#include "synergy/hypergraph.h"

enum measure {
    MEASURE_PATHS,         /* partners of theirs work with partners of yours */
    MEASURE_FLOW,          /* as paths, through groups, recent and small ones before all */
    MEASURE_CIRCLES,       /* stands where you stand in the whole network */
    MEASURE_DIRECTION,     /* the same, however little the candidate was seen */
    MEASURE_PARTNERS_NEAR, /* its partners stand where you stand */
    MEASURE_GROUPS_NEAR,   /* its groups do, recent ones before all */
    MEASURE_ACTIVITY,      /* was in many groups lately */
    MEASURE_PARTNERS,      /* has many partners */
    MEASURE_CHAIN,         /* does what you ask for, or asks for what you do */
    MEASURE_POOLING,       /* has capacity to spare where you are short, or the reverse */
    MEASURE_MATERIAL,      /* gives what you take, or the reverse */
    MEASURE_TEXT,          /* says the same of itself */
    MEASURE_NEAR,          /* is not far */
    MEASURE_COUNTRY,       /* is of the same country */
    MEASURE_KIND,          /* is of the same type */
    MEASURES
};

struct synergy_model; /* what is prepared once for all queries */

/* `attributes` may be NULL. Both are kept by the caller. Cost: seconds for 36,000 members; it is most of a
 * run's time. */
struct fault *synergy_model_new(struct arena *, const struct hypergraph *, const struct attributes *,
                                const struct synergy_model **) MUST_CHECK;

struct synergy_query {
    int member;
    const int *contact; /* members it says it knows, each once */
    size_t contacts;
};

struct synergy_request {
    const struct synergy_query *queries;
    size_t query_count;
    const int *candidates; /* each once */
    size_t candidate_count;
    bool exclude_known; /* partners and contacts */
    int top;            /* of each query; at least 1 */
    int threads;        /* 0: as many as the machine has; the answer is the same */
    bool (*go_on)(void *with, size_t done, size_t of); /* by one thread at a time; false stops; may be NULL */
    void *with;
};

enum { SYNERGY_NAMED = 3 }; /* common partners named at most */

struct synergy {
    int candidate;
    bool known; /* a partner, or a contact */
    double score;
    float part[MEASURES];     /* of the score */
    int together;             /* groups of both */
    int shared;               /* common partners */
    int named[SYNERGY_NAMED]; /* of them those with the fewest partners; -1 when there are less */
    struct step_pair path;    /* the best way of three steps; -1 when there is none */
    int partners, groups;     /* of the candidate */
    double km;                /* NAN: not known */
};

struct synergies {
    struct synergy **of; /* of each query, best first; of two as good that of the lower number */
    int *count;
    size_t reached; /* queries that were answered before a stop */
};

/* INVALID for a query, candidate or contact that does not exist, and for a top below 1. Cost of a query
 * O(ties + partners of its partners and of the candidates): milliseconds. */
struct fault *synergy_rank(struct arena *, const struct synergy_model *, const struct synergy_request *,
                           struct synergies *) MUST_CHECK;

/* For whoever tells why: what the model was made with, and words that two members both use. */
const struct attributes *synergy_attributes(const struct synergy_model *);
int synergy_words(const struct synergy_model *, int member, int other, struct slice *words, int most);

#endif
