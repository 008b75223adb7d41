/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* match.c - one need against all firms: what each could do, within which limits, best first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "matching/choose.h"
#include "matching/limits.h"

/* What the other signs of the same thing add to the best one. */
static const double group_echo = 0.3;

/* Of the text score: what the text is about, beside the words, terms and ideas it names; the less, the longer
 * it is than so many words: a long text names what it is about. */
static const double concept_share = 0.6, concept_words = 15;

const struct match_weights match_default_weights = {{
    [CRITERION_TEXT] = 0.80,
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
    {"text", N_("Words")},          {"process", N_("Process")}, {"material", N_("Material")},
    {"component", N_("Component")}, {"market", N_("Market")},   {"certification", N_("Certification")},
    {"tolerance", N_("Tolerance")}, {"size", N_("Size")},       {"volume", N_("Volume")},
    {"distance", N_("Distance")},
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

static struct fault *check_weights(const struct match_weights *w)
{
    double total = 0;
    for (int k = 0; k < CRITERIA; k++) {
        if (!isfinite(w->of[k]) || w->of[k] < 0)
            return fault_in(
                criteria[k].name,
                fault(FAULT_INVALID, "The weight of \"%s\" must be zero or more.", criteria[k].name));
        total += w->of[k];
    }
    if (total <= 0)
        return fault_in("weights", fault(FAULT_INVALID, "All weights are zero: nothing would count."));
    return NULL;
}

/* Weights of the wanted criteria that the need states share what all the wanted ones have together; limits
 * keep theirs. When the need wants nothing, the limits share everything. */
static void set_weights(struct run *r, const struct match_weights *w)
{
    double wanted = 0, stated = 0, total = 0;
    for (int k = 0; k < CRITERION_FIRST_LIMIT; k++) {
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

/* What the firms say beside what the need says: the features it names, by BM25 and scaled by the best, mixed
 * with what both are about, likewise. */
static struct fault *score_text(struct run *r)
{
    const struct matcher *m = r->m;
    struct stemming *stemming = stemming_new(r->arena);
    struct reading *text;
    struct feature_list *features = NEW(r->arena, struct feature_list, 1);
    TRY(read_text(r->arena, m->lexicon, stemming, r->need->text, 0, NULL, &text));
    r->details = details_of(r->arena, text, false);
    features_of(m, r->arena, stemming, text, r->need->terms, r->need->term_count, NULL, features);
    struct bm25_query *query = NEW(r->arena, struct bm25_query, features->count);
    for (int i = 0; i < features->count; i++)
        query[i] = (struct bm25_query){features->list[i].feature, features->list[i].group,
                                       (double)features->list[i].weight};
    r->text = NEW(r->arena, double, m->firm_count);
    r->named = NEW(r->arena, double, m->firm_count);
    r->about = NEW(r->arena, double, m->firm_count);
    bm25_score(m->text, r->arena, query, features->count, group_echo, r->named);
    r->concepts = features->concepts;
    r->concept_count = features->concept_count;
    concept_index_score(m->concepts, r->concepts, r->concept_count, r->about);
    double best = 0, closest = 0;
    for (int f = 0; f < m->firm_count; f++) {
        best = fmax(best, r->named[f] *= m->prior[f]);
        closest = fmax(closest, r->about[f] *= m->prior[f]);
    }
    double share = concept_share * fmin(1, concept_words / fmax(1, features->words));
    double of_words = best > 0 ? (1 - share) / best : 0;
    double of_concepts = closest > 0 ? share / closest : 0;
    for (int f = 0; f < m->firm_count; f++)
        r->text[f] = r->named[f] * of_words + r->about[f] * of_concepts;
    return NULL;
}

/* Adds to fit[k][firm] the best fit of each asked term of one facet, over the firms that have a term close to
 * it. */
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

/* Plain Okapi BM25 of French stems, the peer that the engine is measured against. */
static void run_plain(struct run *r, int most, struct match_answer *out)
{
    const struct matcher *m = r->m;
    struct stemming *stemming = stemming_new(r->arena);
    struct words words = words_split(r->arena, r->need->text);
    struct bm25_query *query = NEW(r->arena, struct bm25_query, words.count);
    double *scores = NEW(r->arena, double, m->firm_count);
    int n = 0;
    for (int i = 0; i < words.count; i++)
        if (!words.list[i].stop) {
            struct slice form = word_form_french(stemming, words.list[i].folded);
            query[n] = (struct bm25_query){vocabulary_find(m->french, form), (uint32_t)n, 1};
            n++;
        }
    bm25_score(m->plain, r->arena, query, n, 0, scores);
    struct queue *queue = queue_new(r->arena, m, scores);
    struct matched *list = NEW(r->arena, struct matched, most);
    double score;
    for (int firm; out->count < most && (firm = queue_take(queue, &score)) >= 0;)
        list[out->count++] = (struct matched){.firm = firm, .score_low = score, .score_high = score};
    out->list = list;
}

struct fault *match_run(const struct matcher *m, struct arena *a, const struct match_need *need,
                        int64_t today, const struct match_options *options, struct match_answer *out)
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
    choose(&r, options->most, out);
    return arena_check(a);
}
