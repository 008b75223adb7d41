/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* reading.h - facts out of free text: what a buyer or a firm says, with the words that say it.
 *
 * Pure: the day is an argument, places are looked up by the caller's function. French and English, mixed or
 * not. A fact is never certain: it is shown with its words ("lu dans le texte") and people correct it. */
#ifndef GRAPPE_READING_H
#define GRAPPE_READING_H

#include "geo/distance.h"
#include "lexicon/lexicon.h"
#include "number/checked.h"

enum fact_kind {
    FACT_TERM,      /* .term; negated: expressly not wanted, or not held */
    FACT_SIZE,      /* .low .. .high nm, .role */
    FACT_DETAIL,    /* .low .. .high of a .detail that is no length: module in 1e-6, mass in mg */
    FACT_TOLERANCE, /* .low: the half width, nm */
    FACT_GRADE,     /* .low: the ISO 286 grade */
    FACT_ROUGHNESS, /* .low: Ra, nm */
    FACT_VOLUME,    /* .low: pieces a month */
    FACT_QUANTITY,  /* .low: pieces in all */
    FACT_BATCH,     /* .low .. .high pieces an order, either end unknown: "lot minimum 50 000" */
    FACT_DEADLINE,  /* .low: the last day, counted from 1970-01-01 */
    FACT_DISTANCE,  /* .low: km at most; .bound: said to be a limit */
    FACT_PLACE,     /* .point; the name is the words themselves */
    FACT_EXCLUDED,  /* the words name who is not wanted */
};

/* Which dimension a size is. What limits a machine is the diameter or the envelope, seldom the length. */
enum size_role { SIZE_ENVELOPE, SIZE_DIAMETER, SIZE_LENGTH, SIZE_DETAIL };

/* Of what a detail is a size: comparable with the same of a firm ("fil de 0,05 à 2 mm", "150 g au plus"). */
enum detail { DETAIL_OTHER, DETAIL_WIRE, DETAIL_THICKNESS, DETAIL_HOLE, DETAIL_MODULE, DETAIL_MASS };

struct fact {
    enum fact_kind kind;
    uint32_t start, end; /* bytes of the text */
    int term;
    bool negated;
    bool refused;  /* negated, and not by "sans": what a firm says it does not do or hold */
    bool required; /* "exigé", "must": certifications always are, in a need */
    enum size_role role;
    bool range; /* of a size: both ends were given, it is no product and no single value */
    enum detail detail;
    bool bound; /* "à moins de 60 km", not "à 10 km de la frontière" */
    int64_t low, high;
    struct geo_point point;
};

enum reading_problem {
    READING_REVERSED,      /* an interval whose first bound is the larger */
    READING_NOT_POSITIVE,  /* a size, tolerance or quantity of zero */
    READING_PAST,          /* a deadline before today */
    READING_TOO_LARGE,     /* a number no piece of this world has */
    READING_CONTRADICTION, /* two values that cannot both hold */
};

struct reading_remark {
    enum reading_problem problem;
    enum fact_kind kind; /* what the words tell of: who corrects that has answered the remark */
    uint32_t start, end;
};

struct reading {
    struct words words;
    const struct lexicon_hit *hits; /* everything met, ideas included: what matching compares */
    int hit_count;
    struct fact *facts; /* in the order of the text */
    int count, capacity;
    struct reading_remark *remarks;
    int remark_count, remark_capacity;
};

/* Says where a place is. `name` is as typed, one to five words; false: not a place. */
struct reading_places {
    bool (*find)(void *context, struct slice name, struct geo_point *);
    void *context;
};

/* Reads a text of a need, or of a firm about itself.
 *
 * today    for deadlines, days from 1970-01-01
 * places   may be NULL: places are then not looked for
 *
 * INVALID  not UTF-8.
 * Cost     O(bytes). */
struct fault *read_text(struct arena *, const struct lexicon *, struct stemming *, struct slice text,
                        int64_t today, const struct reading_places *places, struct reading **) MUST_CHECK;

/* What a remark means, a msgid: "The first bound is larger than the second." … */
const char *reading_problem_text(enum reading_problem);

#endif
