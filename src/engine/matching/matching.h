/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* matching.h - which firms answer a need, in what order, and why.
 *
 * A firm is one or more capabilities (what it does, on what, within which limits) and what is known of the
 * firm as a whole (certificates, place). Everything may be unknown, and unknown is not no: a criterion that
 * cannot be judged counts 0 in the low score and 1 in the high one. The score is a sum of contributions,
 * added in the order of enum criterion; docs/matching.md says how each is made.
 *
 * The index is immutable once built and may be shared by threads; scoring allocates from the caller's
 * arena. */
#ifndef GRAPPE_MATCHING_H
#define GRAPPE_MATCHING_H

#include "reading/reading.h"

/* What is wanted (the weights of those the need states are rescaled to share WANTED_SHARE), then what limits
 * (always weighed: a limit that the need does not set is met by everybody, so that a limit more never raises
 * a score). */
enum criterion {
    CRITERION_TEXT,
    CRITERION_PROCESS,
    CRITERION_MATERIAL,
    CRITERION_COMPONENT,
    CRITERION_MARKET,
    CRITERION_CERTIFICATION,
    CRITERION_TOLERANCE,
    CRITERION_SIZE,
    CRITERION_VOLUME,
    CRITERION_DISTANCE,
    CRITERIA
};
#define CRITERION_FIRST_LIMIT CRITERION_CERTIFICATION

const char *criterion_name(enum criterion);  /* "text", "process" … */
const char *criterion_label(enum criterion); /* msgid for people */

/* Relative weights, >= 0; those of a group need not sum to anything. */
struct match_weights {
    double of[CRITERIA];
};
extern const struct match_weights match_default_weights;

/* Why a firm is out. Bits. */
enum gate {
    GATE_EXCLUDED = 1,
    GATE_CERTIFICATION = 2, /* required, and known not to be held */
    GATE_DISTANCE = 4,
    GATE_SIZE = 8,
    GATE_TOLERANCE = 16,
    GATE_VOLUME = 32,
    GATE_PROCESS = 64,  /* what is asked is no trade of this firm */
    GATE_REFUSED = 128, /* it says that it does not do what is asked */
};

struct match_firm {
    struct slice id, name;    /* id breaks ties; name is what sentences say (the id when empty) */
    const int *held, *absent; /* certification terms known held, known not held */
    int held_count, absent_count;
    bool certificates_complete; /* what is not in held is absent */
    struct geo_point point;     /* UNKNOWN_REAL */
};

struct match_capability {
    int firm; /* index; capabilities of a firm need not stand together */
    struct slice text;
    const int *terms; /* any facet but certifications */
    int term_count;
    int64_t size_min, size_max;   /* nm */
    int64_t tolerance, it_grade;  /* half width nm; ISO 286 grade */
    int64_t batch_min, batch_max; /* pieces */
    int64_t volume_max;           /* pieces a month: free capacity if known, else capacity */
};

struct match_need {
    struct slice text;
    const int *terms, *required; /* wanted terms; certifications required */
    int term_count, required_count;
    int64_t size_min, size_max, tolerance, it_grade;
    int64_t volume, quantity; /* a month; in all */
    int64_t deadline;         /* day; UNKNOWN_INTEGER */
    struct geo_point point;
    double max_km; /* UNKNOWN_REAL */
    const int *excluded;
    int excluded_count;
};

struct match_need match_need_empty(void);
struct match_capability match_capability_empty(int firm);

struct matcher;

/* Builds the index; texts are read, and facts found in them fill what is unknown. Arrays and texts stay the
 * caller's and must outlive the matcher.
 *
 * places   finds places named in texts, for firms without a point; NULL: they are not looked for
 *
 * INVALID  a capability of an unknown firm, an unknown term, min > max, a negative number, a text that is not
 * UTF-8; the message names the firm. Cost     O(total text), memory some 12 bytes a word. */
struct fault *matcher_new(struct arena *, const struct lexicon *, const struct reading_places *,
                          const struct match_firm *, int firm_count, const struct match_capability *,
                          int capability_count, const struct matcher **) MUST_CHECK;

struct contribution {
    double weight; /* sums to 1 over the criteria */
    double low,
        high;    /* s_k when all unknown goes wrong, and well; a firm's low and high may rest on two of its
                  * capabilities, so that low <= high holds for the scores, not always for each criterion */
    bool stated; /* the need says something about it */
};

/* A typed reason; what it says is made into words by explain.h. */
struct matched {
    int firm, capability; /* the capability that answers best */
    double score_low, score_high;
    struct contribution contributions[CRITERIA];
    unsigned gates;
    double km; /* UNKNOWN_REAL */
    struct {
        int asked, has; /* of the pair that fits best: terms, TERM_NONE */
    } pairs[FACETS];
    int shared;  /* the term that need and firm are most about together, TERM_NONE */
    int refused; /* what is asked and the firm says it does not do, TERM_NONE */
    int missing; /* the first required certification that is absent or unknown, TERM_NONE */
    int64_t asked_grade, held_grade; /* IT_UNKNOWN */
};

struct match_answer {
    const struct matched *list; /* best first; empty: nobody */
    int count;
    const struct matched *nearest; /* when nobody: the closest, each with what it lacks */
    int nearest_count;
    int64_t asked_grade; /* what the tolerance asks at that size, IT_UNKNOWN */
    bool trade_missing;  /* nobody, because no firm has the trade */
};

struct match_options {
    const struct match_weights *weights; /* NULL: the default */
    int most;                            /* matches wanted, at most LIMIT_MATCHES */
    bool bm25_only;                      /* plain BM25 on French stems, for comparison */
};

/* Fills what the need's text says and its fields do not (fields win).
 * INVALID  see read_text(). LIMIT: longer than LIMIT_NEED_TEXT. */
struct fault *match_read_need(struct arena *, const struct lexicon *, struct stemming *, int64_t today,
                              const struct reading_places *, struct match_need *,
                              struct reading **) MUST_CHECK;

/* INVALID  nothing asked at all; min > max; negative, NaN or absurd numbers; max_km <= 0; unknown terms or
 * firms; a deadline before today; weights negative, not finite or all zero. The field is named. Order
 * score_low descending, score_high descending, id ascending. Cost     O(postings of the need's features +
 * firms + capabilities). */
struct fault *match_run(const struct matcher *, struct arena *, const struct match_need *, int64_t today,
                        const struct match_options *, struct match_answer *) MUST_CHECK;

#endif
