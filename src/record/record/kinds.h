/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* kinds.h - what each kind of field knows how to do; private to record/.
 *
 * A new kind is a constant of enum kind, a c_<kind> type, and one set of rules here. */
#ifndef GRAPPE_KINDS_H
#define GRAPPE_KINDS_H

#include "arena/arena.h"
#include "record/record.h"

/* `at` is the field's place in a record. parse gets trimmed text that is not empty; shown, typed, plain and
 * check get a known value; load gets text that is not empty. parse reads, check judges: value_parse calls
 * both. After a fault of parse or load the caller clears the place. */
struct kind_rules {
    const char *name;
    void (*clear)(void *at);
    bool (*known)(const void *at);
    bool (*equal)(const void *a, const void *b);
    struct fault *(*parse)(const struct field *, struct arena *, struct slice typed, void *at);
    struct fault *(*load)(const struct field *, struct arena *, struct slice plain, void *at);
    struct fault *(*check)(const struct field *, const void *at); /* NULL: nothing to judge */
    char *(*shown)(const struct field *, struct arena *, const void *at);
    char *(*typed)(const struct field *, struct arena *, const void *at);
    char *(*plain)(const struct field *, struct arena *, const void *at);
};

extern const struct kind_rules text_rules, longtext_rules, integer_rules, real_rules, measure_rules,
    interval_rules, flag_rules, date_rules, choice_rules, ref_rules, terms_rules;

/* Shared by the kinds that are stored as one int64. */
void integer_clear(void *at);
bool integer_known(const void *at);
bool integer_equal(const void *a, const void *b);
struct fault *integer_load(const struct field *, struct arena *, struct slice plain, void *at) MUST_CHECK;
char *integer_plain(const struct field *, struct arena *, const void *at);
bool plain_integer(struct slice plain, int64_t *value); /* digits with a sign, nothing else */

/* Refuses a number outside the field's bounds; `print` words a bound. */
struct fault *range_check(const struct field *, int64_t value,
                          char *(*print)(const struct field *, struct arena *, int64_t)) MUST_CHECK;

/* What was typed, short enough for a message and cut between characters. */
const char *excerpt(struct arena *, struct slice typed);

/* The text without the field's unit at its end, as msgid or translated: "12 personnes" gives "12". */
struct slice without_unit(const struct field *, struct arena *, struct slice typed);
/* "12 people": a number already printed, with the field's unit if it has one. */
char *with_unit(const struct field *, struct arena *, char *number, bool single);
/* 1 in English, 0 and 1 in French take the singular. */
bool takes_singular(double count);

/* A number of nanometres in a unit of that many nanometres, exactly; grouped for reading, bare for typing. */
struct length_unit {
    const char *name;
    int64_t nanometres;
};
struct length_unit length_unit_for(int64_t nanometres);
char *length_in(struct arena *, int64_t nanometres, struct length_unit, bool grouped);
#define NO_BREAK_SPACE "\xC2\xA0"

#endif
