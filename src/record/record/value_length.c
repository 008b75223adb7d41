/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* value_length.c - lengths in nanometres: "0,8 mm", "±2 µm", "20µ", "Ø 3", "1/2 inch", "11 1/2 lignes". */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "i18n/i18n.h"
#include "limits/limits.h"
#include "record/kinds.h"
#include "text/fold.h"

/* Folded names, singular. The horological ligne is a twelfth of a French inch: 2.2558 mm. */
static const struct {
    const char *name;
    double nanometres;
} units[] = {{"nm", 1},           {"nanometre", 1},    {"nanometer", 1},    {"um", 1e3},
             {"u", 1e3},          {"micron", 1e3},     {"micrometre", 1e3}, {"micrometer", 1e3},
             {"mm", 1e6},         {"millimetre", 1e6}, {"millimeter", 1e6}, {"cm", 1e7},
             {"centimetre", 1e7}, {"centimeter", 1e7}, {"dm", 1e8},         {"decimetre", 1e8},
             {"m", 1e9},          {"metre", 1e9},      {"meter", 1e9},      {"inch", 25.4e6},
             {"inche", 25.4e6},   {"in", 25.4e6},      {"pouce", 25.4e6},   {"\"", 25.4e6},
             {"thou", 25.4e3},    {"ligne", 2255829},  {"'''", 2255829}};

static bool unit_find(struct slice name, double *nanometres)
{
    if (!name.len) {
        *nanometres = 1e6; /* a bare number is millimetres, as on a drawing */
        return true;
    }
    if (name.len > 4 && name.ptr[name.len - 1] == 's')
        name.len--;
    for (size_t i = 0; i < COUNT(units); i++)
        if (slice_equal(name, slice_of(units[i].name))) {
            *nanometres = units[i].nanometres;
            return true;
        }
    return false;
}

/* Signs and words before a size, that say nothing about its value. */
static struct slice without_marks(struct slice s)
{
    static const char *const marks[] = {"+/-", "+-", "diametre", "diameter", "diam.", "diam", "dia", "o "};
    bool found = true;
    while (found) {
        found = false;
        for (size_t i = 0; i < COUNT(marks) && !found; i++)
            if (slice_starts(s, slice_of(marks[i]))) {
                s = slice_trim(slice_from(s, strlen(marks[i])));
                found = true;
            }
    }
    bool glued = s.len > 1 && *s.ptr == 'o' && s.ptr[1] >= '0' && s.ptr[1] <= '9'; /* Ø3 */
    return glued ? slice_from(s, 1) : s;
}

/* "3/4" and "11 1/2" besides plain numbers. */
static bool quantity(struct slice s, double *value)
{
    const char *bar = s.len ? memchr(s.ptr, '/', s.len) : NULL;
    if (!bar)
        return real_parse(s, value);
    struct slice above = {s.ptr, (size_t)(bar - s.ptr)}, below = slice_from(s, above.len + 1);
    above = slice_trim(above);
    const char *space = above.len ? memrchr(above.ptr, ' ', above.len) : NULL;
    int64_t whole = 0, numerator = 0, denominator = 0;
    if (space) {
        size_t first = (size_t)(space - above.ptr);
        if (!integer_parse((struct slice){above.ptr, first}, &whole) || whole < 0)
            return false;
        above = slice_from(above, first + 1);
    }
    if (!integer_parse(above, &numerator) || !integer_parse(below, &denominator) || denominator <= 0)
        return false;
    *value = (double)whole + (double)numerator / (double)denominator;
    return true;
}

bool length_parse(struct slice typed, int64_t *nanometres)
{
    ARENA_SCOPE(work);
    struct slice s = without_marks(slice_trim(fold(work, typed)));
    size_t end = s.len;
    while (end && !(s.ptr[end - 1] >= '0' && s.ptr[end - 1] <= '9'))
        end--;
    double scale, value;
    if (!unit_find(slice_trim(slice_from(s, end)), &scale) ||
        !quantity(slice_trim((struct slice){s.ptr, end}), &value))
        return false;
    double length = round(value * scale);
    if (!(fabs(length) < 9007199254740992.0)) /* 2^53 nm, 9,000 km: exact in a double */
        return false;
    *nanometres = (int64_t)length;
    return true;
}

struct length_unit length_unit_for(int64_t nanometres)
{
    static const struct length_unit steps[] = {{"m", 1000000000}, {"mm", 1000000}, {"µm", 1000}};
    static const uint64_t from[] = {UINT64_C(10000000000), 100000, 100}; /* 10 m, 0.1 mm, 0.1 µm */
    uint64_t size = nanometres < 0 ? 0 - (uint64_t)nanometres : (uint64_t)nanometres;
    for (size_t i = 0; i < COUNT(steps); i++)
        if (size >= from[i])
            return steps[i];
    return size ? (struct length_unit){"nm", 1} : steps[1];
}

char *length_in(struct arena *a, int64_t nanometres, struct length_unit unit, bool grouped)
{
    uint64_t size = nanometres < 0 ? 0 - (uint64_t)nanometres : (uint64_t)nanometres;
    uint64_t scale = (uint64_t)unit.nanometres, whole = size / scale, rest = size % scale;
    char decimals[24] = "";
    if (rest) {
        size_t used = 0;
        decimals[used++] = language() == LANGUAGE_FR ? ',' : '.';
        for (scale /= 10; rest; rest %= scale, scale /= 10)
            decimals[used++] = (char)('0' + rest / scale);
    }
    const char *minus = nanometres >= 0 ? "" : grouped ? "\xE2\x88\x92" : "-";
    return grouped ? arena_print(a, "%s%s%s", minus, integer_print(a, (int64_t)whole), decimals)
                   : arena_print(a, "%s%" PRIu64 "%s", minus, whole, decimals);
}

char *length_print(struct arena *a, int64_t nanometres)
{
    if (!known_integer(nanometres))
        return NEW(a, char, 1);
    struct length_unit unit = length_unit_for(nanometres);
    return arena_print(a, "%s" NO_BREAK_SPACE "%s", length_in(a, nanometres, unit, true), unit.name);
}

/* The measure kind. */

static struct fault *measure_parse(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    if (length_parse(typed, at))
        return NULL;
    return fault(FAULT_INVALID, "%s: \"%s\" is not a length, such as 0.8 mm or 2 µm.", tr(f->label),
                 excerpt(a, typed));
}

static char *bound_print(const struct field *f, struct arena *a, int64_t value)
{
    (void)f;
    return length_print(a, value);
}

static struct fault *measure_check(const struct field *f, const void *at)
{
    return range_check(f, *(const int64_t *)at, bound_print);
}

static char *measure_shown(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    return length_print(a, *(const int64_t *)at);
}

static char *measure_typed(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    int64_t length = *(const int64_t *)at;
    struct length_unit unit = length_unit_for(length);
    return arena_print(a, "%s %s", length_in(a, length, unit, false), unit.name);
}

const struct kind_rules measure_rules = {.name = "measure",
                                         .clear = integer_clear,
                                         .known = integer_known,
                                         .equal = integer_equal,
                                         .parse = measure_parse,
                                         .load = integer_load,
                                         .check = measure_check,
                                         .shown = measure_shown,
                                         .typed = measure_typed,
                                         .plain = integer_plain};
