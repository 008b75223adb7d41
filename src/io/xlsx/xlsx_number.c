/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "xlsx/xlsx_number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "text/buffer.h"

enum { NUMBER_LENGTH = 40, DAY_S = 24 * 3600, LAST_SERIAL = 2958465 /* 9999-12-31 */, MASK_LENGTH = 64 };

/* --- formats --------------------------------------------------------------------------------------- */

/* 27 to 36 and 50 to 58 are dates of East Asian calendars. */
struct xlsx_format xlsx_format_built_in(int id)
{
    static const struct {
        int first, last;
        enum xlsx_look look;
    } known[] = {{9, 10, XLSX_PERCENT},    {14, 17, XLSX_DATE}, {18, 21, XLSX_TIME},
                 {22, 22, XLSX_DATE_TIME}, {27, 36, XLSX_DATE}, {45, 45, XLSX_TIME},
                 {46, 46, XLSX_DURATION},  {47, 47, XLSX_TIME}, {50, 58, XLSX_DATE}};
    for (size_t i = 0; i < COUNT(known); i++)
        if (id >= known[i].first && id <= known[i].last)
            return (struct xlsx_format){known[i].look, NULL};
    return (struct xlsx_format){XLSX_NUMBER, NULL};
}

/* The bare first section of a format: what it is for positive numbers. */
struct section {
    char bare[MASK_LENGTH]; /* without brackets; what is quoted or escaped stands as LITERAL and itself */
    size_t length;
    bool duration, fits;
};

#define LITERAL '\001' /* no format has it: the character behind it stands for itself */

static void put(struct section *s, char c)
{
    if (s->length + 1 < sizeof s->bare)
        s->bare[s->length++] = c;
    else
        s->fits = false;
}

static void put_literal(struct section *s, char c)
{
    put(s, LITERAL);
    put(s, c);
}

/* "[h]", "[mm]", "[s]" count on; "[Red]", "[$-40C]", "[>9]" say nothing of the number. */
static const char *pass_bracket(struct section *s, const char *p)
{
    const char *end = strchr(p, ']');
    size_t length = end ? (size_t)(end - p) - 1 : 0;
    if (length && length <= 2 && strspn(p + 1, "hHmMsS") == length)
        s->duration = true;
    return end ? end + 1 : p + strlen(p);
}

static const char *pass_quoted(struct section *s, const char *p)
{
    for (p++; *p && *p != '"'; p++)
        put_literal(s, *p);
    return *p ? p + 1 : p;
}

static struct section first_section(const char *code)
{
    struct section s = {.fits = true};
    for (const char *p = code; *p && *p != ';';) {
        if (*p == '[') {
            p = pass_bracket(&s, p);
        } else if (*p == '"') {
            p = pass_quoted(&s, p);
        } else if ((*p == '\\' || *p == '_' || *p == '*') && p[1]) {
            if (*p == '\\')
                put_literal(&s, p[1]);
            p += 2;
        } else {
            put(&s, *p++);
        }
    }
    s.bare[s.length] = '\0';
    return s;
}

static bool has(const struct section *s, const char *any)
{
    for (const char *p = s->bare; *p; p++)
        if (*p == LITERAL)
            p += p[1] != '\0';
        else if (strchr(any, *p))
            return true;
    return false;
}

/* "0.00" and "#,##0" begin with a digit, "mm:ss.0" does not. */
static bool counts(const struct section *s)
{
    for (const char *p = s->bare; *p; p++)
        if (*p == LITERAL)
            p += p[1] != '\0';
        else if (strchr("0#?yYmMdDhHsS", *p))
            return strchr("0#?", *p) != NULL;
    return true;
}

static struct xlsx_format day_or_time(const struct section *s)
{
    bool time = has(s, "hHsS"), date = has(s, "yYdD") || (has(s, "mM") && !time);
    return (struct xlsx_format){s->duration    ? XLSX_DURATION
                                : date && time ? XLSX_DATE_TIME
                                : date         ? XLSX_DATE
                                : time         ? XLSX_TIME
                                               : XLSX_NUMBER,
                                NULL};
}

/* "00000", "000\ 000\ 000", "0#\" \"##": leading zeros or spaces are part of what is written. */
static bool is_mask(const struct section *s)
{
    size_t zeros = 0, places = 0, literals = 0;
    for (const char *p = s->bare; *p; p++) {
        bool place = *p == '0' || *p == '#';
        bool escaped = *p == LITERAL && p[1] > '\0'; /* ASCII only: a mask is cut byte by byte */
        if (!place && !escaped && *p != ' ' && *p != '-')
            return false;
        zeros += *p == '0';
        places += place;
        literals += !place && places > 0;
        p += escaped;
    }
    return s->fits && (zeros > 1 || (places > 1 && literals > 0));
}

struct xlsx_format xlsx_format_of_code(struct arena *a, const char *code)
{
    struct section s = first_section(code);
    char mask[MASK_LENGTH];
    size_t length = 0;
    if (strcasecmp(s.bare, "general") == 0 || strcasecmp(s.bare, "standard") == 0)
        return (struct xlsx_format){XLSX_NUMBER, NULL};
    if (has(&s, "%"))
        return (struct xlsx_format){XLSX_PERCENT, NULL};
    if (!is_mask(&s))
        return counts(&s) && !s.duration ? (struct xlsx_format){XLSX_NUMBER, NULL} : day_or_time(&s);
    for (const char *p = s.bare; *p; p++)
        if (*p != LITERAL)
            mask[length++] = *p;
        else if (p[1] != '0' && p[1] != '#')
            mask[length++] = *++p;
    return (struct xlsx_format){XLSX_PLACES, arena_text(a, mask, length)};
}

/* --- numbers --------------------------------------------------------------------------------------- */

/* Fifteen digits, which is what a spreadsheet keeps and shows. Three decimals get a fourth: whoever reads
 * "1,234" as a whole number would take them for thousands. */
static void write_number(struct buffer *b, double value)
{
    char text[NUMBER_LENGTH];
    bool whole = fabs(value) < 1e21 && value == floor(value);
    (void)snprintf(text, sizeof text, whole ? "%.0f" : "%.15g", value == 0 ? 0.0 : value);
    char *point = strchr(text, '.');
    if (point && language() == LANGUAGE_FR)
        *point = ',';
    buffer_text(b, text);
    if (point && strlen(point) == 4 && !strchr(text, 'e'))
        buffer_char(b, '0');
}

/* Digits from the right into the places of the mask; those left over go before its first place. What stands
 * between places is written when there is a digit before it. */
static void write_places(struct buffer *b, double value, const char *mask)
{
    char digits[NUMBER_LENGTH], out[MASK_LENGTH + NUMBER_LENGTH];
    size_t left = (size_t)snprintf(digits, sizeof digits, "%.0f", value), at = sizeof out;
    size_t first_place = strcspn(mask, "0#"), first_zero = strcspn(mask, "0");
    for (size_t i = strlen(mask); i-- > 0;) {
        bool place = mask[i] == '0' || mask[i] == '#';
        if (!place && (left > 0 || i > first_zero || i < first_place))
            out[--at] = mask[i];
        else if (place && (left > 0 || mask[i] == '0'))
            out[--at] = left > 0 ? digits[--left] : '0';
        while (i == first_place && left > 0)
            out[--at] = digits[--left];
    }
    buffer_add(b, out + at, sizeof out - at);
}

/* --- days and times -------------------------------------------------------------------------------- */

/* Days since 1970. The 1900 system has a 29 February 1900 that never was. */
static int64_t day_of_serial(int64_t serial, bool since_1904)
{
    if (since_1904)
        return serial - 24107;
    return serial - 25569 + (serial < 60);
}

static void write_day(struct buffer *b, int64_t day)
{
    int year, month, day_of_month;
    day_split(day, &year, &month, &day_of_month);
    buffer_print(b, "%04d-%02d-%02d", year, month, day_of_month);
}

static void write_time(struct buffer *b, int64_t seconds)
{
    buffer_print(b, "%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60));
    if (seconds % 60)
        buffer_print(b, ":%02d", (int)(seconds % 60));
}

static void write_instant(struct buffer *b, double value, enum xlsx_look look, bool since_1904)
{
    int64_t seconds = llround(value * DAY_S), serial = seconds / DAY_S;
    int64_t of_day = seconds % DAY_S;
    bool dated = look == XLSX_DATE || look == XLSX_DATE_TIME;
    if (look == XLSX_DURATION) {
        write_time(b, seconds);
        return;
    }
    if (dated && (serial > 0 || since_1904)) /* day 0 of 1900 is a formula that found nothing */
        write_day(b, day_of_serial(serial, since_1904));
    else
        dated = false;
    if (look == XLSX_TIME || (look == XLSX_DATE_TIME && of_day)) {
        buffer_text(b, dated ? " " : "");
        write_time(b, of_day);
    }
}

static bool read_number(struct slice digits, double *value)
{
    char text[NUMBER_LENGTH], *end;
    if (!digits.len || digits.len >= sizeof text)
        return false;
    memcpy(text, digits.ptr, digits.len);
    text[digits.len] = '\0';
    if (strspn(text, "0123456789+-.eE") != digits.len)
        return false;
    *value = strtod(text, &end);
    return !*end && isfinite(*value);
}

void xlsx_number_write(struct buffer *b, struct slice digits, struct xlsx_format format, bool since_1904)
{
    double value;
    if (!read_number(digits, &value)) {
        buffer_slice(b, digits);
        return;
    }
    bool instant = format.look >= XLSX_DATE && format.look <= XLSX_DURATION;
    if (instant && value >= 0 && value < LAST_SERIAL + 1) {
        write_instant(b, value, format.look, since_1904);
    } else if (format.look == XLSX_PLACES && value >= 0 && value < 1e15 && value == floor(value)) {
        write_places(b, value, format.mask);
    } else if (format.look == XLSX_PERCENT) {
        write_number(b, value * 100);
        buffer_text(b, " %");
    } else {
        write_number(b, value);
    }
}

void xlsx_instant_write(struct buffer *b, struct slice iso)
{
    enum { DAY = 10, SECONDS = 8 };
    bool timed = iso.len > DAY && iso.ptr[DAY] == 'T';
    struct slice day = {iso.ptr, timed ? DAY : iso.len}, time = slice_from(iso, timed ? DAY + 1 : iso.len);
    if (time.len > SECONDS)
        time.len = SECONDS; /* fractions and zones say nothing here */
    if (time.len == SECONDS && memcmp(time.ptr + SECONDS - 3, ":00", 3) == 0)
        time.len -= 3;
    buffer_slice(b, day);
    if (time.len && !slice_equal(time, S("00:00"))) {
        buffer_char(b, ' ');
        buffer_slice(b, time);
    }
}
