/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* read_amounts.c - how many pieces, in all or a month. */
#include <math.h>

#include "reading/read.h"

enum { PERIOD_REACH = 7 };

#define PIECES_MOST 1e12

/* Pieces a month = pieces a period * per_month. `alone`: needs no "par" before it. */
static const struct {
    const char *word;
    double per_month;
    bool alone;
} periods[] = {
    {"mois", 1, false},
    {"month", 1, false},
    {"mensuel", 1, true},
    {"mensuels", 1, true},
    {"mensuelle", 1, true},
    {"mensuelles", 1, true},
    {"monthly", 1, true},
    {"mo", 1, true},
    {"an", 1.0 / 12, false},
    {"ans", 1.0 / 12, false},
    {"annee", 1.0 / 12, false},
    {"year", 1.0 / 12, false},
    {"yr", 1.0 / 12, true},
    {"annuel", 1.0 / 12, true},
    {"annuels", 1.0 / 12, true},
    {"annuelle", 1.0 / 12, true},
    {"annuelles", 1.0 / 12, true},
    {"annual", 1.0 / 12, true},
    {"yearly", 1.0 / 12, true},
    {"annum", 1.0 / 12, true},
    {"semaine", 52.0 / 12, false},
    {"week", 52.0 / 12, false},
    {"weekly", 52.0 / 12, true},
    {"quarter", 1.0 / 3, false},
    {"trimestre", 1.0 / 3, false},
    {"jour", 21, false},
    {"day", 21, false},
    {"daily", 21, true},
};

/* Before a period word: "par mois", "chaque mois", "tous les mois", "/mois", "a month", "p/m". */
static const char *const per_words[] = {"par", "per", "a", "chaque", "each", "every", "les",
                                        "the", "l",   "p", "of",     "dans", "in",    NULL};

static const char *const counted[] = {
    "piece",  "pieces",  "pcs",        "pc",           "pce",         "pces",   "p",     "unite", "unites",
    "unit",   "units",   "exemplaire", "parts",        "exemplaires", "ex",     "off",   "jeu",   "jeux",
    "set",    "sets",    "paire",      "paires",       "pair",        "pairs",  "lots",  "lot",   "part",
    "copies", "tirages", "samples",    "echantillons", "prototypes",  "protos", "copie", NULL};

static const char *const amount_words[] = {"qte",     "qty",     "quantite", "quantity", "serie",  "series",
                                           "batch",   "batches", "lot",      "lots",     "volume", "volumes",
                                           "cadence", "de",      "of",       NULL};

/* What a number counts that is no pieces. */
static const char *const other_units[] = {"g",
                                          "kg",
                                          "mg",
                                          "t",
                                          "tonne",
                                          "tonnes",
                                          "tons",
                                          "l",
                                          "ml",
                                          "cl",
                                          "bar",
                                          "bars",
                                          "atm",
                                          "w",
                                          "v",
                                          "a",
                                          "hz",
                                          "ghz",
                                          "deg",
                                          "degc",
                                          "degf",
                                          "c",
                                          "k",
                                          "hrc",
                                          "hv",
                                          "h",
                                          "heures",
                                          "heure",
                                          "hours",
                                          "hour",
                                          "min",
                                          "minutes",
                                          "s",
                                          "jours",
                                          "jour",
                                          "days",
                                          "day",
                                          "semaines",
                                          "semaine",
                                          "weeks",
                                          "week",
                                          "mois",
                                          "months",
                                          "month",
                                          "ans",
                                          "an",
                                          "years",
                                          "year",
                                          "km",
                                          "mm",
                                          "cm",
                                          "m",
                                          "um",
                                          "u",
                                          "nm",
                                          "microns",
                                          "micron",
                                          "ct",
                                          "carats",
                                          "carat",
                                          "axes",
                                          "axis",
                                          "axe",
                                          "dents",
                                          "teeth",
                                          "personnes",
                                          "people",
                                          "salaries",
                                          "collaborateurs",
                                          "employees",
                                          "eur",
                                          "euros",
                                          "n",
                                          "nm2",
                                          "m2",
                                          "machines",
                                          "tours",
                                          "cm2",
                                          "mm2",
                                          "cm3",
                                          "ppm",
                                          "db",
                                          "vph",
                                          "couleurs",
                                          "colours",
                                          "teintes",
                                          "positions",
                                          "ieme",
                                          "eme",
                                          "th",
                                          "nd",
                                          "rd",
                                          "st",
                                          "janvier",
                                          "fevrier",
                                          "mars",
                                          "avril",
                                          "mai",
                                          "juin",
                                          "juillet",
                                          "aout",
                                          "septembre",
                                          "octobre",
                                          "novembre",
                                          "decembre",
                                          "pouces",
                                          "inch",
                                          "dixiemes",
                                          "centiemes",
                                          "fois",
                                          "times",
                                          "postes",
                                          "sites",
                                          "clients",
                                          "customers",
                                          "operateurs",
                                          "ateliers",
                                          "stock",
                                          "interventions",
                                          "iso",
                                          "en",
                                          NULL};

static double period_after(const struct reader *r, int at, int *last)
{
    const struct tokens *t = r->tokens;
    for (int i = at + 1; i < t->count && i <= at + PERIOD_REACH && read_same_clause(r, at, i); i++) {
        if (token_number(t, i) && i > at + 1)
            return 0;
        for (size_t p = 0; p < COUNT(periods); p++)
            if (token_is(t, i, periods[p].word)) {
                if (!periods[p].alone && !token_sign(t, i - 1, '/') && !token_in(t, i - 1, per_words))
                    continue;
                *last = i;
                return periods[p].per_month;
            }
    }
    return 0;
}

static bool counts_pieces(const struct reader *r, int at)
{
    const struct tokens *t = r->tokens;
    double value = t->list[at].value;
    if (t->list[at].decimal || token_sign(t, at + 1, '%') || value != floor(value))
        return false;
    if (token_in(t, at + 1, counted))
        return true;
    if (at + 1 < t->count && t->list[at + 1].kind == TOKEN_WORD && t->list[at + 1].glued)
        return false; /* "20AP", "42CrMo4": a grade */
    if (token_in(t, at + 1, other_units) || (at > 0 && !t->list[at].spelled && t->list[at].glued))
        return false;
    if (value >= 1900 && value <= 2100 &&
        (token_is(t, at - 1, "en") || token_is(t, at - 1, "depuis") || token_is(t, at - 1, "de") ||
         token_is(t, at - 1, "in") || token_is(t, at - 1, "since")))
        return false;
    bool noun_follows = at + 1 < t->count && t->list[at + 1].kind == TOKEN_WORD;
    if (token_in(t, at - 1, amount_words))
        return value >= 2 && (noun_follows || value >= 100);
    return noun_follows ? value >= 10
                        : value >= 200 && at > 0 && !token_is(t, at - 1, "iso") &&
                              !token_is(t, at - 1, "en") && !token_is(t, at - 1, "iatf") &&
                              (token_sign(t, at - 1, ',') || token_in(t, at - 1, amount_words));
}

/* "13485 exigé", "société EN 9100": the number of a standard. */
static bool names_standard(const struct reader *r, int at)
{
    const struct reading *out = r->out;
    uint32_t start = token_start(r->tokens, at), end = token_end(r->tokens, at);
    for (int i = 0; i < out->hit_count; i++) {
        const struct lexicon_hit *h = &out->hits[i];
        if (h->meaning < r->tree->count && r->tree->terms[h->meaning].facet == FACET_CERTIFICATION &&
            out->words.list[h->first].start <= start && out->words.list[h->last].end >= end)
            return true;
    }
    return false;
}

static bool is_count(const struct tokens *t, int at)
{
    return token_number(t, at) && !t->list[at].decimal && t->list[at].value >= 1 &&
           t->list[at].value <= PIECES_MOST;
}

static bool is_pieces(const struct tokens *t, int at)
{
    return is_count(t, at) && !token_in(t, at + 1, other_units) && !token_sign(t, at + 1, '%');
}

/* "lot minimum 50 000", "10 à 5 000 cartes", "series up to 300": what an order may be. */
static bool read_batch(struct reader *r, int at)
{
    static const char *const to[] = {"a", "to", "-", NULL};
    static const char *const least[] = {"minimum", "mini",     "min",   "moq", "minimale",
                                        "partir",  "starting", "least", NULL};
    static const char *const most[] = {"jusqu", "max", "maxi", "maximum", "most", "maximale", NULL};
    static const char *const batches[] = {"serie",   "series",   "lot",       "lots",   "batch",
                                          "batches", "commande", "order",     "orders", "run",
                                          "runs",    "quantite", "quantites", NULL};
    const struct tokens *t = r->tokens;
    if (!is_count(t, at))
        return false;
    bool pieces = token_in(t, at + 1, counted) || read_marked(r, at, at, batches);
    if (token_in(t, at + 1, to) && is_pieces(t, at + 2) && t->list[at + 2].value > t->list[at].value) {
        if (!pieces && !token_in(t, at + 3, counted) && !read_marked(r, at, at + 2, batches))
            return false;
        struct fact *f = read_fact(r, FACT_BATCH, at, at + 2);
        f->low = (int64_t)t->list[at].value;
        f->high = (int64_t)t->list[at + 2].value;
        return true;
    }
    if (!is_pieces(t, at))
        return false;
    bool above = read_marked(r, at, at, least),
         below = read_marked(r, at, at, most) || read_at_most(r, at, at);
    if (above == below || (!pieces && t->list[at].value < 100))
        return false;
    struct fact *f = read_fact(r, FACT_BATCH, at, at);
    *(above ? &f->low : &f->high) = (int64_t)t->list[at].value;
    return true;
}

static void read_amount_at(struct reader *r, int at)
{
    const struct tokens *t = r->tokens;
    int last = at;
    if (names_standard(r, at) || read_batch(r, at))
        return;
    double value = t->list[at].value, rate = period_after(r, at, &last);
    if (rate > 0 && t->list[at].decimal)
        return;
    if (rate > 0 && (token_in(t, at + 1, other_units) || token_sign(t, at + 1, '%')) && last > at + 2)
        return; /* "60 kg par semaine" */
    if (rate <= 0 && !counts_pieces(r, at))
        return;
    if (rate <= 0 && token_in(t, at + 1, counted))
        last = at + 1;
    if (value <= 0 || value > PIECES_MOST) {
        read_remark(r, value <= 0 ? READING_NOT_POSITIVE : READING_TOO_LARGE,
                    rate > 0 ? FACT_VOLUME : FACT_QUANTITY, at, last);
        return;
    }
    struct fact *f = read_fact(r, rate > 0 ? FACT_VOLUME : FACT_QUANTITY, at, last);
    f->low = rate > 0 ? (int64_t)fmax(1, round(value * rate)) : (int64_t)value;
}

static void read_single(struct reader *r, int at)
{
    static const struct {
        const char *first, *second;
    } single[] = {{"piece", "unique"}, {"exemplaire", "unique"}, {"one", "off"},     {"prototype", NULL},
                  {"a", "unite"},      {"un", "exemplaire"},     {"une", "piece"},   {"a", "piece"},
                  {"piece", "isolee"}, {"pieces", "unitaires"},  {"single", "piece"}};
    for (size_t i = 0; i < COUNT(single); i++)
        if (token_is(r->tokens, at, single[i].first) &&
            (!single[i].second || token_is(r->tokens, at + 1, single[i].second) ||
             (token_sign(r->tokens, at + 1, '-') && token_is(r->tokens, at + 2, single[i].second)) ||
             (token_is(r->tokens, at + 1, "l") && token_is(r->tokens, at + 3, single[i].second)))) {
            read_fact(r, FACT_QUANTITY, at, single[i].second ? at + 1 : at)->low = 1;
            return;
        }
}

void read_amounts(struct reader *r)
{
    for (int i = 0; i < r->tokens->count; i++)
        if (token_number(r->tokens, i) && !r->used[i])
            read_amount_at(r, i);
    bool known = false;
    for (int i = 0; i < r->out->count; i++)
        known |= r->out->facts[i].kind == FACT_QUANTITY || r->out->facts[i].kind == FACT_VOLUME;
    for (int i = 0; i < r->tokens->count && !known; i++)
        if (!r->used[i])
            read_single(r, i);
}
