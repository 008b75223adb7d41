/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* match.c - one need against all firms: what each could do, within which limits, best first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "matching/internal.h"
#include "matching/limits.h"

/* "Nobody", chosen on the odd needs of the labelled set. The trade asked must be met this well by a term (the same,
 * a narrower or the next broader one) … */
static const double trade_threshold = 0.7, process_missing = 0.75, component_missing = 0.5;
/* … unless a firm answers a precise phrase of the need: this many times the idf of what one firm alone has … */
static const double said_clearly = 2.1;
/* … and whoever passes the gates must reach this share of what those they stop would have scored on the trade. A
 * certificate stops the very specialists of a trade, so that those left must be nearly as good; a distance stops
 * anybody, so that those left may be less. */
static const double share_left = 0.5, share_left_certified = 0.8, share_left_near = 0.25;
/* What the other signs of the same thing add to the best one. */
static const double group_echo = 0.3;

const struct match_weights match_default_weights = {{
    [CRITERION_TEXT] = 0.60,
    [CRITERION_PROCESS] = 0.08,
    [CRITERION_MATERIAL] = 0.04,
    [CRITERION_COMPONENT] = 0.06,
    [CRITERION_MARKET] = 0.02,
    [CRITERION_CERTIFICATION] = 0.06,
    [CRITERION_TOLERANCE] = 0.04,
    [CRITERION_SIZE] = 0.04,
    [CRITERION_VOLUME] = 0.02,
    [CRITERION_DISTANCE] = 0.04,
}};

static const struct {
    const char *name, *label;
} criteria[CRITERIA] = {
    {"text", N_("Words")},         {"process", N_("Process")},
    {"material", N_("Material")},  {"component", N_("Component")},
    {"market", N_("Market")},      {"certification", N_("Certification")},
    {"tolerance", N_("Tolerance")}, {"size", N_("Size")},
    {"volume", N_("Volume")},      {"distance", N_("Distance")},
};

const char *criterion_name(enum criterion c)
{
    return criteria[c].name;
}

const char *criterion_label(enum criterion c)
{
    return criteria[c].label;
}

static const enum criterion criterion_of_facet[FACETS] = {
    [FACET_PROCESS] = CRITERION_PROCESS,     [FACET_MATERIAL] = CRITERION_MATERIAL,
    [FACET_COMPONENT] = CRITERION_COMPONENT, [FACET_MARKET] = CRITERION_MARKET,
    [FACET_CERTIFICATION] = CRITERIA,        [FACET_SKILL] = CRITERIA};

/* One need being answered. */
struct run {
    const struct matcher *m;
    struct arena *arena;
    const struct match_need *need;
    double weights[CRITERIA];
    double *text;            /* of each firm, 0 … 1 */
    double *trade;           /* of each firm, what it scores on the processes asked alone */
    float *fit[CRITERIA];    /* of each firm, summed over the terms asked; NULL: the need says nothing */
    float *best[CRITERIA];   /* of each firm, for the term asked that it meets best */
    double asked_count[CRITERIA];
    bool *out;
};

static struct fault *check_weights(const struct match_weights *w)
{
    double total = 0;
    for (int k = 0; k < CRITERIA; k++) {
        if (!isfinite(w->of[k]) || w->of[k] < 0)
            return fault_in(criteria[k].name,
                            fault(FAULT_INVALID, "The weight of \"%s\" must be zero or more.", criteria[k].name));
        total += w->of[k];
    }
    if (total <= 0)
        return fault_in("weights", fault(FAULT_INVALID, "All weights are zero: nothing would count."));
    return NULL;
}

/* Weights of the wanted criteria that the need states share what all the wanted ones have together; limits keep
 * theirs. When the need wants nothing, the limits share everything. */
static void set_weights(struct run *r, const struct match_weights *w)
{
    double wanted = 0, stated = 0, limits = 0, total = 0;
    for (int k = 0; k < CRITERIA; k++)
        if (k >= CRITERION_FIRST_LIMIT)
            limits += w->of[k];
        else {
            wanted += w->of[k];
            stated += r->fit[k] ? w->of[k] : 0;
        }
    for (int k = 0; k < CRITERIA; k++) {
        if (k >= CRITERION_FIRST_LIMIT)
            r->weights[k] = w->of[k];
        else
            r->weights[k] = r->fit[k] && stated > 0 ? w->of[k] * wanted / stated : 0;
        total += r->weights[k];
    }
    for (int k = 0; k < CRITERIA; k++)
        r->weights[k] = total > 0 ? r->weights[k] / total : 1.0 / CRITERIA;
}

/* A process, or an idea that lets one think of a process: what is to be done, not to what. */
static bool is_trade(const struct matcher *m, uint32_t feature)
{
    const struct lexicon_suggestion *list;
    if (feature >= (uint32_t)lexicon_meanings(m->lexicon))
        return false;
    if ((int)feature < m->tree->count)
        return m->tree->terms[feature].facet == FACET_PROCESS;
    int n = lexicon_suggestions(m->lexicon, (int)feature, &list);
    for (int i = 0; i < n; i++)
        if (list[i].meaning < m->tree->count && m->tree->terms[list[i].meaning].facet == FACET_PROCESS)
            return true;
    return false;
}

/* BM25 of the need's features over all firms, scaled by the best; and of those that are a trade. */
static struct fault *score_text(struct run *r)
{
    const struct matcher *m = r->m;
    struct stemming *stemming = stemming_new(r->arena);
    struct reading *text;
    struct feature_list features = {0};
    TRY(read_text(r->arena, m->lexicon, stemming, r->need->text, 0, NULL, &text));
    features_of(m, r->arena, stemming, text, r->need->terms, r->need->term_count, NULL, &features);
    struct bm25_query *query = NEW(r->arena, struct bm25_query, features.count);
    struct bm25_query *trade = NEW(r->arena, struct bm25_query, features.count);
    int trades = 0;
    for (int i = 0; i < features.count; i++) {
        query[i] = (struct bm25_query){features.list[i].feature, features.list[i].group,
                                       (double)features.list[i].weight};
        if (is_trade(m, query[i].feature))
            trade[trades++] = query[i];
    }
    r->text = NEW(r->arena, double, m->firm_count);
    r->trade = NEW(r->arena, double, m->firm_count);
    bm25_score(m->text, r->arena, query, features.count, group_echo, r->text);
    bm25_score(m->text, r->arena, trade, trades, 0, r->trade);
    double best = 0;
    for (int f = 0; f < m->firm_count; f++)
        best = fmax(best, r->text[f] *= m->prior[f]);
    for (int f = 0; f < m->firm_count; f++)
        r->text[f] = best > 0 ? r->text[f] / best : 0;
    return NULL;
}

/* Adds to fit[k][firm] the best fit of each asked term of one facet, over the firms that have a term close to it. */
static void score_term(struct run *r, int asked, float *fit, float *any, float *best)
{
    const struct matcher *m = r->m;
    memset(best, 0, (size_t)m->firm_count * sizeof *best);
    for (int has = 0; has < m->tree->count; has++) {
        if (!m->terms[has].count || m->tree->terms[has].facet != m->tree->terms[asked].facet)
            continue;
        float close = (float)term_fit(m->tree, asked, has);
        if (close <= 0)
            continue;
        for (uint32_t i = 0; i < m->terms[has].count; i++) {
            uint32_t firm = m->term_firms[m->terms[has].first + i];
            if (best[firm] < close) {
                fit[firm] += close - best[firm];
                best[firm] = close;
                if (any[firm] < close)
                    any[firm] = close;
            }
        }
    }
}

static void score_terms(struct run *r)
{
    float *best = NEW(r->arena, float, r->m->firm_count);
    for (int i = 0; i < r->need->term_count; i++) {
        enum criterion k = criterion_of_facet[r->m->tree->terms[r->need->terms[i]].facet];
        if (k == CRITERIA)
            continue;
        if (!r->fit[k]) {
            r->fit[k] = NEW(r->arena, float, r->m->firm_count);
            r->best[k] = NEW(r->arena, float, r->m->firm_count);
        }
        r->asked_count[k]++;
        score_term(r, r->need->terms[i], r->fit[k], r->best[k], best);
    }
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

static int compare(const struct run *r, const struct matched *x, const struct matched *y)
{
    if (x->score_low != y->score_low)
        return x->score_low > y->score_low ? -1 : 1;
    if (x->score_high != y->score_high)
        return x->score_high > y->score_high ? -1 : 1;
    return r->m->id_order[x->firm] - r->m->id_order[y->firm];
}

static int compare_matched(const void *a, const void *b, void *context)
{
    return compare(context, a, b);
}

static void judge(const struct run *r, int firm, struct matched *x)
{
    *x = (struct matched){.firm = firm, .capability = -1, .km = UNKNOWN_REAL, .missing = TERM_NONE,
                          .asked_grade = IT_UNKNOWN, .held_grade = IT_UNKNOWN};
    judge_wanted(r, firm, x);
    judge_limits(r->m, r->need, r->weights, firm, x);
    if (lacks_trade(r, firm))
        x->gates |= GATE_PROCESS;
    sum(r, x);
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
                double fit = r->m->tree->terms[has].facet == (enum facet)facet ? term_fit(r->m->tree, asked, has) : 0;
                if (fit > best[facet]) {
                    best[facet] = fit;
                    x->pairs[facet].asked = asked;
                    x->pairs[facet].has = has;
                }
            }
    }
}

/* What decides whether anybody is here, gathered over all firms. */
struct census {
    double trade_left;                                   /* best score on the trade of those who pass … */
    double trade_stopped, trade_uncertified, trade_far;  /* … of those stopped, by a certificate, by distance alone */
    double process, component;                           /* best fit among those who pass; -1: not asked */
    double text;
};

static void count_in(const struct run *r, const struct matched *x, struct census *c)
{
    double trade = r->trade[x->firm];
    unsigned gates = x->gates & ~(unsigned)GATE_PROCESS;
    if (gates) {
        double *most = gates == GATE_DISTANCE          ? &c->trade_far
                       : gates & GATE_CERTIFICATION ? &c->trade_uncertified
                                                       : &c->trade_stopped;
        *most = fmax(*most, trade);
        return;
    }
    c->trade_left = fmax(c->trade_left, trade);
    c->text = fmax(c->text, r->text[x->firm]);
    if (r->fit[CRITERION_PROCESS])
        c->process = fmax(c->process, (double)r->best[CRITERION_PROCESS][x->firm]);
    if (r->fit[CRITERION_COMPONENT])
        c->component = fmax(c->component, (double)r->best[CRITERION_COMPONENT][x->firm]);
}

static bool nobody_here(const struct run *r, const struct census *c, bool *trade_missing)
{
    double rarest = log(1 + (r->m->firm_count - .5) / 1.5); /* idf of what one firm alone has */
    bool process = r->fit[CRITERION_PROCESS] && c->process < process_missing;
    bool component = r->fit[CRITERION_COMPONENT] && c->component < component_missing;
    *trade_missing = (process && (component || !r->fit[CRITERION_COMPONENT]) && c->trade_left < said_clearly * rarest) ||
                     (component && !r->fit[CRITERION_PROCESS] && c->text < process_missing);
    return *trade_missing || c->trade_left < share_left * c->trade_stopped ||
           c->trade_left < share_left_certified * c->trade_uncertified ||
           c->trade_left < share_left_near * c->trade_far;
}

static void judge_all(struct run *r, int most, struct match_answer *out)
{
    int n = r->m->firm_count, kept = 0;
    struct matched *all = NEW(r->arena, struct matched, n), *passing = NEW(r->arena, struct matched, n);
    struct census census = {0};
    for (int f = 0; f < n; f++) {
        judge(r, f, &all[f]);
        count_in(r, &all[f], &census);
        if (!(all[f].gates & ~(unsigned)GATE_PROCESS))
            passing[kept++] = all[f];
    }
    bool nobody = nobody_here(r, &census, &out->trade_missing) || !kept;
    qsort_r(nobody ? all : passing, (size_t)(nobody ? n : kept), sizeof *all, compare_matched, r);
    int count = nobody ? n : kept;
    count = count < most ? count : most;
    for (int i = 0; i < count; i++)
        find_pairs(r, nobody ? &all[i] : &passing[i]);
    out->list = passing;
    out->count = nobody ? 0 : count;
    out->nearest = all;
    out->nearest_count = nobody ? count : 0;
}

/* Plain Okapi BM25 of French stems, the peer that the engine is measured against. */
static void run_plain(struct run *r, int most, struct match_answer *out)
{
    const struct matcher *m = r->m;
    struct stemming *stemming = stemming_new(r->arena);
    struct words words = words_split(r->arena, r->need->text);
    struct bm25_query *query = NEW(r->arena, struct bm25_query, words.count);
    double *scores = NEW(r->arena, double, m->firm_count);
    struct matched *all = NEW(r->arena, struct matched, m->firm_count);
    int n = 0, kept = 0;
    for (int i = 0; i < words.count; i++)
        if (!words.list[i].stop) {
            struct slice form = word_form_french(stemming, words.list[i].folded);
            query[n] = (struct bm25_query){vocabulary_find(m->french, form), (uint32_t)n, 1};
            n++;
        }
    bm25_score(m->plain, r->arena, query, n, 0, scores);
    for (int f = 0; f < m->firm_count; f++)
        if (scores[f] > 0)
            all[kept++] = (struct matched){.firm = f, .score_low = scores[f], .score_high = scores[f]};
    qsort_r(all, (size_t)kept, sizeof *all, compare_matched, r);
    out->list = all;
    out->count = kept < most ? kept : most;
}

struct fault *match_run(const struct matcher *m, struct arena *a, const struct match_need *need, int64_t today,
                        const struct match_options *options, struct match_answer *out)
{
    const struct match_weights *weights = options->weights ? options->weights : &match_default_weights;
    TRY(check_weights(weights));
    TRY(need_judge(m, need, today));
    struct run r = {.m = m, .arena = a, .need = need};
    *out = (struct match_answer){.asked_grade = IT_UNKNOWN};
    if (options->bm25_only) {
        run_plain(&r, options->most, out);
        return arena_check(a);
    }
    TRY(score_text(&r));
    r.fit[CRITERION_TEXT] = NEW(a, float, 1);
    score_terms(&r);
    set_weights(&r, weights);
    judge_all(&r, options->most, out);
    return arena_check(a);
}
