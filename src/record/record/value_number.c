/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* value_number.c - integers and reals as French and English people type them. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "i18n/i18n.h"
#include "limits/limits.h"
#include "record/kinds.h"
#include "text/fold.h"

/* A number as typed: groups of digits and the mark before each of them. */
enum { MOST_GROUPS = 16, MOST_DIGITS = 40, NUMBER_SIZE = 64 };
struct number {
    bool negative;
    int groups;
    char mark[MOST_GROUPS]; /* before the group: ' ' ' . ,; of the first: 0 */
    struct slice group[MOST_GROUPS];
    struct slice exponent; /* with its e, or empty */
};

static struct slice digits_at(struct slice s, size_t at)
{
    size_t end = at;
    while (end < s.len && s.ptr[end] >= '0' && s.ptr[end] <= '9')
        end++;
    return (struct slice){s.ptr + at, end - at};
}

static bool split_number(struct slice s, struct number *n)
{
    *n = (struct number){0};
    size_t at = 0;
    if (s.len && (*s.ptr == '-' || *s.ptr == '+')) {
        n->negative = *s.ptr == '-';
        at = 1;
    }
    while (n->groups < MOST_GROUPS) {
        struct slice digits = digits_at(s, at);
        n->group[n->groups++] = digits;
        at += digits.len;
        if (at == s.len || !s.ptr[at] || !strchr(" '.,", s.ptr[at]))
            break;
        n->mark[n->groups < MOST_GROUPS ? n->groups : 0] = s.ptr[at++];
    }
    if (at < s.len && s.ptr[at] == 'e' && at > 0) {
        size_t sign = at + 1 < s.len && (s.ptr[at + 1] == '-' || s.ptr[at + 1] == '+');
        struct slice power = digits_at(s, at + 1 + sign);
        if (!power.len || power.len > 4)
            return false;
        n->exponent = (struct slice){s.ptr + at, 1 + sign + power.len};
        at += n->exponent.len;
    }
    return at == s.len && n->groups < MOST_GROUPS;
}

/* The group that starts the decimals, 0 when there are none. A single point or comma before exactly three
 * digits is thousands in a whole number, and for a comma in English; else it is the decimal mark. */
static int decimals_of(const struct number *n, bool whole)
{
    int last = n->groups - 1, same = 0, marks = 0;
    char mark = n->mark[last]; /* of the first group: none */
    if (mark != '.' && mark != ',')
        return 0;
    for (int i = 1; i <= last; i++) {
        same += n->mark[i] == mark;
        marks++;
    }
    if (same > 1)
        return 0; /* 1.234.567 */
    bool could_group = marks == 1 && n->group[1].len == 3 && n->group[0].len >= 1 && n->group[0].len <= 3 &&
                       *n->group[0].ptr != '0' && !n->exponent.len;
    bool groups = could_group && (whole || (mark == ',' && language() == LANGUAGE_EN));
    return groups ? 0 : last;
}

/* Rewrites folded text as strtod reads it. */
static bool number_normal(struct slice folded, bool whole, char out[NUMBER_SIZE])
{
    struct number n;
    if (!split_number(folded, &n))
        return false;
    int decimals = decimals_of(&n, whole);
    size_t digits = 0, used = 0;
    out[used++] = n.negative ? '-' : '+';
    for (int i = 0; i < n.groups; i++) {
        bool grouped = i > 0 && i != decimals;
        if (grouped &&
            (n.group[i].len != 3 || n.group[i - 1].len > 3 || !n.group[i - 1].len || n.mark[i] != n.mark[1]))
            return false;
        digits += n.group[i].len;
        if (digits > MOST_DIGITS)
            return false;
        if (i == decimals && i > 0)
            out[used++] = '.';
        memcpy(out + used, n.group[i].ptr, n.group[i].len);
        used += n.group[i].len;
    }
    memcpy(out + used, n.exponent.ptr ? n.exponent.ptr : "", n.exponent.len);
    out[used + n.exponent.len] = '\0';
    return digits > 0;
}

bool real_parse(struct slice typed, double *value)
{
    ARENA_SCOPE(work);
    char normal[NUMBER_SIZE];
    if (!number_normal(slice_trim(fold(work, typed)), false, normal))
        return false;
    double read = strtod(normal, NULL);
    if (!isfinite(read))
        return false;
    *value = read;
    return true;
}

/* Decimals may only be zeros ("12,0" out of a spreadsheet). */
bool integer_parse(struct slice typed, int64_t *value)
{
    ARENA_SCOPE(work);
    char normal[NUMBER_SIZE];
    if (!number_normal(slice_trim(fold(work, typed)), true, normal))
        return false;
    if (strchr(normal, 'e')) {
        double read = strtod(normal, NULL);
        if (!(fabs(read) <= 9007199254740992.0) || read != floor(read)) /* 2^53: exact in a double */
            return false;
        *value = (int64_t)read;
        return true;
    }
    char *point = strchr(normal, '.');
    if (point && point[1 + strspn(point + 1, "0")])
        return false;
    if (point)
        *point = '\0';
    errno = 0;
    int64_t read = strtoll(normal, NULL, 10);
    if (errno || !known_integer(read))
        return false;
    *value = read;
    return true;
}

struct slice without_unit(const struct field *f, struct arena *a, struct slice typed)
{
    struct slice folded = slice_trim(fold(a, typed));
    const char *units[] = {f->unit, f->unit ? tr_in(LANGUAGE_FR, f->unit) : NULL};
    for (size_t i = 0; i < COUNT(units); i++) {
        struct slice unit = fold(a, slice_of(units[i]));
        if (unit.len && folded.len > unit.len && slice_equal(slice_from(folded, folded.len - unit.len), unit))
            return slice_trim((struct slice){folded.ptr, folded.len - unit.len});
    }
    return folded;
}

bool takes_singular(double count)
{
    return language() == LANGUAGE_FR ? fabs(count) < 2 : count == 1;
}

char *with_unit(const struct field *f, struct arena *a, char *number, bool single)
{
    static const char *const forms[][2] = {{N_("people"), N_("person")},
                                           {N_("pieces"), N_("piece")},
                                           {N_("pieces a month"), N_("piece a month")}};
    if (!f->unit || !*number)
        return number;
    const char *unit = f->unit;
    for (size_t i = 0; single && i < COUNT(forms); i++)
        if (strcmp(unit, forms[i][0]) == 0)
            unit = forms[i][1];
    return arena_print(a, "%s" NO_BREAK_SPACE "%s", number, tr(unit));
}

/* Integers. */

void integer_clear(void *at)
{
    *(int64_t *)at = UNKNOWN_INTEGER;
}

bool integer_known(const void *at)
{
    return known_integer(*(const int64_t *)at);
}

bool integer_equal(const void *a, const void *b)
{
    return *(const int64_t *)a == *(const int64_t *)b;
}

bool plain_integer(struct slice plain, int64_t *value)
{
    char text[24];
    if (!plain.len || plain.len >= sizeof text)
        return false;
    memcpy(text, plain.ptr, plain.len);
    text[plain.len] = '\0';
    size_t sign = *text == '-';
    errno = 0;
    *value = strtoll(text, NULL, 10);
    return !errno && plain.len > sign && strspn(text + sign, "0123456789") == plain.len - sign &&
           known_integer(*value);
}

struct fault *integer_load(const struct field *f, struct arena *a, struct slice plain, void *at)
{
    if (plain_integer(plain, at))
        return NULL;
    return fault(FAULT_INVALID, "%s: \"%s\" is not a stored value.", tr(f->label), excerpt(a, plain));
}

char *integer_plain(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    return arena_print(a, "%lld", (long long)*(const int64_t *)at);
}

static struct fault *integer_from(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    if (integer_parse(without_unit(f, a, typed), at))
        return NULL;
    return fault(FAULT_INVALID, "%s: \"%s\" is not a whole number.", tr(f->label), excerpt(a, typed));
}

struct fault *range_check(const struct field *f, int64_t value,
                          char *(*print)(const struct field *, struct arena *, int64_t))
{
    if (f->min >= f->max || (value >= f->min && value <= f->max))
        return NULL;
    ARENA_SCOPE(work);
    return fault(FAULT_INVALID, "%s: %s is outside %s to %s.", tr(f->label), print(f, work, value),
                 print(f, work, f->min), print(f, work, f->max));
}

static char *bound_print(const struct field *f, struct arena *a, int64_t value)
{
    (void)f;
    return integer_print(a, value);
}

static struct fault *integer_check(const struct field *f, const void *at)
{
    return range_check(f, *(const int64_t *)at, bound_print);
}

static char *integer_shown(const struct field *f, struct arena *a, const void *at)
{
    int64_t value = *(const int64_t *)at;
    return with_unit(f, a, integer_print(a, value), takes_singular((double)value));
}

const struct kind_rules integer_rules = {.name = "integer",
                                         .clear = integer_clear,
                                         .known = integer_known,
                                         .equal = integer_equal,
                                         .parse = integer_from,
                                         .load = integer_load,
                                         .check = integer_check,
                                         .shown = integer_shown,
                                         .typed = integer_plain,
                                         .plain = integer_plain};

/* Reals. */

static void real_clear(void *at)
{
    *(double *)at = UNKNOWN_REAL;
}

static bool real_known(const void *at)
{
    return known_real(*(const double *)at);
}

static bool real_equal(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x == y || (isnan(x) && isnan(y));
}

static struct fault *real_from(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    if (real_parse(without_unit(f, a, typed), at))
        return NULL;
    return fault(FAULT_INVALID, "%s: \"%s\" is not a number.", tr(f->label), excerpt(a, typed));
}

static struct fault *real_load(const struct field *f, struct arena *a, struct slice plain, void *at)
{
    char text[NUMBER_SIZE] = "", *end = text;
    if (plain.len < sizeof text) {
        memcpy(text, plain.ptr, plain.len);
        *(double *)at = strtod(text, &end);
    }
    if (end > text && !*end && isfinite(*(double *)at))
        return NULL;
    return fault(FAULT_INVALID, "%s: \"%s\" is not a stored value.", tr(f->label), excerpt(a, plain));
}

static struct fault *real_check(const struct field *f, const void *at)
{
    double value = *(const double *)at;
    if (!isfinite(value))
        return fault(FAULT_INVALID, "%s: this number is not finite.", tr(f->label));
    if (f->min >= f->max || (value >= (double)f->min && value <= (double)f->max))
        return NULL;
    ARENA_SCOPE(work);
    return fault(FAULT_INVALID, "%s: %s is outside %s to %s.", tr(f->label), number_print(work, value, 6),
                 integer_print(work, f->min), integer_print(work, f->max));
}

static char *real_shown(const struct field *f, struct arena *a, const void *at)
{
    double value = *(const double *)at;
    return with_unit(f, a, number_print(a, value, 6), takes_singular(value));
}

/* The shortest digits that read back to the same double. */
static char *real_plain(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    double value = *(const double *)at;
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return arena_text(a, text, strlen(text));
}

static char *real_typed(const struct field *f, struct arena *a, const void *at)
{
    char *text = real_plain(f, a, at), *point = strchr(text, '.');
    if (point && language() == LANGUAGE_FR)
        *point = ',';
    return text;
}

const struct kind_rules real_rules = {.name = "real",
                                      .clear = real_clear,
                                      .known = real_known,
                                      .equal = real_equal,
                                      .parse = real_from,
                                      .load = real_load,
                                      .check = real_check,
                                      .shown = real_shown,
                                      .typed = real_typed,
                                      .plain = real_plain};
