/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* read_places.c - how far, around what, and who is not wanted. */
#include <math.h>

#include "reading/read.h"

enum { PLACE_TOKENS = 9 }; /* Saint-Laurent-en-Grandvaux has seven, hyphens included */

#define KM_MOST 20037.0 /* half way round the earth */

static const char *const around[] = {"autour", "pres",   "proche", "vers", "secteur",   "region",   "near",
                                     "around", "of",     "from",   "cote", "alentours", "environs", "sur",
                                     "dans",   "in",     "a",      "the",  "de",        "du",       "d",
                                     "pays",   "bassin", "depuis", "to",   NULL};
/* Small words between the preposition and the name: "près de la Chaux-de-Fonds". */
static const char *const strong_around[] = {"autour", "pres",   "proche", "vers",      "secteur",
                                            "region", "near",   "around", "alentours", "environs",
                                            "pays",   "bassin", NULL};
static const char *const linking[] = {"de",  "du", "des", "d",   "la",   "le",
                                      "les", "l",  "of",  "the", "area", NULL};

static bool is_capital(const struct reader *r, int at)
{
    const struct words *w = r->tokens->words;
    unsigned char c = (unsigned char)w->text.ptr[w->origin[r->tokens->list[at].at]];
    return (c >= 'A' && c <= 'Z') || c == 0xC3; /* É, È, Î … */
}

/* The longest place name that starts at a token; its last token, or -1. */
static int place_at(struct reader *r, int at, struct geo_point *point)
{
    const struct tokens *t = r->tokens;
    struct slice text = t->words->text;
    for (int last = at + PLACE_TOKENS - 1 < t->count ? at + PLACE_TOKENS - 1 : t->count - 1; last >= at;
         last--) {
        if (t->list[last].kind != TOKEN_WORD || !read_same_clause(r, at, last) || r->used[last])
            continue;
        uint32_t start = token_start(t, at), end = token_end(t, last);
        if (r->places->find(r->places->context, (struct slice){text.ptr + start, end - start}, point))
            return last;
    }
    return -1;
}

static bool has_place(const struct reader *r)
{
    for (int i = 0; i < r->out->count; i++)
        if (r->out->facts[i].kind == FACT_PLACE)
            return true;
    return false;
}

/* Names written with a capital are tried after any small preposition, others only after one that says
 * "near". */
static void read_place(struct reader *r, int at)
{
    const struct tokens *t = r->tokens;
    int start = at + 1;
    while (start < t->count && token_in(t, start, linking) && !is_capital(r, start))
        start++;
    if (start >= t->count || t->list[start].kind != TOKEN_WORD || t->list[start].text.len < 2 ||
        r->used[start])
        return;
    if (!is_capital(r, start) && !token_in(t, at, strong_around))
        return;
    struct geo_point point;
    int last = place_at(r, start, &point);
    if (last < 0 &&
        start > at + 1) { /* the article may belong to the name: "vers Le Russey", "autour du Locle" */
        last = place_at(r, --start, &point);
    }
    if (last >= 0)
        read_fact(r, FACT_PLACE, start, last)->point = point;
}

static void read_distance(struct reader *r, int at)
{
    static const char *const limits[] = {"rayon", "radius",  "within", "moins",  "jusqu", "max",
                                         "maxi",  "maximum", "autour", "around", "up",    NULL};
    static const char *const km[] = {"km", "kms", "kilometre", "kilometres", "kilometer", "kilometers", NULL};
    const struct tokens *t = r->tokens;
    if (!token_in(t, at + 1, km) || token_sign(t, at + 2, '/'))
        return;
    double value = t->list[at].value;
    bool minus = token_sign(t, at - 1, '-') && t->list[at].glued;
    if (value <= 0 || minus || value > KM_MOST) {
        read_remark(r, value > KM_MOST ? READING_TOO_LARGE : READING_NOT_POSITIVE, FACT_DISTANCE, at, at + 1);
    } else {
        struct fact *f = read_fact(r, FACT_DISTANCE, at, at + 1);
        f->low = (int64_t)ceil(value);
        f->bound = read_marked(r, at, at + 1, limits) || read_at_most(r, at, at + 1);
    }
}

/* "sauf Dupont", "pas chez Martin SA", "except Acme": the words with capitals that follow. */
static void read_excluded(struct reader *r, int at)
{
    static const char *const except[] = {"sauf", "excepte", "hormis", "except", "excluding", "exclure", NULL};
    static const char *const not_at[] = {"chez", "avec", "from", "with", NULL}, *const negation[] = {
                                                                                    "pas", "not", NULL};
    const struct tokens *t = r->tokens;
    if (!token_in(t, at, except) && !(token_in(t, at, not_at) && token_in(t, at - 1, negation)))
        return;
    int first = at + 1;
    if (token_in(t, first, linking) || token_in(t, first, not_at))
        first++;
    int last = first;
    while (last < t->count && t->list[last].kind == TOKEN_WORD && is_capital(r, last) &&
           read_same_clause(r, first, last))
        last++;
    if (last > first)
        (void)read_fact(r, FACT_EXCLUDED, first, last - 1);
}

/* "…, Morteau" and "… à façon. Les Gras": an address is what stands last, alone. */
static void read_address(struct reader *r)
{
    const struct tokens *t = r->tokens;
    int last = t->count - 1;
    while (last >= 0 && t->list[last].kind == TOKEN_SIGN)
        last--;
    int first = last;
    while (first > 0 && (t->list[first - 1].kind == TOKEN_WORD || token_sign(t, first - 1, '-') ||
                         token_sign(t, first - 1, '\'')))
        first--;
    struct geo_point point;
    if (first > 0 && first <= last && is_capital(r, first) && !r->used[first] &&
        place_at(r, first, &point) == last)
        read_fact(r, FACT_PLACE, first, last)->point = point;
}

void read_places(struct reader *r)
{
    const struct tokens *t = r->tokens;
    for (int i = 0; i < t->count; i++) {
        if (token_number(t, i))
            read_distance(r, i);
        else if (t->list[i].kind == TOKEN_WORD)
            read_excluded(r, i);
    }
    for (int i = 0; r->places && i < t->count && !has_place(r); i++)
        if (token_in(t, i, around) && !r->used[i])
            read_place(r, i);
    if (r->places && !has_place(r))
        read_address(r);
}
