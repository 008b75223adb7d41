/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* read_measures.c - sizes, tolerances, grades and roughness: numbers with a unit of length, or with a sign or
 * a word that makes one. */
#include <math.h>
#include <string.h>

#include "reading/read.h"
#include "tolerance/tolerance.h"

enum { MOST_NUMBERS = 4, LOOK_BACK = 4, LOOK_AHEAD = 3 };

#define TINY_NM 5e5
#define LENGTH_MOST_NM 1e14 /* 100 km: nothing that is machined */

static const struct {
    const char *text;
    double nm;
} units[] = {
    {"mm", 1e6},          {"millimetre", 1e6},  {"millimetres", 1e6},
    {"cm", 1e7},          {"centimetre", 1e7},  {"centimetres", 1e7},
    {"m", 1e9},           {"metre", 1e9},       {"metres", 1e9},
    {"meters", 1e9},      {"um", 1e3},          {"u", 1e3},
    {"micron", 1e3},      {"microns", 1e3},     {"micrometre", 1e3},
    {"micrometres", 1e3}, {"micrometers", 1e3}, {"nm", 1},
    {"nanometre", 1},     {"nanometres", 1},    {"inch", 25.4e6},
    {"inches", 25.4e6},   {"pouce", 25.4e6},    {"pouces", 25.4e6},
    {"centieme", 1e4},    {"centiemes", 1e4},   {"dixieme", 1e5},
    {"dixiemes", 1e5},    {"millimeter", 1e6},  {"millimeters", 1e6},
};

static const char *const tolerance_words[] = {"tolerance",  "tolerances",    "precision",      "tol",
                                              "accuracy",   "concentricite", "concentricity",  "cylindricite",
                                              "planeite",   "parallelisme",  "circularite",    "repetabilite",
                                              "flatness",   "roundness",     "runout",         "battement",
                                              "reperage",   "justesse",      "positionnement", "rectitude",
                                              "paralleles", "parallel",      "precis",         "precise",
                                              NULL};
static const char *const diameter_words[] = {"o",         "diam",     "diametre", "diametres", "diameter",
                                             "diameters", "dia",      "od",       "across",    "m",
                                             "alesage",   "alesages", "bore",     NULL};
static const char *const length_words[] = {"long",   "longs", "longue",  "longueur", "longueurs",
                                           "length", "haut",  "haute",   "hauteur",  "tall",
                                           "high",   "hauts", "entraxe", NULL};
static const char *const detail_words[] = {
    "epaisseur", "epais",     "epaisse",  "epaisseurs", "thick",   "thickness", "wall",     "paroi",
    "parois",    "trou",      "trous",    "hole",       "holes",   "section",   "prof",     "profondeur",
    "profonds",  "profondes", "deep",     "depth",      "fente",   "slot",      "fil",      "fils",
    "wire",      "orifice",   "orifices", "couche",     "coating", "layer",     "channels", "canaux",
    "largeur",   "wide",      "large",    "pas",        "pitch",   "rayon",     "radius",   "module",
    "rugosite",  "traits",    "film",     "gravures",   "tole",    "course",    "stroke",   "flanc",
    "flancs",    "jeu",       "tranches", "slices",     NULL};
static const char *const no_size_words[] = {"module", "modules", "rayon", "radius", "pas",
                                            "pitch",  "hrc",     "hv",    NULL};

/* A run of numbers that share a unit: 0,8 mm; 4 x 11 mm; de 0,5 à 12 mm. */
struct measure {
    double values[MOST_NUMBERS]; /* nm once the unit is known */
    int count, first, last;      /* tokens */
    bool range, product, has_unit;
    enum detail other; /* what is no length: a module, a mass */
    double unit;
};

static double unit_at(const struct tokens *t, int at)
{
    for (size_t i = 0; i < COUNT(units); i++)
        if (token_is(t, at, units[i].text))
            return units[i].nm;
    return 0;
}

/* "m" after a number is a metre unless it is a thread or a count ("2 m/s", "12 m pièces"). */
static bool takes_unit(const struct tokens *t, struct measure *m, int at)
{
    double unit = unit_at(t, at);
    if (unit <= 0 || (token_is(t, at, "u") && !t->list[at].glued) ||
        (token_is(t, at, "m") && (token_sign(t, at + 1, '/') || token_number(t, at + 1))))
        return false;
    m->has_unit = true;
    m->unit = unit;
    m->last = at;
    return true;
}

static struct measure take(const struct tokens *t, int at)
{
    static const char *const range_marks[] = {"a", "to", "-", "jusqu", NULL}, *const between[] = {"et", "and",
                                                                                                  NULL};
    static const char *const between_before[] = {"entre", "between", NULL};
    struct measure m = {.values = {t->list[at].value}, .count = 1, .first = at, .last = at};
    bool unit_inside = takes_unit(t, &m, at + 1);
    double first_unit = m.unit;
    for (int next = m.last + 1; m.count < MOST_NUMBERS; next = m.last + 1) {
        bool product = token_is(t, next, "x") || token_sign(t, next, '*');
        bool range = token_in(t, next, range_marks) ||
                     (token_in(t, next, between) && token_in(t, at - 1, between_before));
        int skip = token_is(t, next, "jusqu") ? 2 : 1; /* jusqu'à */
        if (token_sign(t, next + skip, '\'') || token_is(t, next + skip, "o"))
            skip++;
        if ((!product && !range) || !token_number(t, next + skip))
            break;
        m.values[m.count++] = t->list[next + skip].value;
        m.product |= product;
        m.range |= range;
        m.last = next + skip;
        (void)takes_unit(t, &m, m.last + 1);
    }
    for (int i = 0; i < m.count; i++) /* "0,5 mm à 2 cm": the first keeps its own unit */
        m.values[i] *= i == 0 && unit_inside ? first_unit : m.unit;
    return m;
}

bool read_marked(const struct reader *r, int first, int last, const char *const *list)
{
    for (int i = first - 1; i >= 0 && i >= first - LOOK_BACK; i--) {
        if (!read_same_clause(r, i, first) || token_number(r->tokens, i) || token_sign(r->tokens, i, ','))
            break;
        if (token_in(r->tokens, i, list))
            return true;
    }
    for (int i = last + 1; i <= last + LOOK_AHEAD && i < r->tokens->count; i++) {
        if (!read_same_clause(r, last, i) || token_number(r->tokens, i) || token_sign(r->tokens, i, ','))
            break;
        if (token_in(r->tokens, i, list))
            return true;
    }
    return false;
}

static bool marked(const struct reader *r, const struct measure *m, const char *const *list)
{
    return read_marked(r, m->first, m->last, list);
}

/* Tokens of a "±", "+/-" or "+-" that ends just before `at`; 0: none. */
static int plus_minus_before(const struct tokens *t, int at)
{
    if (token_sign(t, at - 1, '-') && token_sign(t, at - 2, '+'))
        return 2;
    if (token_sign(t, at - 1, '-') && token_sign(t, at - 2, '/') && token_sign(t, at - 3, '+'))
        return 3;
    return 0;
}

/* "à 5 µm près", "within 5 µm", "5 µm accuracy", "tolérance 5 µm", "à 4 microns". */
static bool is_tolerance(const struct reader *r, const struct measure *m)
{
    static const char *const close[] = {"pres", "accurate", "accuracy", "precision", NULL},
                             *const within[] = {"within", NULL};
    const struct tokens *t = r->tokens;
    if (token_in(t, m->last + 1, close) || token_in(t, m->first - 1, within) || marked(r, m, tolerance_words))
        return true;
    return m->has_unit && token_is(t, m->first - 1, "a") && m->values[0] < 50e3 && m->unit < 1e6;
}

static void add_tolerance(struct reader *r, double half, int first, int last)
{
    bool minus = token_sign(r->tokens, first - 1, '-') && !plus_minus_before(r->tokens, first);
    if (half <= 0 || minus || half > LENGTH_MOST_NM) {
        read_remark(r, half > LENGTH_MOST_NM ? READING_TOO_LARGE : READING_NOT_POSITIVE, FACT_TOLERANCE,
                    first, last);
        return;
    }
    read_fact(r, FACT_TOLERANCE, first, last)->low = llround(half);
}

static enum size_role role_of(const struct reader *r, const struct measure *m)
{
    static const char *const material[] = {"de", "d", "of", NULL};
    if (m->unit >= 1e9 && token_in(r->tokens, m->last + 1, material))
        return SIZE_LENGTH; /* "cinq mètres de tube": how much is bought */
    if (marked(r, m, diameter_words))
        return SIZE_DIAMETER;
    if (marked(r, m, length_words))
        return SIZE_LENGTH;
    bool tiny = m->count == 1 && m->values[0] < TINY_NM; /* a piece is seldom so small, its details are */
    return tiny || marked(r, m, detail_words) ? SIZE_DETAIL : SIZE_ENVELOPE;
}

static enum detail detail_of(const struct reader *r, const struct measure *m)
{
    static const char *const wire[] = {"fil", "fils", "wire", "wires", NULL};
    static const char *const thickness[] = {
        "epaisseur", "epais", "epaisse", "epaisseurs", "thick",      "thickness", "tole",  "feuille",
        "feuilles",  "foil",  "sheet",   "feuillard",  "feuillards", "ruban",     "strip", NULL};
    static const char *const hole[] = {"trou", "trous", "hole", "holes", "orifice", "orifices", NULL};
    return marked(r, m, wire)        ? DETAIL_WIRE
           : marked(r, m, thickness) ? DETAIL_THICKNESS
           : marked(r, m, hole)      ? DETAIL_HOLE
                                     : DETAIL_OTHER;
}

/* "étanche à 50 m", "100 m, fond vissé": how deep a watch may dive, as watches are rated, when nothing says
 * that it is a length. */
static bool is_depth(const struct reader *r, const struct measure *m)
{
    static const double ratings[] = {30, 50, 60, 100, 120, 150, 200, 300, 500, 600, 1000};
    bool rated = false;
    for (size_t i = 0; i < COUNT(ratings); i++)
        rated |= fabs(m->values[0] - ratings[i] * 1e9) < 1;
    return rated && m->unit >= 1e9 && m->count == 1 && !marked(r, m, diameter_words) &&
           !marked(r, m, length_words) && !marked(r, m, detail_words) &&
           !token_is(r->tokens, m->last + 1, "de");
}

static void add_size(struct reader *r, const struct measure *m)
{
    static const char *const up_to[] = {"jusqu", "max",   "maxi", "maximum", "up",
                                        "under", "below", "dela", "most",    NULL};
    static const char *const from[] = {"partir", "from", "min", "mini", "minimum", "over", NULL};
    double low = m->values[0], high = m->values[0];
    for (int i = 1; i < m->count; i++) {
        low = fmin(low, m->values[i]);
        high = fmax(high, m->values[i]);
    }
    if (low <= 0 || high > LENGTH_MOST_NM) {
        read_remark(r, low <= 0 ? READING_NOT_POSITIVE : READING_TOO_LARGE, FACT_SIZE, m->first, m->last);
        return;
    }
    if (m->range && !m->product && m->values[0] > m->values[1])
        read_remark(r, READING_REVERSED, FACT_SIZE, m->first, m->last);
    struct fact *f = read_fact(r, m->other ? FACT_DETAIL : FACT_SIZE, m->first, m->last);
    f->role = m->other ? SIZE_DETAIL : role_of(r, m);
    f->detail = m->other ? m->other : f->role == SIZE_DETAIL ? detail_of(r, m) : DETAIL_OTHER;
    f->low = llround(low);
    f->high = llround(high);
    f->range = m->range && !m->product;
    if (m->count == 1 && (marked(r, m, up_to) || read_at_most(r, m->first, m->last)))
        f->low = UNKNOWN_INTEGER;
    else if (m->count == 1 && marked(r, m, from))
        f->high = UNKNOWN_INTEGER;
}

static void add_roughness(struct reader *r, const struct measure *m)
{
    double nm = m->has_unit ? m->values[0] : r->tokens->list[m->first].value * 1e3;
    if (nm > 0 && nm < LENGTH_MOST_NM)
        read_fact(r, FACT_ROUGHNESS, m->first - 1, m->last)->low = llround(nm);
}

/* "+0,01 / -0,03": the two deviations make the width. */
static bool add_deviations(struct reader *r, int at, int *last)
{
    const struct tokens *t = r->tokens;
    int minus = token_sign(t, at + 1, '/') ? at + 2 : at + 1;
    if (!token_sign(t, at - 1, '+') || !token_sign(t, minus, '-') || !token_number(t, minus + 1))
        return false;
    double unit = unit_at(t, minus + 2);
    *last = unit > 0 ? minus + 2 : minus + 1;
    add_tolerance(r, (t->list[at].value + t->list[minus + 1].value) * (unit > 0 ? unit : 1e6) / 2, at, *last);
    return true;
}

/* "700 mm au plus", "pas plus de 700 mm", "pas à plus de 60 km". */
bool read_at_most(const struct reader *r, int first, int last)
{
    const struct tokens *t = r->tokens;
    int before = token_is(t, first - 1, "de") ? first - 2 : first - 1, after = last + 1;
    while (after < t->count && after <= last + 2 && t->list[after].kind == TOKEN_WORD &&
           !token_is(t, after, "au"))
        after++;
    return (token_is(t, before, "plus") &&
            (token_is(t, before - 1, "pas") ||
             (token_is(t, before - 1, "a") && token_is(t, before - 2, "pas")))) ||
           (token_is(t, after, "au") && token_is(t, after + 1, "plus"));
}

/* "150 g au plus", "bâtis de 600 kg": of a piece, not how much is bought ("20 kg par an"). */
static bool take_mass(const struct reader *r, struct measure *m)
{
    static const struct {
        const char *text;
        double mg;
    } masses[] = {{"g", 1e3}, {"gr", 1e3}, {"grammes", 1e3}, {"grams", 1e3}, {"kg", 1e6}, {"kilos", 1e6}};
    static const char *const rates[] = {"par", "per", "a", "an", "chaque", "of", NULL};
    const struct tokens *t = r->tokens;
    double unit = 0;
    for (size_t i = 0; i < COUNT(masses); i++)
        if (token_is(t, m->last + 1, masses[i].text))
            unit = masses[i].mg;
    if (unit <= 0 || m->product || token_in(t, m->last + 2, rates) || token_sign(t, m->last + 2, '/'))
        return false;
    int n = 0;
    for (int i = m->first; i <= m->last && n < m->count; i++)
        if (token_number(t, i))
            m->values[n++] = t->list[i].value * unit;
    m->other = DETAIL_MASS;
    m->last++;
    return true;
}

/* Numbers without a unit that are a size all the same: "400 x 300", "Ø 12". They are millimetres. */
static bool take_bare(const struct reader *r, struct measure *m)
{
    const struct tokens *t = r->tokens;
    int before = token_sign(t, m->first - 1, '\'')                                     ? 3
                 : token_is(t, m->first - 1, "de") || token_sign(t, m->first - 1, '.') ? 2
                                                                                       : 1;
    if (token_is(t, m->first - 1, "module") || token_is(t, m->first - 1, "modules"))
        m->other = DETAIL_MODULE;
    if (!m->product && !m->other &&
        !(token_in(t, m->first - before, diameter_words) && t->list[m->first].value < 2000))
        return false;
    int n = 0;
    for (int i = m->first; i <= m->last && n < m->count; i++)
        if (token_number(t, i))
            m->values[n++] = t->list[i].value * 1e6;
    return true;
}

/* Reads the measure that starts with the number at `at`; returns the next token to look at. */
static int read_number_at(struct reader *r, int at)
{
    const struct tokens *t = r->tokens;
    int last;
    if (add_deviations(r, at, &last))
        return last + 1;
    struct measure m = take(t, at);
    int signs = plus_minus_before(t, at);
    if (signs || (m.has_unit && is_tolerance(r, &m))) {
        /* without a unit, "± 0,05" is in millimetres as on drawings; the first of "±5 à 10 µm" is the
         * finest */
        double half = m.has_unit ? m.values[0] : t->list[at].value * 1e6;
        add_tolerance(r, half, at, m.last);
        return m.last + 1;
    }
    if (token_is(t, at - 1, "ra")) {
        add_roughness(r, &m);
        return m.last + 1;
    }
    if (token_is(t, at - 1, "it") && !m.has_unit) {
        if (t->list[at].value <= IT_COARSEST && !t->list[at].decimal)
            read_fact(r, FACT_GRADE, at - 1, at)->low =
                slice_equal(t->list[at].text, S("01")) ? IT_FINEST : llround(t->list[at].value);
        return m.last + 1;
    }
    if (!m.has_unit && !take_mass(r, &m) && !take_bare(r, &m))
        return m.last + 1;
    if ((!m.other && marked(r, &m, no_size_words)) || (m.has_unit && is_depth(r, &m))) {
        for (int i = m.first; i <= m.last; i++)
            r->used[i] = true; /* and no quantity */
        return m.last + 1;
    }
    add_size(r, &m);
    return m.last + 1;
}

/* "au centième", "au micron près", "dixième de micron", "demi-micron", "submicronique". */
static void read_spoken_tolerance(struct reader *r, int at)
{
    static const char *const to_the[] = {"au", "le", "d", "du", NULL};
    const struct tokens *t = r->tokens;
    double nm = unit_at(t, at);
    if (token_is(t, at, "submicronique") || token_is(t, at, "submicron")) {
        read_fact(r, FACT_TOLERANCE, at, at)->low = 1000;
        return;
    }
    if (nm <= 0 || nm > 1e6 || nm < 1e3 || r->used[at])
        return;
    if (nm < 1e6 &&
        (token_is(t, at - 1, "demi") || (token_sign(t, at - 1, '-') && token_is(t, at - 2, "demi")))) {
        add_tolerance(r, nm / 2, at - 1, at);
        return;
    }
    if (token_is(t, at + 1, "de") && unit_at(t, at + 2) == 1e3 &&
        nm > 5e3) { /* dixième de micron: a part of it */
        add_tolerance(r, nm * 1e-3, at, at + 2);
        r->used[at + 2] = true;
        return;
    }
    if (token_in(t, at - 1, to_the) && (token_is(t, at - 1, "au") || token_is(t, at + 1, "pres")))
        add_tolerance(r, nm, at - 1, at);
}

/* "H7", "g6": a fit gives its grade; "H7/g6" the finer of the two. */
static void read_fit(struct reader *r, int at)
{
    struct slice w = r->tokens->list[at].text;
    size_t letters = slice_starts(w, S("js")) ? 2 : 1;
    if (w.len <= letters || w.len > letters + 2 || !strchr("hgjkfnp", w.ptr[0]))
        return;
    int grade = 0;
    for (size_t i = letters; i < w.len; i++) {
        if (w.ptr[i] < '0' || w.ptr[i] > '9')
            return;
        grade = grade * 10 + (w.ptr[i] - '0');
    }
    if (grade >= 4 && grade <= 13)
        read_fact(r, FACT_GRADE, at, at)->low = grade;
}

void read_measures(struct reader *r)
{
    for (int i = 0; i < r->tokens->count;)
        i = token_number(r->tokens, i) ? read_number_at(r, i) : i + 1;
    for (int i = 0; i < r->tokens->count; i++)
        if (r->tokens->list[i].kind == TOKEN_WORD && !r->used[i]) {
            read_spoken_tolerance(r, i);
            read_fit(r, i);
        }
}
