/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* match.c - one need against all firms: what each could do, within which limits, best first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "matching/internal.h"
#include "matching/limits.h"

/* A firm does the trade asked when a process or a component of it fits at least so well (term_fit). */
static const double trade_threshold = 0.6;
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
    double coverage;         /* of the need's words by the firm that covers them best */
    float *fit[CRITERIA];    /* of each firm; NULL: the need says nothing */
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

/* BM25 of the need's features over all firms, scaled by the best; how much of what could be scored it reached. */
static struct fault *score_text(struct run *r)
{
    const struct matcher *m = r->m;
    struct stemming *stemming = stemming_new(r->arena);
    struct reading *text;
    struct feature_list features = {0};
    TRY(read_text(r->arena, m->lexicon, stemming, r->need->text, 0, NULL, &text));
    features_of(m, r->arena, stemming, text, r->need->terms, r->need->term_count, NULL, &features);
    struct bm25_query *query = NEW(r->arena, struct bm25_query, features.count);
    double possible = 0, best = 0;
    for (int i = 0; i < features.count; i++) {
        query[i] = (struct bm25_query){features.list[i].feature, features.list[i].group,
                                       (double)features.list[i].weight};
        double idf = bm25_idf(m->text, query[i].feature);
        possible += query[i].weight * (idf > 0 ? idf : log(1 + (m->firm_count + .5) / .5));
    }
    r->text = NEW(r->arena, double, m->firm_count);
    bm25_score(m->text, r->arena, query, features.count, group_echo, r->text);
    for (int f = 0; f < m->firm_count; f++)
        best = fmax(best, r->text[f]);
    r->coverage = possible > 0 ? best / (possible * (BM25_K1 + 1)) : 0;
    best = 0;
    for (int f = 0; f < m->firm_count; f++)
        best = fmax(best, r->text[f] *= m->prior[f]);
    for (int f = 0; f < m->firm_count; f++)
        r->text[f] = best > 0 ? r->text[f] / best : 0;
    return NULL;
}

/* Adds to fit[k][firm] the best fit of each asked term of one facet, over the firms that have a term close to it. */
static void score_term(struct run *r, int asked, float *fit, float *best)
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
        if (!r->fit[k])
            r->fit[k] = NEW(r->arena, float, r->m->firm_count);
        r->asked_count[k]++;
        score_term(r, r->need->terms[i], r->fit[k], best);
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
        if ((double)r->fit[k][firm] >= trade_threshold)
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
    judge_limits(r->m, r->need, firm, x);
    if (lacks_trade(r, firm))
        x->gates |= GATE_PROCESS;
    sum(r, x);
}

static void judge_all(struct run *r, int most, struct match_answer *out)
{
    int n = r->m->firm_count, kept = 0, refused = 0;
    struct matched *all = NEW(r->arena, struct matched, n), *near = NEW(r->arena, struct matched, n);
    for (int f = 0; f < n; f++) {
        struct matched x;
        judge(r, f, &x);
        if (x.gates & ~(unsigned)GATE_PROCESS)
            near[refused++] = x;
        else
            all[kept++] = x;
    }
    qsort_r(all, (size_t)kept, sizeof *all, compare_matched, r);
    qsort_r(near, (size_t)refused, sizeof *near, compare_matched, r);
    out->list = all;
    out->count = kept < most ? kept : most;
    out->nearest = near;
    out->nearest_count = refused < most ? refused : most;
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
