/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "matching/choose.h"

#include <math.h>
#include <string.h>

#include "arena/arena.h"
#include "matching/limits.h"

/* When a term of what is asked is met this well, it is met: the same, a narrower or the next broader one. */
static const double trade_threshold = 0.7;
/* Doubt that anybody here can do it: a logistic regression, docs/matching.md says on what. Above zero, nobody
 * can. By how much text score those stopped by a limit, or by distance alone, stand above who is left, and
 * who is left above those who tell that they hold what is required … */
static const double doubt_stopped = 4.82, doubt_far = 4.45, doubt_unproven = 21.2;
/* … how far who is left is about something else, and says little of what is named (in idf of what one firm
 * alone has) … */
static const double doubt_about = -0.98, about_least = 0.02, doubt_named = -0.15;
/* … how much the need is about trades of elsewhere, and before all about what nobody left speaks of. */
static const double doubt_elsewhere = 6.5, doubt_unheard = 1.18, doubt_always = -1.83;
enum { GATES_UNKNOWN = 0xFF };
#define GATES_OF_LIMITS (~(unsigned)GATE_PROCESS)

struct candidate {
    double key;
    int firm;
};

struct queue {
    const struct matcher *m;
    struct candidate *heap;
    int count;
};

static bool comes_before(const struct queue *q, const struct candidate *x, const struct candidate *y)
{
    return x->key != y->key ? x->key > y->key : q->m->id_order[x->firm] < q->m->id_order[y->firm];
}

static void sink(struct queue *q, int at)
{
    struct candidate moved = q->heap[at];
    for (int child; (child = 2 * at + 1) < q->count; at = child) {
        if (child + 1 < q->count && comes_before(q, &q->heap[child + 1], &q->heap[child]))
            child++;
        if (!comes_before(q, &q->heap[child], &moved))
            break;
        q->heap[at] = q->heap[child];
    }
    q->heap[at] = moved;
}

struct queue *queue_new(struct arena *a, const struct matcher *m, const double *keys)
{
    struct queue *q = NEW(a, struct queue, 1);
    *q = (struct queue){m, NEW(a, struct candidate, m->firm_count), 0};
    for (int i = 0; i < m->firm_count; i++)
        if (keys[i] > 0)
            q->heap[q->count++] = (struct candidate){keys[i], i};
    for (int i = q->count / 2 - 1; i >= 0; i--)
        sink(q, i);
    return q;
}

int queue_take(struct queue *q, double *key)
{
    if (!q->count)
        return -1;
    struct candidate first = q->heap[0];
    q->heap[0] = q->heap[--q->count];
    if (q->count)
        sink(q, 0);
    *key = first.key;
    return first.firm;
}

/* s_k of what is wanted; a firm of which nothing of that kind is known is unknown. */
static void judge_wanted(const struct run *r, int firm, struct matched *x)
{
    static const enum facet facet_of[] = {[CRITERION_PROCESS] = FACET_PROCESS,
                                          [CRITERION_MATERIAL] = FACET_MATERIAL,
                                          [CRITERION_COMPONENT] = FACET_COMPONENT,
                                          [CRITERION_MARKET] = FACET_MARKET};
    for (int k = 0; k < CRITERION_FIRST_LIMIT; k++) {
        struct contribution *c = &x->contributions[k];
        c->stated = r->weights[k] > 0;
        if (!c->stated)
            continue;
        if (k == CRITERION_TEXT) {
            c->low = c->high = r->text[firm];
            continue;
        }
        c->low = c->high = (double)r->fit[k][firm] / r->asked_count[k];
        if (!(r->m->entries[firm].facets & (1U << facet_of[k])))
            c->high = 1;
    }
}

/* What judge_wanted() adds to the low score. */
static double wanted_low(const struct run *r, int firm)
{
    double low = r->weights[CRITERION_TEXT] * r->text[firm];
    for (int k = CRITERION_TEXT + 1; k < CRITERION_FIRST_LIMIT; k++)
        if (r->weights[k] > 0)
            low += r->weights[k] * (double)r->fit[k][firm] / r->asked_count[k];
    return low;
}

static void sum(const struct run *r, struct matched *x)
{
    x->score_low = x->score_high = 0;
    for (int k = 0; k < CRITERIA; k++) {
        x->contributions[k].weight = r->weights[k];
        x->score_low += r->weights[k] * x->contributions[k].low;
        x->score_high += r->weights[k] * x->contributions[k].high;
    }
}

/* The trade: something among what is asked that this firm does. Only judged when the need names a trade. */
static bool lacks_trade(const struct run *r, int firm)
{
    bool asked = false;
    for (int k = CRITERION_PROCESS; k <= CRITERION_COMPONENT; k++) {
        if (k == CRITERION_MATERIAL || !r->fit[k])
            continue;
        asked = true;
        if ((double)r->best[k][firm] >= trade_threshold)
            return false;
    }
    return asked;
}

static void judge(const struct run *r, int firm, struct matched *x)
{
    *x = (struct matched){.firm = firm,
                          .capability = -1,
                          .km = UNKNOWN_REAL,
                          .shared = TERM_NONE,
                          .refused = TERM_NONE,
                          .missing = TERM_NONE,
                          .asked_grade = IT_UNKNOWN,
                          .held_grade = IT_UNKNOWN};
    judge_wanted(r, firm, x);
    judge_limits(r->m, r->need, &r->details, r->weights, firm, x);
    r->gates[firm] = (uint8_t)x->gates;
    if (lacks_trade(r, firm))
        x->gates |= GATE_PROCESS;
    sum(r, x);
}

static unsigned limits_of(const struct run *r, int firm)
{
    struct matched x;
    if (r->gates[firm] == GATES_UNKNOWN)
        judge(r, firm, &x);
    return r->gates[firm];
}

/* The pair of terms that fits best in each facet asked, for the words of the explanation. */
static void find_pairs(const struct run *r, struct matched *x)
{
    const struct firm_entry *e = &r->m->entries[x->firm];
    double best[FACETS] = {0};
    for (int f = 0; f < FACETS; f++)
        x->pairs[f].asked = x->pairs[f].has = TERM_NONE;
    for (int i = 0; i < r->need->term_count; i++) {
        int asked = r->need->terms[i], facet = (int)r->m->tree->terms[asked].facet;
        if (x->pairs[facet].asked == TERM_NONE)
            x->pairs[facet].asked = asked;
        for (uint32_t c = e->first_capability; c < e->first_capability + e->capability_count; c++)
            for (int k = 0; k < r->m->capabilities[c].term_count; k++) {
                int has = r->m->capabilities[c].terms[k];
                double fit =
                    r->m->tree->terms[has].facet == (enum facet)facet ? term_fit(r->m->tree, asked, has) : 0;
                if (fit > best[facet]) {
                    best[facet] = fit;
                    x->pairs[facet].asked = asked;
                    x->pairs[facet].has = has;
                }
            }
    }
}

/* The term that both are most about. */
static int find_shared(const struct run *r, int firm)
{
    int shared = TERM_NONE;
    float most = 0;
    for (int i = 0; i < r->concept_count; i++) {
        uint32_t meaning = r->concepts[i].meaning;
        float both = r->concepts[i].weight * concept_index_weight(r->m->concepts, meaning, (uint32_t)firm);
        if (meaning < (uint32_t)r->m->tree->count && both > most) {
            most = both;
            shared = (int)meaning;
        }
    }
    return shared;
}

/* The best of those who pass the limits; the best text of those who tell too that they hold what is required,
 * of those whom only distance stops, and of the others stopped. A firm is judged only when its value would
 * count. */
struct census {
    double text, about, named, holding, far, stopped;
};

static double best_left(const struct run *r, const double *values, bool holding)
{
    double best = 0;
    for (int f = 0; f < r->m->firm_count; f++)
        if (values[f] > best && (!holding || holds_required(r->m, r->need, f)) && !limits_of(r, f))
            best = values[f];
    return best;
}

static struct census count_left(const struct run *r)
{
    struct census c = {.text = best_left(r, r->text, false),
                       .about = best_left(r, r->about, false),
                       .named = best_left(r, r->named, false)};
    c.holding = r->need->required_count ? best_left(r, r->text, true) : c.text;
    for (int f = 0; f < r->m->firm_count; f++)
        if (r->text[f] > c.text) {
            double *most = limits_of(r, f) == GATE_DISTANCE ? &c.far : &c.stopped;
            *most = fmax(*most, r->text[f]);
        }
    return c;
}

/* How much of what the need is about are trades of elsewhere, that no firm speaks of. */
static double share_elsewhere(const struct run *r)
{
    double share = 0;
    for (int i = 0; i < r->concept_count; i++)
        if (lexicon_is_elsewhere(r->m->lexicon, (int)r->concepts[i].meaning))
            share += (double)r->concepts[i].weight * (double)r->concepts[i].weight *
                     (1 - (double)concept_index_most(r->m->concepts, r->concepts[i].meaning));
    return share;
}

/* How much the need is about one thing before all, that nobody left speaks of. */
static double share_unheard(const struct run *r)
{
    struct concept_weight first = {0};
    double *values = NEW(r->arena, double, r->m->firm_count);
    for (int i = 0; i < r->concept_count; i++)
        if (r->concepts[i].weight > first.weight)
            first = r->concepts[i];
    concept_index_score(r->m->concepts, &first, 1, values);
    return (double)first.weight - best_left(r, values, false);
}

static bool nobody_here(const struct run *r, bool *anybody_stopped)
{
    struct census c = count_left(r);
    double rarest = log(1 + (r->m->firm_count - .5) / 1.5); /* idf of what one firm alone has */
    double limits = doubt_stopped * fmax(0, c.stopped - c.text) + doubt_far * fmax(0, c.far - c.text) +
                    doubt_unproven * (c.text - c.holding);
    double doubt = doubt_always + limits + doubt_about * log(c.about + about_least) +
                   doubt_named * c.named / rarest + doubt_elsewhere * share_elsewhere(r) +
                   doubt_unheard * share_unheard(r);
    *anybody_stopped = c.stopped > c.text || c.far > c.text;
    return doubt > 0;
}

static bool ranks_before(const struct run *r, const struct matched *x, const struct matched *y)
{
    if (x->score_low != y->score_low)
        return x->score_low > y->score_low;
    if (x->score_high != y->score_high)
        return x->score_high > y->score_high;
    return r->m->id_order[x->firm] < r->m->id_order[y->firm];
}

static void insert(const struct run *r, struct matched *list, int *count, int most, const struct matched *x)
{
    if (*count == most && !ranks_before(r, x, &list[most - 1]))
        return;
    int at = *count < most ? (*count)++ : most - 1;
    for (; at > 0 && ranks_before(r, x, &list[at - 1]); at--)
        list[at] = list[at - 1];
    list[at] = *x;
}

/* Firms are met by the score they would have if every limit were met: once that is under the last of a full
 * list, no other can enter. */
static struct matched *best_firms(const struct run *r, int most, bool gated_too, int *count)
{
    struct matched *list = NEW(r->arena, struct matched, most);
    double *bound = NEW(r->arena, double, r->m->firm_count);
    double limits = 0, slack = 1e-9, key; /* slack: sums in another order differ in the last bits */
    for (int k = CRITERION_FIRST_LIMIT; k < CRITERIA; k++)
        limits += r->weights[k];
    for (int f = 0; f < r->m->firm_count; f++)
        bound[f] = wanted_low(r, f) + limits + slack;
    struct queue *queue = queue_new(r->arena, r->m, bound);
    *count = 0;
    for (int firm;
         (firm = queue_take(queue, &key)) >= 0 && (*count < most || key >= list[most - 1].score_low);) {
        struct matched x;
        judge(r, firm, &x);
        if (gated_too || !(x.gates & GATES_OF_LIMITS))
            insert(r, list, count, most, &x);
    }
    for (int i = 0; i < *count; i++) {
        find_pairs(r, &list[i]);
        list[i].shared = find_shared(r, list[i].firm);
    }
    return list;
}

/* By what the nearest are known to do, so that it agrees with what is said of them; when no process is asked,
 * unless a limit stopped somebody better than who is left. */
static bool is_trade_missing(const struct match_answer *answer, bool anybody_stopped)
{
    bool asked = false;
    for (int i = 0; i < answer->nearest_count; i++) {
        const struct contribution *trade = &answer->nearest[i].contributions[CRITERION_PROCESS];
        asked |= trade->stated;
        if (trade->stated && trade->low >= 0.5)
            return false;
    }
    return asked || !anybody_stopped;
}

void choose(struct run *r, int most, struct match_answer *out)
{
    bool anybody_stopped;
    r->gates = NEW(r->arena, uint8_t, r->m->firm_count);
    memset(r->gates, GATES_UNKNOWN, (size_t)r->m->firm_count);
    if (!nobody_here(r, &anybody_stopped))
        out->list = best_firms(r, most, false, &out->count);
    if (!out->count) {
        out->nearest = best_firms(r, most, true, &out->nearest_count);
        out->trade_missing = is_trade_missing(out, anybody_stopped);
    }
}
