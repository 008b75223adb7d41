/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "reading/tokens.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"

/* Letters that stand before a number without a space: M6, IT7, Ra0,1, Ø12 (folded to o), S0,3, D4. */
static const char *const prefixes[] = {"m", "it", "ra", "o", "d", "s", "l", NULL};

enum spelled_kind { ADDS, HUNDRED, THOUSAND, MILLION, GROUP };

static const struct {
    const char *text;
    int value;
    enum spelled_kind kind;
} spelled[] = {
    {"deux", 2, ADDS},
    {"trois", 3, ADDS},
    {"quatre", 4, ADDS},
    {"cinq", 5, ADDS},
    {"six", 6, ADDS},
    {"sept", 7, ADDS},
    {"huit", 8, ADDS},
    {"dix", 10, ADDS},
    {"onze", 11, ADDS},
    {"douze", 12, ADDS},
    {"treize", 13, ADDS},
    {"quatorze", 14, ADDS},
    {"quinze", 15, ADDS},
    {"seize", 16, ADDS},
    {"vingt", 20, ADDS},
    {"vingts", 20, ADDS},
    {"trente", 30, ADDS},
    {"quarante", 40, ADDS},
    {"cinquante", 50, ADDS},
    {"soixante", 60, ADDS},
    {"cent", 100, HUNDRED},
    {"cents", 100, HUNDRED},
    {"mille", 1000, THOUSAND},
    {"million", 0, MILLION},
    {"millions", 0, MILLION},
    {"dizaine", 10, GROUP},
    {"dizaines", 10, GROUP},
    {"douzaine", 12, GROUP},
    {"quinzaine", 15, GROUP},
    {"vingtaine", 20, GROUP},
    {"trentaine", 30, GROUP},
    {"quarantaine", 40, GROUP},
    {"cinquantaine", 50, GROUP},
    {"soixantaine", 60, GROUP},
    {"centaine", 100, GROUP},
    {"centaines", 100, GROUP},
    {"millier", 1000, GROUP},
    {"milliers", 1000, GROUP},
    {"two", 2, ADDS},
    {"three", 3, ADDS},
    {"four", 4, ADDS},
    {"five", 5, ADDS},
    {"seven", 7, ADDS},
    {"eight", 8, ADDS},
    {"nine", 9, ADDS},
    {"ten", 10, ADDS},
    {"eleven", 11, ADDS},
    {"twelve", 12, ADDS},
    {"fifteen", 15, ADDS},
    {"twenty", 20, ADDS},
    {"thirty", 30, ADDS},
    {"forty", 40, ADDS},
    {"fifty", 50, ADDS},
    {"sixty", 60, ADDS},
    {"eighty", 80, ADDS},
    {"dozen", 12, GROUP},
    {"hundred", 100, HUNDRED},
    {"hundreds", 300, ADDS},
    {"thousand", 1000, THOUSAND},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static size_t digits_at(struct slice s, size_t at)
{
    size_t n = 0;
    while (at + n < s.len && is_digit(s.ptr[at + n]))
        n++;
    return n;
}

/* Reads the number that starts at `at`; groups of three after a space or an apostrophe belong to it. */
static size_t read_number(struct slice s, size_t at, struct token *t)
{
    char plain[64];
    size_t n = digits_at(s, at), end = at + n, used = 0;
    if (n > 18)
        n = 18; /* absurd: its size is enough to refuse it */
    memcpy(plain, s.ptr + at, n);
    used = n;
    while (end < s.len && (s.ptr[end] == ' ' || s.ptr[end] == '\'') && n <= 3 && digits_at(s, end + 1) == 3 &&
           used + 3 < sizeof plain / 2) {
        memcpy(plain + used, s.ptr + end + 1, 3);
        used += 3;
        end += 4;
    }
    if (end + 1 < s.len && (s.ptr[end] == ',' || s.ptr[end] == '.') && is_digit(s.ptr[end + 1])) {
        size_t fraction = digits_at(s, end + 1), kept = fraction < 12 ? fraction : 12;
        plain[used++] = '.';
        memcpy(plain + used, s.ptr + end + 1, kept);
        used += kept;
        end += 1 + fraction;
        t->decimal = true;
    }
    plain[used] = '\0';
    t->value = strtod(plain, NULL);
    return end;
}

/* "1,250 pieces" and "12.500 pièces" are thousands; "0,125 mm" and "1.250 mm" are not. Called when a word
 * that is not a unit of length follows. */
static void regroup(struct token *t)
{
    const char *mark = memchr(t->text.ptr, ',', t->text.len);
    if (!mark)
        mark = memchr(t->text.ptr, '.', t->text.len);
    if (mark && t->text.ptr + t->text.len - mark == 4 && *t->text.ptr != '0') {
        t->value *= 1000;
        t->decimal = false;
    }
}

static void push(struct arena *a, struct tokens *out, struct slice s, size_t at, size_t to, struct token t)
{
    t.at = (uint32_t)at;
    t.to = (uint32_t)to;
    t.text = (struct slice){s.ptr + at, to - at};
    t.glued = at > 0 && s.ptr[at - 1] != ' ';
    *PUSH(a, out->list, out->count, out->capacity) = t;
}

static size_t lex_word(struct arena *a, struct tokens *out, struct slice s, size_t at)
{
    size_t end = at;
    while (end < s.len && is_letter(s.ptr[end]))
        end++;
    if (end < s.len && is_digit(s.ptr[end])) {
        struct slice letters = {s.ptr + at, end - at};
        for (const char *const *p = prefixes; *p; p++)
            if (slice_equal(letters, slice_of(*p))) {
                push(a, out, s, at, end, (struct token){.kind = TOKEN_WORD});
                return end;
            }
        while (end < s.len && (is_letter(s.ptr[end]) || is_digit(s.ptr[end])))
            end++;
    }
    push(a, out, s, at, end, (struct token){.kind = TOKEN_WORD});
    return end;
}

static int find_spelled(struct slice word)
{
    for (size_t i = 0; i < COUNT(spelled); i++)
        if (slice_equal(word, slice_of(spelled[i].text)))
            return (int)i;
    return -1;
}

/* A number in words being read. */
struct spelling {
    double total, current; /* thousands done; below a thousand */
};

static void spell(struct spelling *s, int row)
{
    double value = spelled[row].value, several = s->current > 0 ? s->current : 1;
    switch (spelled[row].kind) {
    case ADDS:
        s->current += value;
        break;
    case HUNDRED:
    case GROUP:
        s->current = several * value;
        break;
    case THOUSAND:
    case MILLION:
        s->total += several * (spelled[row].kind == THOUSAND ? 1e3 : 1e6);
        s->current = 0;
        break;
    }
}

/* Replaces runs of number words by one number; digits may come first ("2 millions", "300 mille"). */
static void join_spelled(struct tokens *t)
{
    int kept = 0;
    for (int i = 0; i < t->count;) {
        struct spelling s = {0};
        int j = i;
        if (token_number(t, j) && j + 1 < t->count && find_spelled(t->list[j + 1].text) >= 0)
            s.current = t->list[j++].value;
        int first_word = j;
        for (int row;
             j < t->count && t->list[j].kind == TOKEN_WORD && (row = find_spelled(t->list[j].text)) >= 0; j++)
            spell(&s, row);
        if (j == first_word) {
            t->list[kept++] = t->list[i++];
            continue;
        }
        struct token joined = t->list[i];
        joined.kind = TOKEN_NUMBER;
        joined.spelled = true;
        joined.to = t->list[j - 1].to;
        joined.text.len = joined.to - joined.at;
        joined.value = s.total + s.current;
        t->list[kept++] = joined;
        i = j;
    }
    t->count = kept;
}

/* "10k", "150 k", "2 M" (a capital M: small m is a metre). */
static void join_multipliers(struct tokens *t)
{
    int kept = 0;
    for (int i = 0; i < t->count; i++) {
        struct token *last = kept ? &t->list[kept - 1] : NULL;
        bool after = last && last->kind == TOKEN_NUMBER && t->list[i].kind == TOKEN_WORD && t->list[i].glued;
        bool thousand = after && slice_equal(t->list[i].text, S("k"));
        bool million = after && slice_equal(t->list[i].text, S("m")) &&
                       t->words->text.ptr[t->words->origin[t->list[i].at]] == 'M';
        if (thousand || million) {
            last->value *= thousand ? 1e3 : 1e6;
            last->to = t->list[i].to;
            last->text.len = last->to - last->at;
            last->decimal = false;
        } else {
            t->list[kept++] = t->list[i];
        }
    }
    t->count = kept;
}

static bool measures(const struct tokens *t, int at)
{
    static const char *const units[] = {
        "mm",         "cm",   "m",           "um",         "u",           "nm",    "micron", "microns",
        "micrometre", "inch", "micrometres", "millimetre", "millimetres", "pouce", "pouces", "g",
        "kg",         "bar",  "x",           "mg",         "%",           NULL};
    return token_in(t, at, units);
}

struct tokens tokens_split(struct arena *a, const struct words *w)
{
    struct tokens out = {.words = w};
    struct slice s = w->folded;
    for (size_t at = 0; at < s.len;) {
        struct token number = {.kind = TOKEN_NUMBER};
        if (is_digit(s.ptr[at])) {
            size_t end = read_number(s, at, &number);
            push(a, &out, s, at, end, number);
            at = end;
        } else if (is_letter(s.ptr[at])) {
            at = lex_word(a, &out, s, at);
        } else {
            if (s.ptr[at] != ' ')
                push(a, &out, s, at, at + 1, (struct token){.kind = TOKEN_SIGN});
            at++;
        }
    }
    join_spelled(&out);
    join_multipliers(&out);
    for (int i = 0; i + 1 < out.count; i++)
        if (out.list[i].kind == TOKEN_NUMBER && out.list[i].decimal && out.list[i + 1].kind == TOKEN_WORD &&
            !measures(&out, i + 1))
            regroup(&out.list[i]);
    return out;
}

bool token_is(const struct tokens *t, int at, const char *text)
{
    return at >= 0 && at < t->count && *t->list[at].text.ptr == *text &&
           slice_equal(t->list[at].text, slice_of(text));
}

bool token_in(const struct tokens *t, int at, const char *const *list)
{
    for (; *list; list++)
        if (token_is(t, at, *list))
            return true;
    return false;
}

bool token_number(const struct tokens *t, int at)
{
    return at >= 0 && at < t->count && t->list[at].kind == TOKEN_NUMBER;
}

bool token_sign(const struct tokens *t, int at, char sign)
{
    return at >= 0 && at < t->count && t->list[at].kind == TOKEN_SIGN && *t->list[at].text.ptr == sign;
}

uint32_t token_start(const struct tokens *t, int first)
{
    return t->words->origin[t->list[first].at];
}

uint32_t token_end(const struct tokens *t, int last)
{
    return words_end(t->words, t->list[last].to);
}
