/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/i18n.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "number/checked.h"

static _Thread_local enum language spoken = LANGUAGE_FR;

enum language language(void)
{
    return spoken;
}

void language_set(enum language l)
{
    spoken = l;
}

const char *language_code(enum language l)
{
    return l == LANGUAGE_FR ? "fr" : "en";
}

bool language_parse(const char *code, enum language *found)
{
    for (const char *p = code; p && *p; p += strcspn(p, ","), p += *p == ',') {
        p += strspn(p, " ");
        if (strncmp(p, "fr", 2) == 0 || strncmp(p, "en", 2) == 0) {
            *found = *p == 'f' ? LANGUAGE_FR : LANGUAGE_EN;
            return true;
        }
    }
    return false;
}

static int compare(const void *key, const void *entry)
{
    return strcmp(key, ((const struct message *)entry)->msgid);
}

const char *tr_in(enum language l, const char *msgid)
{
    if (l == LANGUAGE_EN)
        return msgid;
    const struct message *m =
        bsearch(msgid, message_table, (size_t)message_count, sizeof *message_table, compare);
    return m ? m->french : msgid;
}

const char *tr(const char *msgid)
{
    return tr_in(spoken, msgid);
}

const char *tr_plural(int64_t count, const char *one, const char *many)
{
    bool single = count == 1 || (spoken == LANGUAGE_FR && count == 0);
    return tr(single ? one : many);
}

static const char thin_space[] = "\xE2\x80\xAF";

/* Puts the thousands separator of the language into a run of digits. */
static char *group(struct arena *a, const char *digits, size_t count, const char *rest)
{
    const char *separator = spoken == LANGUAGE_FR ? thin_space : ",";
    size_t width = strlen(separator);
    char *out = NEW(a, char, count + count / 3 * width + strlen(rest) + 1), *p = out;
    for (size_t i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0)
            p = stpcpy(p, separator);
        *p++ = digits[i];
    }
    (void)stpcpy(p, rest);
    return out;
}

char *number_print(struct arena *a, double value, int decimals)
{
    if (!isfinite(value))
        return arena_print(a, "%s", "");
    char *text = arena_print(a, "%.*f", decimals, fabs(value));
    char *point = strchr(text, '.');
    if (point) {
        char *end = text + strlen(text);
        while (end > point + 1 && end[-1] == '0')
            *--end = '\0';
        if (end == point + 1)
            *point = '\0';
        else if (spoken == LANGUAGE_FR)
            *point = ',';
    }
    size_t whole = strspn(text, "0123456789");
    char *grouped = group(a, text, whole, text + whole);
    bool zero = strspn(grouped, "0,.") == strlen(grouped);
    return value < 0 && !zero ? arena_print(a, "\xE2\x88\x92%s", grouped) : grouped;
}

char *integer_print(struct arena *a, int64_t value)
{
    if (!known_integer(value))
        return NEW(a, char, 1);
    char digits[24], *p = digits + sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--p = (char)('0' + left % 10);
    while (left /= 10);
    char *grouped = group(a, p, (size_t)(digits + sizeof digits - p), "");
    return value < 0 ? arena_print(a, "\xE2\x88\x92%s", grouped) : grouped;
}

static const char *month_name(int month, bool brief)
{
    static const char *const months[2][2][12] = {
        {{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
          "novembre", "décembre"},
         {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."}},
        {{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December"},
         {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}}};
    return months[spoken][brief][month - 1];
}

char *day_in_words(struct arena *a, int64_t day, bool brief)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    const char *first = spoken == LANGUAGE_FR && d == 1 ? "er" : "";
    return arena_print(a, "%d%s %s %d", d, first, month_name(m, brief), y);
}

char *month_in_words(struct arena *a, int64_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return arena_print(a, "%s %d", month_name(m, false), y);
}
