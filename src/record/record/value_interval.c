/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* value_interval.c - from..to, of lengths when the unit is "nm", else of whole numbers; either end may be
 * open. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "i18n/i18n.h"
#include "limits/limits.h"
#include "record/kinds.h"
#include "text/fold.h"

static bool of_lengths(const struct field *f)
{
    return f->unit && strcmp(f->unit, "nm") == 0;
}

static void interval_clear(void *at)
{
    *(struct interval *)at = (struct interval){UNKNOWN_INTEGER, UNKNOWN_INTEGER};
}

static bool interval_known(const void *at)
{
    const struct interval *i = at;
    return known_integer(i->lo) || known_integer(i->hi);
}

static bool interval_equal(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;
    return x->lo == y->lo && x->hi == y->hi;
}

/* Reading: folded text, so "–" is "-", "à" is "a", "≤" is "<=". */

static bool end_parse(const struct field *f, struct slice s, int64_t *end)
{
    return of_lengths(f) ? length_parse(s, end) : integer_parse(s, end);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A dash between two ends, not a minus sign and not that of an exponent ("1e-3"). */
static bool dash_separates(struct slice s, size_t at)
{
    size_t before = at;
    while (before && s.ptr[before - 1] == ' ')
        before--;
    bool exponent = before == at && at > 1 && s.ptr[at - 1] == 'e' && digit(s.ptr[at - 2]);
    return before && !exponent && strchr("+-", s.ptr[before - 1]) == NULL && s.ptr[before - 1] != '/';
}

/* Cuts at the first word or sign that stands between two ends. */
static bool cut(struct slice s, struct slice *lo, struct slice *hi)
{
    static const char *const words[] = {" a ", " to ", " et ", " and ", "...", ".."};
    for (size_t at = 1; at < s.len; at++) {
        size_t width = s.ptr[at] == '-' && dash_separates(s, at);
        for (size_t i = 0; !width && i < COUNT(words); i++)
            if (slice_starts(slice_from(s, at), slice_of(words[i])))
                width = strlen(words[i]);
        if (!width)
            continue;
        *lo = slice_trim((struct slice){s.ptr, at});
        *hi = slice_trim(slice_from(s, at + width));
        return true;
    }
    return false;
}

/* "0,5 à 12 mm": the first end borrows the unit of the second. */
static bool both_parse(const struct field *f, struct arena *a, struct slice lo, struct slice hi,
                       struct interval *out)
{
    size_t unit = hi.len;
    while (unit && !digit(hi.ptr[unit - 1]))
        unit--;
    if (of_lengths(f) && lo.len && digit(lo.ptr[lo.len - 1]))
        lo = slice_of(arena_print(a, "%.*s%.*s", SLICE_ARGS(lo), SLICE_ARGS(slice_from(hi, unit))));
    return end_parse(f, lo, &out->lo) && end_parse(f, hi, &out->hi);
}

static const struct {
    const char *word;
    bool lower, upper; /* which end the number after it is; both: only a beginning of "from … to …" */
} openings[] = {{"<=", false, true},
                {"<", false, true},
                {"jusqu'a ", false, true},
                {"up to ", false, true},
                {"at most ", false, true},
                {"au plus ", false, true},
                {"max ", false, true},
                {"max. ", false, true},
                {">=", true, false},
                {">", true, false},
                {"a partir de ", true, false},
                {"at least ", true, false},
                {"au moins ", true, false},
                {"min ", true, false},
                {"min. ", true, false},
                {"entre ", true, true},
                {"between ", true, true},
                {"from ", true, true},
                {"de ", true, true}};

static bool interval_read(const struct field *f, struct arena *a, struct slice s, struct interval *out)
{
    size_t opening = 0;
    while (opening < COUNT(openings) && !slice_starts(s, slice_of(openings[opening].word)))
        opening++;
    bool open = opening < COUNT(openings);
    if (open)
        s = slice_trim(slice_from(s, strlen(openings[opening].word)));
    if (open && openings[opening].lower != openings[opening].upper)
        return end_parse(f, s, openings[opening].lower ? &out->lo : &out->hi);
    struct slice lo, hi;
    if (cut(s, &lo, &hi))
        return both_parse(f, a, lo, hi, out);
    bool read = !open && end_parse(f, s, &out->lo);
    out->hi = out->lo;
    return read;
}

static struct fault *interval_parse(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    struct slice s = of_lengths(f) ? slice_trim(fold(a, typed)) : without_unit(f, a, typed);
    if (interval_read(f, a, s, at))
        return NULL;
    if (of_lengths(f))
        return fault(FAULT_INVALID, "%s: \"%s\" is not a range of lengths, such as 0.5 – 12 mm or ≤ 3 mm.",
                     tr(f->label), excerpt(a, typed));
    return fault(FAULT_INVALID, "%s: \"%s\" is not a range, such as 100 – 5000 or ≥ 100.", tr(f->label),
                 excerpt(a, typed));
}

/* Stored as "lo..hi", an open end left out. */
static struct fault *interval_load(const struct field *f, struct arena *a, struct slice plain, void *at)
{
    struct interval *out = at;
    const char *dots = memmem(plain.ptr, plain.len, "..", 2);
    if (dots) {
        struct slice lo = {plain.ptr, (size_t)(dots - plain.ptr)}, hi = slice_from(plain, lo.len + 2);
        if ((lo.len || hi.len) && (!lo.len || plain_integer(lo, &out->lo)) &&
            (!hi.len || plain_integer(hi, &out->hi)))
            return NULL;
    }
    return fault(FAULT_INVALID, "%s: \"%s\" is not a stored value.", tr(f->label), excerpt(a, plain));
}

static char *interval_plain(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    const struct interval *i = at;
    char lo[24] = "", hi[24] = "";
    if (known_integer(i->lo))
        (void)snprintf(lo, sizeof lo, "%" PRId64, i->lo);
    if (known_integer(i->hi))
        (void)snprintf(hi, sizeof hi, "%" PRId64, i->hi);
    return arena_print(a, "%s..%s", lo, hi);
}

static char *bound_print(const struct field *f, struct arena *a, int64_t value)
{
    return of_lengths(f) ? length_print(a, value) : integer_print(a, value);
}

static struct fault *interval_check(const struct field *f, const void *at)
{
    const struct interval *i = at;
    if (known_integer(i->lo))
        TRY(range_check(f, i->lo, bound_print));
    if (known_integer(i->hi))
        TRY(range_check(f, i->hi, bound_print));
    if (!known_integer(i->lo) || !known_integer(i->hi) || i->lo <= i->hi)
        return NULL;
    ARENA_SCOPE(work);
    return fault(FAULT_INVALID, "%s: the smallest (%s) is larger than the largest (%s).", tr(f->label),
                 bound_print(f, work, i->lo), bound_print(f, work, i->hi));
}

/* Writing: both ends in the unit of the larger one. */

static char *interval_words(const struct field *f, struct arena *a, const struct interval *i, bool grouped)
{
    bool lo = known_integer(i->lo), hi = known_integer(i->hi);
    struct length_unit unit = length_unit_for(hi ? i->hi : i->lo);
    const int64_t ends[2] = {i->lo, i->hi};
    char *text[2];
    for (int e = 0; e < 2; e++)
        text[e] = of_lengths(f) ? length_in(a, ends[e], unit, grouped)
                  : grouped     ? integer_print(a, ends[e])
                                : arena_print(a, "%" PRId64, ends[e]);
    if (lo && hi)
        return i->lo == i->hi ? text[0] : arena_print(a, "%s – %s", text[0], text[1]);
    return arena_print(a, "%s %s", lo ? "≥" : "≤", text[lo ? 0 : 1]);
}

static char *interval_shown(const struct field *f, struct arena *a, const void *at)
{
    const struct interval *i = at;
    char *words = interval_words(f, a, i, true);
    int64_t largest = known_integer(i->hi) ? i->hi : i->lo;
    if (of_lengths(f))
        return arena_print(a, "%s" NO_BREAK_SPACE "%s", words, length_unit_for(largest).name);
    return with_unit(f, a, words, takes_singular((double)largest));
}

static char *interval_typed(const struct field *f, struct arena *a, const void *at)
{
    const struct interval *i = at;
    char *words = interval_words(f, a, i, false);
    if (!of_lengths(f))
        return words;
    return arena_print(a, "%s %s", words, length_unit_for(known_integer(i->hi) ? i->hi : i->lo).name);
}

const struct kind_rules interval_rules = {.name = "interval",
                                          .clear = interval_clear,
                                          .known = interval_known,
                                          .equal = interval_equal,
                                          .parse = interval_parse,
                                          .load = interval_load,
                                          .check = interval_check,
                                          .shown = interval_shown,
                                          .typed = interval_typed,
                                          .plain = interval_plain};
