/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* random_record.h - valid records of any type with random values, for the tests that hold for every type. */
#ifndef GRAPPE_RANDOM_RECORD_H
#define GRAPPE_RANDOM_RECORD_H

#include <string.h>

#include "random/random.h"
#include "records/checks.h"
#include "records/records.h"

/* An id a reference to this type may hold. */
typedef int64_t (*pick_id)(void *context, struct random *, const char *type);

static inline int64_t between(struct random *r, int64_t lo, int64_t hi)
{
    uint64_t span = (uint64_t)hi - (uint64_t)lo;
    return (int64_t)((uint64_t)lo + (span == UINT64_MAX ? random_next(r) : random_below(r, span + 1)));
}

static inline char *random_words(struct arena *a, struct random *r, int64_t least, int64_t most, bool lines)
{
    static const char *const letters[] = {"a", "b", "É", "ç",  "œ", "9", "-",  "'", "\"", "<", "&",
                                          ";", "µ", "²", "日", "😀", "|", "\\", "%", "=",  ",", "Z"};
    int64_t count = between(r, least < 1 ? 1 : least, most > 40 ? 40 : most);
    char *text = NEW(a, char, 4 * count + 1), *p = text;
    for (int64_t i = 0; i < count; i++) {
        bool inside = i > 0 && i + 1 < count && p[-1] != ' ' && p[-1] != '\n';
        if (inside && random_below(r, 6) == 0)
            *p++ = lines && random_below(r, 2) ? '\n' : ' ';
        else
            p = stpcpy(p, letters[random_below(r, COUNT(letters))]);
    }
    return text;
}

/* Digits whose last makes the Luhn sum a multiple of ten. */
static inline void luhn_digits(struct random *r, char *digits, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++)
        digits[i] = (char)('0' + random_below(r, 10));
    for (char key = '0'; key <= '9'; key++) {
        digits[count - 1] = key;
        int sum = 0;
        for (size_t i = 0; i < count; i++) {
            int d = digits[count - 1 - i] - '0', twice = 2 * d;
            sum += i % 2 == 0 ? d : twice > 9 ? twice - 9 : twice;
        }
        if (sum % 10 == 0)
            return;
    }
}

static inline const char *random_text(struct arena *a, struct random *r, const struct field *f)
{
    char digits[16] = "";
    int64_t most = f->max > 0 ? f->max : 100;
    if (f->check == check_siren || f->check == check_siret) {
        digits[0] = '4';
        luhn_digits(r, digits, 1, 9);
        if (f->check == check_siret)
            luhn_digits(r, digits, 9, 14);
        return arena_print(a, "%s", digits);
    }
    if (f->check == check_naf)
        return random_below(r, 2) ? "26.52Z" : "2573A";
    if (f->check == check_url)
        return arena_print(a, "https://firme-%llu.fr/à?q=1", (unsigned long long)random_below(r, 1000));
    if (f->check == check_email)
        return arena_print(a, "jeanne.%llx@exemple.fr", (unsigned long long)random_next(r));
    if (f->check == check_code)
        return arena_print(a, "code-%llx", (unsigned long long)random_next(r));
    if (f->unique)
        return arena_print(a, "%.*s%04llx", (int)(most - 4 > 12 ? 12 : most - 4), "uuuuuuuuuuuu",
                           (unsigned long long)random_below(r, 65536));
    if (strcmp(f->name, "country") == 0)
        return random_below(r, 2) ? "FR" : "CH";
    return random_words(a, r, f->min, most, f->kind == KIND_longtext);
}

static inline int64_t random_number(struct random *r, const struct field *f)
{
    bool bounded = f->min < f->max;
    int64_t lo = bounded ? f->min : -1000000, hi = bounded ? f->max : 1000000;
    if (random_below(r, 4) == 0)
        return random_below(r, 2) ? lo : hi;
    int64_t value = between(r, lo, hi);
    for (uint64_t shrink = random_below(r, 12); shrink && value / 10 >= lo && value / 10 <= hi; shrink--)
        value /= 10; /* small numbers as often as large ones */
    return value;
}

static inline void random_value(struct arena *a, struct random *r, const struct field *f, void *record,
                                pick_id pick, void *context)
{
    void *at = field_at(f, record);
    switch (f->kind) {
    case KIND_text:
    case KIND_longtext:
        *(const char **)at = random_text(a, r, f);
        break;
    case KIND_integer:
    case KIND_measure:
        *(int64_t *)at = random_number(r, f);
        break;
    case KIND_real:
        *(double *)at = (double)f->min + random_unit(r) * (double)(f->max - f->min);
        break;
    case KIND_interval: {
        int64_t x = random_number(r, f), y = random_number(r, f);
        uint64_t open = random_below(r, 4);
        *(struct interval *)at = (struct interval){open == 1 ? UNKNOWN_INTEGER
                                                   : x < y   ? x
                                                             : y,
                                                   open == 2 ? UNKNOWN_INTEGER
                                                   : x < y   ? y
                                                             : x};
        break;
    }
    case KIND_flag:
        *(enum flag *)at = random_below(r, 2) ? FLAG_YES : FLAG_NO;
        break;
    case KIND_date:
        *(int64_t *)at = between(r, -62091, 84370); /* 1800-01-01 .. 2200-12-31 */
        break;
    case KIND_choice: {
        uint64_t count = 0;
        while (f->choices[count].code)
            count++;
        *(const char **)at = f->choices[random_below(r, count)].code;
        break;
    }
    case KIND_ref:
        *(int64_t *)at = pick(context, r, f->to);
        break;
    case KIND_terms: {
        struct term_list list = {NEW(a, int64_t, 4), 0};
        int64_t id = 0;
        for (uint64_t i = 1 + random_below(r, 4); i; i--) {
            int64_t next = pick(context, r, "term");
            if (next > id)
                list.ids[list.count++] = id = next;
        }
        *(struct term_list *)at = list;
        break;
    }
    }
}

/* A record that record_check accepts; fields that contradict each other are given up. */
static inline void random_record(struct arena *a, struct random *r, const struct record_type *t, void *record,
                                 pick_id pick, void *context)
{
    record_clear(t, record);
    for (int i = 0; i < t->count; i++)
        if (t->fields[i].required || random_below(r, 3))
            random_value(a, r, &t->fields[i], record, pick, context);
    const struct fault *wrong;
    while ((wrong = record_check(t, record)) != NULL) {
        const struct field *f = field_find(t, wrong->field);
        char nothing[1] = "";
        assert_non_null(f);
        if (f->required || random_below(r, 2))
            random_value(a, r, f, record, pick, context);
        else
            assert_ok(value_parse(f, a, (struct slice){nothing, 0}, record));
    }
}

#endif
