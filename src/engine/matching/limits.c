/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "matching/limits.h"

#include <math.h>
#include <string.h>

/* A size is clearly outside when it exceeds the bound by more than this share: profiles give round
 * numbers. */
static const double size_slack = 0.05;
/* An order under this share of the smallest one is refused; this many times the largest is out of reach. */
static const double batch_slack = 0.8, batch_excess = 5;
/* A tolerance this many grades finer than what is held is out of reach; one grade is "limite". */
enum { GRADES_OUT_OF_REACH = 3 };

static struct fault *check_terms(const struct matcher *m, const int *terms, int count, const char *field)
{
    for (int i = 0; i < count; i++)
        if (terms[i] < 0 || terms[i] >= m->tree->count)
            return fault_in(field, fault(FAULT_INVALID, "The need asks for an unknown term."));
    return NULL;
}

static struct fault *check_positive(const char *field, int64_t value)
{
    if (known_integer(value) && value <= 0)
        return fault_in(field, fault(FAULT_INVALID, "\"%s\" must be more than zero.", field));
    return NULL;
}

struct fault *need_judge(const struct matcher *m, const struct match_need *n, int64_t today)
{
    TRY(check_terms(m, n->terms, n->term_count, "terms"));
    TRY(check_terms(m, n->required, n->required_count, "certifications"));
    TRY(check_positive("size_min", n->size_min));
    TRY(check_positive("size_max", n->size_max));
    TRY(check_positive("tolerance", n->tolerance));
    TRY(check_positive("volume", n->volume));
    TRY(check_positive("quantity", n->quantity));
    if (known_integer(n->size_min) && known_integer(n->size_max) && n->size_min > n->size_max)
        return fault_in("size_min", fault(FAULT_INVALID, "The smallest size is larger than the largest."));
    if (known_integer(n->it_grade) && (n->it_grade < IT_FINEST || n->it_grade > IT_COARSEST))
        return fault_in("it_grade",
                        fault(FAULT_INVALID, "There is no grade IT%lld.", (long long)n->it_grade));
    if (known_integer(n->deadline) && n->deadline < today)
        return fault_in("deadline", fault(FAULT_INVALID, "The deadline is in the past."));
    if (known_real(n->max_km) && !(isfinite(n->max_km) && n->max_km > 0))
        return fault_in("max_km", fault(FAULT_INVALID, "\"%s\" must be more than zero.", "max_km"));
    if (known_real(n->point.lat) != known_real(n->point.lon) ||
        (known_real(n->point.lat) && !(fabs(n->point.lat) <= 90 && fabs(n->point.lon) <= 180)))
        return fault_in("lat", fault(FAULT_INVALID, "The place of the need is not a point of the globe."));
    for (int i = 0; i < n->excluded_count; i++)
        if (n->excluded[i] < 0 || n->excluded[i] >= m->firm_count)
            return fault_in("excluded", fault(FAULT_INVALID, "The need excludes an unknown firm."));
    if (!n->text.len && !n->term_count && !n->required_count)
        return fault_in("text", fault(FAULT_INVALID, "The need says nothing: a text or a term is wanted."));
    return NULL;
}

static bool has_term(const struct term_tree *t, const int *list, int count, int wanted)
{
    for (int i = 0; i < count; i++)
        if (taxonomy_within(t, list[i], wanted))
            return true;
    return false;
}

static bool holds(const struct matcher *m, int firm, int certificate)
{
    return has_term(m->tree, m->held[firm].list, m->held[firm].count, certificate);
}

bool holds_required(const struct matcher *m, const struct match_need *n, int firm)
{
    for (int i = 0; i < n->required_count; i++)
        if (!holds(m, firm, n->required[i]))
            return false;
    return true;
}

/* The worst of the certificates required: one that is absent closes the gate, one that is unknown is to
 * confirm. */
static void judge_certificates(const struct matcher *m, const struct match_need *n, int firm,
                               struct matched *x)
{
    struct contribution *c = &x->contributions[CRITERION_CERTIFICATION];
    const struct match_firm *f = &m->firms[firm];
    *c = (struct contribution){.low = 1, .high = 1, .stated = n->required_count > 0};
    for (int i = 0; i < n->required_count; i++) {
        if (holds(m, firm, n->required[i]))
            continue;
        c->low = 0;
        bool absent = f->certificates_complete ||
                      has_term(m->tree, f->absent, f->absent_count, n->required[i]) ||
                      has_term(m->tree, m->refused[firm].list, m->refused[firm].count, n->required[i]);
        if (absent || x->missing == TERM_NONE)
            x->missing = n->required[i];
        if (absent) {
            c->high = 0;
            x->gates |= GATE_CERTIFICATION;
            return;
        }
    }
}

static void judge_distance(const struct matcher *m, const struct match_need *n, int firm, struct matched *x)
{
    struct contribution *c = &x->contributions[CRITERION_DISTANCE];
    *c = (struct contribution){
        .low = 1, .high = 1, .stated = known_real(n->point.lat) && known_real(n->max_km)};
    x->km = distance_km(n->point, m->points[firm]);
    if (known_real(x->km) && known_real(m->reach[firm]) && x->km > m->reach[firm])
        x->gates |= GATE_DISTANCE; /* further than it goes */
    if (!c->stated)
        return;
    if (!known_real(x->km)) {
        c->low = 0;
        return;
    }
    c->low = c->high = fmax(0, 1 - x->km / n->max_km);
    if (x->km > n->max_km)
        x->gates |= GATE_DISTANCE;
}

struct fit {
    double low, high;
    bool out;
};

static const struct fit met = {1, 1, false}, unknown = {0, 1, false};

/* The finer of a grade stated and the one that a width gives; IT_UNKNOWN when there is neither. */
static int64_t finer(int64_t stated, int64_t of_width)
{
    if (!known_integer(stated) || (known_integer(of_width) && of_width < stated))
        return of_width;
    return stated;
}

static struct fit fit_grades(int64_t asked, int64_t held)
{
    int64_t worse = held - asked;
    double s = worse <= 0 ? 1 : worse == 1 ? .5 : 0;
    return (struct fit){s, s, worse >= GRADES_OUT_OF_REACH};
}

/* Tolerance by ISO 286 grade at the need's size; widths are compared first, so that the same ± always meets
 * itself. */
static struct fit fit_tolerance(const struct match_need *n, const struct match_capability *c,
                                struct matched *x)
{
    bool asks_width = known_integer(n->tolerance), holds_width = known_integer(c->tolerance);
    if (!asks_width && !known_integer(n->it_grade))
        return met;
    if (!holds_width && !known_integer(c->it_grade))
        return unknown;
    if (asks_width && holds_width && c->tolerance <= n->tolerance)
        return met;
    int64_t size = known_integer(n->size_max) ? n->size_max : n->size_min;
    x->asked_grade = finer(n->it_grade, asks_width ? it_grade_asked(2 * n->tolerance, size) : IT_UNKNOWN);
    x->held_grade = finer(c->it_grade, holds_width ? it_grade_held(2 * c->tolerance, size) : IT_UNKNOWN);
    if (known_integer(x->asked_grade) && known_integer(x->held_grade))
        return fit_grades(x->asked_grade, x->held_grade);
    if (!asks_width || !holds_width)
        return unknown;
    double factor =
        (double)c->tolerance / (double)n->tolerance; /* no size: a grade is a factor of about 1.6 */
    return (struct fit){factor <= 1.6 ? .5 : 0, factor <= 1.6 ? .5 : 0, factor >= 4};
}

/* The share of the asked interval that lies inside; a single size is inside or not. "From" and "up to" ask
 * for something there: the bound that is not stated may be anywhere. */
static struct fit fit_size(const struct match_need *n, const struct match_capability *c)
{
    int64_t low = known_integer(n->size_min) ? n->size_min : n->size_max;
    int64_t high = known_integer(n->size_max) ? n->size_max : n->size_min;
    if (!known_integer(low))
        return met;
    if (!known_integer(c->size_min) && !known_integer(c->size_max))
        return unknown;
    double least = known_integer(c->size_min) ? (double)c->size_min : 0;
    double most = known_integer(c->size_max) ? (double)c->size_max : INFINITY;
    double inside_low = fmax((double)low, least), inside_high = fmin((double)high, most);
    if (!known_integer(n->size_min) || !known_integer(n->size_max))
        return (struct fit){(double)high <= most, (double)high <= most,
                            (double)high > most * (1 + size_slack)};
    double share =
        low == high ? inside_low <= inside_high : (inside_high - inside_low) / (double)(high - low);
    share = fmax(0, share);
    bool out = (double)high > most * (1 + size_slack) || (double)high < least * (1 - size_slack);
    return (struct fit){share, !known_integer(c->size_max) && share > 0 ? 1 : share, out};
}

/* A detail of which the firm names sizes, none of them near: "fil de 8 mm" where wire goes to 2 mm. */
static bool lacks_detail(const struct detail_set *need, const struct detail_set *has)
{
    for (int i = 0; i < need->count; i++) {
        const struct match_detail *asked = &need->list[i];
        bool known = false, near = false;
        for (int k = 0; k < has->count; k++) {
            const struct match_detail *d = &has->list[k];
            if (d->detail != asked->detail)
                continue;
            known = true;
            near |= !(known_integer(asked->low) && known_integer(d->high) &&
                      (double)asked->low > (double)d->high * (1 + size_slack)) &&
                    !(known_integer(asked->high) && known_integer(d->low) &&
                      (double)asked->high < (double)d->low * (1 - size_slack));
        }
        if (known && !near)
            return true;
    }
    return false;
}

static struct fit fit_volume(const struct match_need *n, const struct match_capability *c)
{
    int64_t wanted = known_integer(n->volume) ? n->volume : n->quantity;
    if (!known_integer(wanted))
        return met;
    if (known_integer(n->volume) && known_integer(c->volume_max)) {
        double share = c->volume_max > 0 ? fmin(1, (double)c->volume_max / (double)n->volume) : 0;
        return (struct fit){share, share, share < 0.2};
    }
    bool known_batch = known_integer(c->batch_min) || known_integer(c->batch_max);
    if (known_integer(n->quantity) && known_batch) {
        bool fits = (!known_integer(c->batch_min) || n->quantity >= c->batch_min) &&
                    (!known_integer(c->batch_max) || n->quantity <= c->batch_max);
        bool out =
            (known_integer(c->batch_min) && (double)n->quantity < batch_slack * (double)c->batch_min) ||
            (known_integer(c->batch_max) && (double)n->quantity > batch_excess * (double)c->batch_max);
        return (struct fit){fits, fits, out};
    }
    return unknown;
}

enum { JOINT = 3 }; /* tolerance, size, volume: they hold together, on one capability */

/* One capability against the need. */
struct trial {
    struct fit fits[JOINT];
    double low, high;
    unsigned gates;
    int64_t asked_grade, held_grade;
};

static struct trial try_capability(const struct matcher *m, uint32_t capability, const struct match_need *n,
                                   const struct detail_set *asked, const double *weights)
{
    const struct match_capability *c = &m->capabilities[capability];
    static const unsigned gates[JOINT] = {GATE_TOLERANCE, GATE_SIZE, GATE_VOLUME};
    struct matched grades = {.asked_grade = IT_UNKNOWN, .held_grade = IT_UNKNOWN};
    struct trial t = {.fits = {fit_tolerance(n, c, &grades), fit_size(n, c), fit_volume(n, c)},
                      .asked_grade = grades.asked_grade,
                      .held_grade = grades.held_grade};
    for (int k = 0; k < JOINT; k++) {
        t.low += weights[CRITERION_TOLERANCE + k] * t.fits[k].low;
        t.high += weights[CRITERION_TOLERANCE + k] * t.fits[k].high;
        t.gates |= t.fits[k].out ? gates[k] : 0;
    }
    if (lacks_detail(asked, &m->details[capability]))
        t.gates |= GATE_SIZE;
    return t;
}

/* The low score comes from the capability that is surest, the high one from the most promising: so neither
 * can rise when the need asks more. Capabilities that are out count only when all are. */
static void judge_capabilities(const struct matcher *m, const struct match_need *n,
                               const struct detail_set *asked, const double *weights, int firm,
                               struct matched *x)
{
    const struct firm_entry *e = &m->entries[firm];
    double low = -1, high = -1;
    bool any_in = false;
    for (uint32_t i = e->first_capability; i < e->first_capability + e->capability_count; i++) {
        struct trial t = try_capability(m, i, n, asked, weights);
        if (t.gates && any_in)
            continue;
        if (!t.gates && !any_in) {
            any_in = true;
            low = high = -1;
        }
        if (t.low > low) {
            low = t.low;
            x->capability = (int)i;
            x->asked_grade = t.asked_grade;
            x->held_grade = t.held_grade;
            x->gates = (x->gates & ~(unsigned)(GATE_TOLERANCE | GATE_SIZE | GATE_VOLUME)) | t.gates;
            for (int k = 0; k < JOINT; k++)
                x->contributions[CRITERION_TOLERANCE + k].low = t.fits[k].low;
        }
        if (t.high > high) {
            high = t.high;
            for (int k = 0; k < JOINT; k++)
                x->contributions[CRITERION_TOLERANCE + k].high = t.fits[k].high;
        }
    }
}

static bool is_related(const struct term_tree *t, int term, int other)
{
    for (int i = 0; i < t->terms[term].related_count; i++)
        if (taxonomy_within(t, t->terms[term].related[i], other))
            return true;
    return false;
}

/* What is asked, and what a certificate required is about: "pas de salle blanche" where ISO 14644 is. */
static void judge_refusals(const struct matcher *m, const struct match_need *n, int firm, struct matched *x)
{
    for (int k = 0; k < m->refused[firm].count; k++) {
        int refused = m->refused[firm].list[k];
        bool asked = false;
        for (int i = 0; i < n->term_count; i++)
            asked |= taxonomy_within(m->tree, n->terms[i], refused);
        for (int i = 0; i < n->required_count; i++)
            asked |= is_related(m->tree, n->required[i], refused);
        if (asked) {
            x->gates |= GATE_REFUSED;
            x->refused = refused;
        }
    }
}

void judge_limits(const struct matcher *m, const struct match_need *n, const struct detail_set *asked,
                  const double *weights, int firm, struct matched *x)
{
    for (int k = CRITERION_TOLERANCE; k <= CRITERION_VOLUME; k++)
        x->contributions[k] = (struct contribution){.low = 0, .high = 1};
    judge_certificates(m, n, firm, x);
    judge_distance(m, n, firm, x);
    judge_capabilities(m, n, asked, weights, firm, x);
    x->contributions[CRITERION_TOLERANCE].stated = known_integer(n->tolerance) || known_integer(n->it_grade);
    x->contributions[CRITERION_SIZE].stated = known_integer(n->size_min) || known_integer(n->size_max);
    x->contributions[CRITERION_VOLUME].stated = known_integer(n->volume) || known_integer(n->quantity);
    for (int i = 0; i < n->excluded_count; i++)
        if (n->excluded[i] == firm)
            x->gates |= GATE_EXCLUDED;
    judge_refusals(m, n, firm, x);
}
