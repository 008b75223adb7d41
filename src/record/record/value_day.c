/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* value_day.c - dates as people write them, and yes / no / unknown. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "limits/limits.h"
#include "record/kinds.h"
#include "text/fold.h"

static const char *const months[12][2] = {
    {"janvier", "january"}, {"fevrier", "february"},  {"mars", "march"},
    {"avril", "april"},     {"mai", "may"},           {"juin", "june"},
    {"juillet", "july"},    {"aout", "august"},       {"septembre", "september"},
    {"octobre", "october"}, {"novembre", "november"}, {"decembre", "december"}};

/* A month by its name or an abbreviation of it (three letters; four for juin and juillet); 0: none. */
static int month_of(struct slice word)
{
    int found = 0;
    for (int m = 0; m < 12 && word.len >= 3; m++)
        for (int l = 0; l < 2; l++)
            if (slice_starts(slice_of(months[m][l]), word)) {
                if (found && found != m + 1)
                    return 0; /* "jui" */
                found = m + 1;
            }
    return found;
}

/* The parts of a date in the order typed; a month by name is told apart. */
struct date_parts {
    int count, number[3], width[3], month;
};

/* "1er", "2nd", "15th" count as numbers; "le" and "of" as nothing. */
static bool part_add(struct date_parts *p, struct slice word)
{
    static const char *const endings[] = {"", "er", "st", "nd", "rd", "th"};
    static const char *const skipped[] = {"le", "du", "the", "of"};
    int value = 0, width = 0;
    while ((size_t)width < word.len && word.ptr[width] >= '0' && word.ptr[width] <= '9' && width < 5)
        value = value * 10 + (word.ptr[width++] - '0');
    if (width) {
        bool known = width == 1 || width == 2 || width == 4;
        bool ends = false;
        for (size_t i = 0; i < COUNT(endings); i++)
            ends |= slice_equal(slice_from(word, (size_t)width), slice_of(endings[i]));
        if (!known || !ends || p->count == 3)
            return false;
        p->number[p->count] = value;
        p->width[p->count++] = width;
        return true;
    }
    for (size_t i = 0; i < COUNT(skipped); i++)
        if (slice_equal(word, slice_of(skipped[i])))
            return true;
    int month = month_of(word);
    bool fresh = month && !p->month;
    p->month = month;
    return fresh;
}

/* Two digits are this century up to 69. */
static int full_year(int year, int width)
{
    return width > 2 ? year : year + (year < 70 ? 2000 : 1900);
}

static bool exact_day(int year, int month, int day, int64_t *out)
{
    char iso[40];
    (void)snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day);
    return day_parse(slice_of(iso), out);
}

/* Without a month by name the order is day, month, year; or year first when it has four digits. */
static bool parts_day(const struct date_parts *p, int64_t *day)
{
    const int *n = p->number, *w = p->width;
    bool year_first = p->count && w[0] == 4;
    if (p->month) {
        if (p->count == 1)
            return year_first && exact_day(n[0], p->month, 1, day);
        if (p->count != 2)
            return false;
        int year = year_first ? 0 : 1;
        return w[1 - year] <= 2 && exact_day(full_year(n[year], w[year]), p->month, n[1 - year], day);
    }
    if (p->count == 2) /* a month alone: its first day */
        return year_first ? w[1] <= 2 && exact_day(n[0], n[1], 1, day)
                          : w[1] == 4 && exact_day(n[1], n[0], 1, day);
    if (p->count != 3)
        return false;
    return year_first ? exact_day(n[0], n[1], n[2], day)
                      : w[1] <= 2 && exact_day(full_year(n[2], w[2]), n[1], n[0], day);
}

bool date_parse(struct slice typed, int64_t *day)
{
    ARENA_SCOPE(work);
    struct slice s = slice_trim(fold(work, typed));
    int64_t exact;
    if (s.len > 10 && (s.ptr[10] == 't' || s.ptr[10] == ' ') &&
        day_parse((struct slice){s.ptr, 10}, &exact)) /* an instant out of a file: its day */
        s.len = memchr(s.ptr, ':', s.len) ? 10 : s.len;
    for (size_t i = 0; i < s.len; i++)
        if (ispunct((unsigned char)s.ptr[i]) && !strchr("/.-,", s.ptr[i]))
            return false;
    struct date_parts parts = {0};
    size_t position = 0;
    for (struct slice word; next_word(s, &position, &word);)
        if (!part_add(&parts, word))
            return false;
    return parts_day(&parts, day);
}

static struct fault *date_from(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    if (date_parse(typed, at))
        return NULL;
    return fault(FAULT_INVALID, "%s: \"%s\" is not a date, such as 2026-03-15.", tr(f->label),
                 excerpt(a, typed));
}

static char *bound_print(const struct field *f, struct arena *a, int64_t day)
{
    (void)f;
    return day_print(a, day);
}

static struct fault *date_check(const struct field *f, const void *at)
{
    int64_t day = *(const int64_t *)at;
    if (day < day_of(1800, 1, 1) || day > day_of(2200, 12, 31))
        return fault(FAULT_INVALID, "%s: a year from 1800 to 2200 is expected.", tr(f->label));
    return range_check(f, day, bound_print);
}

static char *date_shown(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    return day_in_words(a, *(const int64_t *)at, false);
}

static char *date_iso(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    return day_print(a, *(const int64_t *)at);
}

static struct fault *date_load(const struct field *f, struct arena *a, struct slice plain, void *at)
{
    if (day_parse(plain, at))
        return NULL;
    return fault(FAULT_INVALID, "%s: \"%s\" is not a stored value.", tr(f->label), excerpt(a, plain));
}

const struct kind_rules date_rules = {.name = "date",
                                      .clear = integer_clear,
                                      .known = integer_known,
                                      .equal = integer_equal,
                                      .parse = date_from,
                                      .load = date_load,
                                      .check = date_check,
                                      .shown = date_shown,
                                      .typed = date_iso,
                                      .plain = date_iso};

/* Flags. */

static void flag_clear(void *at)
{
    *(enum flag *)at = FLAG_UNKNOWN;
}

static bool flag_known(const void *at)
{
    return *(const enum flag *)at != FLAG_UNKNOWN;
}

static bool flag_equal(const void *a, const void *b)
{
    return *(const enum flag *)a == *(const enum flag *)b;
}

static struct fault *flag_parse(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    static const struct {
        const char *word;
        enum flag flag;
    } words[] = {{"oui", FLAG_YES},         {"yes", FLAG_YES},  {"o", FLAG_YES},
                 {"y", FLAG_YES},           {"vrai", FLAG_YES}, {"true", FLAG_YES},
                 {"x", FLAG_YES},           {"1", FLAG_YES},    {"non", FLAG_NO},
                 {"no", FLAG_NO},           {"n", FLAG_NO},     {"faux", FLAG_NO},
                 {"false", FLAG_NO},        {"0", FLAG_NO},     {"inconnu", FLAG_UNKNOWN},
                 {"unknown", FLAG_UNKNOWN}, {"?", FLAG_UNKNOWN}};
    struct slice folded = fold(a, typed);
    for (size_t i = 0; i < COUNT(words); i++)
        if (slice_equal(folded, slice_of(words[i].word))) {
            *(enum flag *)at = words[i].flag;
            return NULL;
        }
    return fault(FAULT_INVALID, "%s: yes or no is expected, not \"%s\".", tr(f->label), excerpt(a, typed));
}

static struct fault *flag_load(const struct field *f, struct arena *a, struct slice plain, void *at)
{
    if (plain.len == 1 && (*plain.ptr == '0' || *plain.ptr == '1')) {
        *(enum flag *)at = *plain.ptr == '1' ? FLAG_YES : FLAG_NO;
        return NULL;
    }
    return fault(FAULT_INVALID, "%s: \"%s\" is not a stored value.", tr(f->label), excerpt(a, plain));
}

static char *flag_words(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    return slice_text(a, slice_of(*(const enum flag *)at == FLAG_YES ? tr("yes") : tr("no")));
}

static char *flag_plain(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    return arena_print(a, "%d", *(const enum flag *)at == FLAG_YES);
}

const struct kind_rules flag_rules = {.name = "flag",
                                      .clear = flag_clear,
                                      .known = flag_known,
                                      .equal = flag_equal,
                                      .parse = flag_parse,
                                      .load = flag_load,
                                      .shown = flag_words,
                                      .typed = flag_words,
                                      .plain = flag_plain};
