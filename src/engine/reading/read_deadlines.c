/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* read_deadlines.c - by when: "avant mars", "sous 6 semaines", "d'ici fin juin", "by end of Q2",
 * "2027-03-01". */
#include <stdio.h>

#include "clock/clock.h"
#include "reading/read.h"

static const struct {
    const char *word;
    int month;
} months[] = {
    {"janvier", 1}, {"fevrier", 2},  {"mars", 3},      {"avril", 4},    {"mai", 5},       {"juin", 6},
    {"juillet", 7}, {"aout", 8},     {"septembre", 9}, {"octobre", 10}, {"novembre", 11}, {"decembre", 12},
    {"january", 1}, {"february", 2}, {"march", 3},     {"april", 4},    {"may", 5},       {"june", 6},
    {"july", 7},    {"august", 8},   {"september", 9}, {"october", 10}, {"november", 11}, {"december", 12},
    {"janv", 1},    {"fevr", 2},     {"sept", 9},      {"oct", 10},     {"nov", 11},      {"dec", 12},
};

static const struct {
    const char *word;
    int days;
} spans[] = {{"jour", 1},     {"jours", 1},  {"day", 1},   {"days", 1},  {"semaine", 7},
             {"semaines", 7}, {"week", 7},   {"weeks", 7}, {"mois", 30}, {"month", 30},
             {"months", 30},  {"heures", 0}, {"hours", 0}};

static const char *const by_words[] = {"avant",   "before",   "by",        "ici",       "pour",  "until",
                                       "delai",   "deadline", "echeance",  "livraison", "livre", "livres",
                                       "livrees", "delivery", "delivered", NULL};

static int month_at(const struct tokens *t, int at)
{
    for (size_t i = 0; i < COUNT(months); i++)
        if (token_is(t, at, months[i].word))
            return months[i].month;
    return 0;
}

/* The day itself when the year is written, else the next one from today on. */
static int64_t resolve(const struct reader *r, int year, int month, int day)
{
    if (year)
        return day_of(year, month, day);
    day_split(r->today, &year, &(int){0}, &(int){0});
    int64_t found = day_of(year, month, day);
    return found >= r->today ? found : day_of(year + 1, month, day);
}

/* Last day of a month; month 0 is December of the year before. */
static int64_t month_end(const struct reader *r, int year, int month)
{
    if (year)
        return (month == 12 ? day_of(year + 1, 1, 1) : day_of(year, month + 1, 1)) - 1;
    day_split(r->today, &year, &(int){0}, &(int){0});
    int64_t end = month_end(r, year, month);
    return end >= r->today ? end : month_end(r, year + 1, month);
}

static void add_deadline(struct reader *r, int64_t day, int first, int last)
{
    if (day < r->today)
        read_remark(r, READING_PAST, FACT_DEADLINE, first, last);
    read_fact(r, FACT_DEADLINE, first, last)->low = day;
}

static bool by_before(const struct reader *r, int at)
{
    for (int i = at - 1; i >= 0 && i >= at - 4 && r->tokens->list[i].kind != TOKEN_SIGN; i--)
        if (token_in(r->tokens, i, by_words))
            return true;
    return false;
}

static int year_at(const struct tokens *t, int at)
{
    return token_number(t, at) && t->list[at].value >= 1900 && t->list[at].value <= 2200
               ? (int)t->list[at].value
               : 0;
}

/* "avant le 3 mars 2027", "d'ici fin juin", "end of June", "mi-mars", "before March". */
static void read_month(struct reader *r, int at)
{
    static const char *const end_words[] = {"fin", "end", "late", NULL}, *const mid[] = {"mi", "mid", NULL};
    static const char *const strict[] = {"avant", "before", NULL};
    const struct tokens *t = r->tokens;
    int month = month_at(t, at), year = year_at(t, at + 1), last = year ? at + 1 : at, first = at;
    if (token_number(t, at - 1) && t->list[at - 1].value >= 1 && t->list[at - 1].value <= 31) {
        if (by_before(r, at) || year)
            add_deadline(r, resolve(r, year, month, (int)t->list[at - 1].value), at - 1, last);
        return;
    }
    while (first > 0 && first > at - 3 &&
           (token_in(t, first - 1, end_words) || token_in(t, first - 1, mid) ||
            token_is(t, first - 1, "of") || token_is(t, first - 1, "de") || token_sign(t, first - 1, '-')))
        first--;
    if (token_in(t, first, mid)) {
        add_deadline(r, resolve(r, year, month, 15), first, last);
    } else if (token_in(t, first, end_words)) {
        add_deadline(r, month_end(r, year, month), first, last);
    } else if (token_in(t, at - 1, strict)) {
        add_deadline(r, resolve(r, year, month, 1) - 1, at - 1, last);
    } else if (by_before(r, at) && !token_is(t, at, "may")) {
        add_deadline(r, month_end(r, year, month), at, last);
    }
}

/* "sous 6 semaines", "within six weeks", "dans 3 mois", "sous 48 heures". */
static void read_span(struct reader *r, int at)
{
    static const char *const within[] = {"sous", "dans",    "within", "in", "delai",
                                         "ici",  "maximum", "max",    NULL};
    const struct tokens *t = r->tokens;
    double count = t->list[at].value;
    if (!token_in(t, at - 1, within) || t->list[at].decimal || count > 1000)
        return;
    for (size_t i = 0; i < COUNT(spans); i++)
        if (token_is(t, at + 1, spans[i].word)) {
            int64_t days = spans[i].days ? (int64_t)count * spans[i].days : ((int64_t)count + 23) / 24;
            add_deadline(r, r->today + days, at - 1, at + 1);
            return;
        }
}

/* 2027-03-01, 01/03/2027, 1.3.2027 */
static void read_date(struct reader *r, int at)
{
    const struct tokens *t = r->tokens;
    struct slice folded = t->words->folded;
    int64_t day;
    if (t->list[at].at + 10 <= folded.len &&
        day_parse((struct slice){folded.ptr + t->list[at].at, 10}, &day)) {
        add_deadline(r, day, at, at + 4 < t->count ? at + 4 : t->count - 1);
        return;
    }
    if (!token_sign(t, at + 1, '/') || !token_number(t, at + 2) || !token_sign(t, at + 3, '/') ||
        !year_at(t, at + 4) || t->list[at].value > 31 || t->list[at + 2].value > 12)
        return;
    char iso[64];
    (void)snprintf(iso, sizeof iso, "%04d-%02d-%02d", year_at(t, at + 4), (int)t->list[at + 2].value,
                   (int)t->list[at].value);
    if (day_parse(slice_of(iso), &day))
        add_deadline(r, day, at, at + 4);
}

/* "by end of Q2", "avant T3", "fin de S1". */
static void read_quarter(struct reader *r, int at)
{
    struct slice w = r->tokens->list[at].text;
    if (w.len != 2 || (*w.ptr != 'q' && *w.ptr != 't') || w.ptr[1] < '1' || w.ptr[1] > '4' ||
        (!by_before(r, at) && !token_is(r->tokens, at - 1, "fin")))
        return;
    int quarter = w.ptr[1] - '0', year = year_at(r->tokens, at + 1);
    add_deadline(r, month_end(r, year, quarter * 3), at, year ? at + 1 : at);
}

void read_deadlines(struct reader *r)
{
    const struct tokens *t = r->tokens;
    for (int i = 0; i < t->count; i++) {
        if (r->used[i])
            continue;
        if (token_number(t, i)) {
            read_span(r, i);
            if (!r->used[i])
                read_date(r, i);
        } else if (month_at(t, i)) {
            read_month(r, i);
        } else if (t->list[i].kind == TOKEN_WORD) {
            read_quarter(r, i);
        }
    }
}
