/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* index.c - firms and capabilities as arrays that a need runs along. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "matching/internal.h"

/* Chosen on the odd needs of the labelled set and one half of ANR's queries: docs/matching.md. */
static const double text_b = 0.55, prior_share = 0.7;

struct build {
    struct arena *arena;
    struct matcher *matcher;
    struct stemming *stemming;
    const struct reading_places *places;
    struct bm25_entry *entries, *plain_entries;
    size_t entry_count, entry_capacity, plain_count, plain_capacity;
    struct bm25_entry *concepts;
    size_t concept_count, concept_capacity;
    float *about;      /* of each meaning: the most the firm at hand is about it */
    uint32_t *touched; /* meanings it is about */
    int touched_count;
    int *refused; /* terms the firm at hand says it does not do */
    int refused_count, refused_capacity;
    float *lengths, *plain_lengths;
    struct arena *scratch; /* entries, until the postings are made */
};

struct match_need match_need_empty(void)
{
    return (struct match_need){.size_min = UNKNOWN_INTEGER,
                               .size_max = UNKNOWN_INTEGER,
                               .tolerance = UNKNOWN_INTEGER,
                               .it_grade = UNKNOWN_INTEGER,
                               .volume = UNKNOWN_INTEGER,
                               .quantity = UNKNOWN_INTEGER,
                               .deadline = UNKNOWN_INTEGER,
                               .point = {UNKNOWN_REAL, UNKNOWN_REAL},
                               .max_km = UNKNOWN_REAL};
}

struct match_capability match_capability_empty(int firm)
{
    return (struct match_capability){.firm = firm,
                                     .size_min = UNKNOWN_INTEGER,
                                     .size_max = UNKNOWN_INTEGER,
                                     .tolerance = UNKNOWN_INTEGER,
                                     .it_grade = UNKNOWN_INTEGER,
                                     .batch_min = UNKNOWN_INTEGER,
                                     .batch_max = UNKNOWN_INTEGER,
                                     .volume_max = UNKNOWN_INTEGER};
}

static bool below(int64_t value, int64_t least)
{
    return known_integer(value) && value < least;
}

static bool reversed(int64_t low, int64_t high)
{
    return known_integer(low) && known_integer(high) && low > high;
}

static struct fault *check_capability(const struct matcher *m, const struct match_capability *c)
{
    if (c->firm < 0 || c->firm >= m->firm_count)
        return fault(FAULT_INVALID, "A capability belongs to no firm.");
    struct slice id = m->firms[c->firm].id;
    for (int i = 0; i < c->term_count; i++)
        if (c->terms[i] < 0 || c->terms[i] >= m->tree->count)
            return fault(FAULT_INVALID, "Firm %.*s: unknown term.", SLICE_ARGS(id));
    if (reversed(c->size_min, c->size_max) || reversed(c->batch_min, c->batch_max))
        return fault(FAULT_INVALID, "Firm %.*s: a smallest value is larger than the largest.",
                     SLICE_ARGS(id));
    if (below(c->size_min, 0) || below(c->size_max, 1) || below(c->tolerance, 1) || below(c->batch_min, 0) ||
        below(c->batch_max, 0) || below(c->volume_max, 0))
        return fault(FAULT_INVALID, "Firm %.*s: a negative or zero measure.", SLICE_ARGS(id));
    return NULL;
}

static void widen(int64_t *low, int64_t *high, int64_t from, int64_t to)
{
    if (known_integer(from) && (!known_integer(*low) || from < *low))
        *low = from;
    if (known_integer(to) && (!known_integer(*high) || to > *high))
        *high = to;
}

/* A single size or a product in a firm's text ("table de 1 m x 1 m") is the most it takes, unless it says
 * "from". */
static int64_t least_size(const struct fact *f)
{
    return f->range || !known_integer(f->high) ? f->low : UNKNOWN_INTEGER;
}

/* What the text says fills what the fields do not. The finest tolerance counts: it is what the firm can
 * do. */
static void fill_capability(struct arena *a, const struct reading *text, struct match_capability *c)
{
    struct match_capability read = match_capability_empty(c->firm);
    int *terms = NEW(a, int, c->term_count + text->count + 1), count = c->term_count;
    if (count)
        memcpy(terms, c->terms, (size_t)count * sizeof *terms);
    for (int i = 0; i < text->count; i++) {
        const struct fact *f = &text->facts[i];
        if (f->kind == FACT_TERM && !f->negated)
            terms[count++] = f->term;
        else if (f->kind == FACT_SIZE && f->role != SIZE_DETAIL)
            widen(&read.size_min, &read.size_max, least_size(f), f->high);
        else if (f->kind == FACT_TOLERANCE && (!known_integer(read.tolerance) || f->low < read.tolerance))
            read.tolerance = f->low;
        else if (f->kind == FACT_GRADE && (!known_integer(read.it_grade) || f->low < read.it_grade))
            read.it_grade = f->low;
        else if (f->kind == FACT_BATCH)
            widen(&read.batch_min, &read.batch_max, f->low, f->high);
        else if (f->kind == FACT_VOLUME && (!known_integer(read.volume_max) || f->low > read.volume_max))
            read.volume_max = f->low;
    }
    c->terms = terms;
    c->term_count = count;
    if (!known_integer(c->size_min) && !known_integer(c->size_max)) {
        c->size_min = read.size_min;
        c->size_max = read.size_max;
    }
    if (!known_integer(c->tolerance) && !known_integer(c->it_grade)) {
        c->tolerance = read.tolerance;
        c->it_grade = read.it_grade;
    }
    if (!known_integer(c->volume_max))
        c->volume_max = read.volume_max;
    if (!known_integer(c->batch_min) && !known_integer(c->batch_max)) {
        c->batch_min = read.batch_min;
        c->batch_max = read.batch_max;
    }
}

static void add_entries(struct build *b, uint32_t firm, const struct feature_list *f)
{
    for (int i = 0; i < f->count; i++)
        *PUSH(b->scratch, b->entries, b->entry_count, b->entry_capacity) =
            (struct bm25_entry){f->list[i].feature, firm, f->list[i].weight};
    b->lengths[firm] += (float)f->words;
}

static void add_concepts(struct build *b, const struct feature_list *f)
{
    for (int i = 0; i < f->concept_count; i++) {
        const struct concept_weight *c = &f->concepts[i];
        if (b->about[c->meaning] <= 0)
            b->touched[b->touched_count++] = c->meaning;
        if (b->about[c->meaning] < c->weight)
            b->about[c->meaning] = c->weight;
    }
}

static bool is_offered(const struct matcher *m, int firm, int term)
{
    const struct firm_entry *e = &m->entries[firm];
    for (uint32_t c = e->first_capability; c < e->first_capability + e->capability_count; c++)
        for (int k = 0; k < m->capabilities[c].term_count; k++)
            if (taxonomy_within(m->tree, m->capabilities[c].terms[k], term))
                return true;
    return false;
}

/* All capabilities of a firm have been read. What one refuses and another offers is not refused. */
static void end_firm(struct build *b, int firm)
{
    int *refused = NEW(b->arena, int, b->refused_count), count = 0;
    for (int i = 0; i < b->refused_count; i++)
        if (!is_offered(b->matcher, firm, b->refused[i]))
            refused[count++] = b->refused[i];
    b->matcher->refused[firm] = (struct term_set){refused, count};
    b->refused_count = 0;
    for (int i = 0; i < b->touched_count; i++) {
        uint32_t meaning = b->touched[i];
        *PUSH(b->scratch, b->concepts, b->concept_count, b->concept_capacity) =
            (struct bm25_entry){meaning, (uint32_t)firm, b->about[meaning]};
        b->about[meaning] = 0;
    }
    b->touched_count = 0;
}

static void add_plain(struct build *b, uint32_t firm, const struct words *w)
{
    for (int i = 0; i < w->count; i++)
        if (!w->list[i].stop) {
            uint32_t form =
                vocabulary_add(b->matcher->french, word_form_french(b->stemming, w->list[i].folded));
            *PUSH(b->scratch, b->plain_entries, b->plain_count, b->plain_capacity) =
                (struct bm25_entry){form, firm, 1};
            b->plain_lengths[firm] += 1;
        }
}

/* Certifications the text names are held. */
static void note_certificates(struct build *b, int firm, const struct match_capability *c)
{
    struct matcher *m = b->matcher;
    int *held = NEW(b->arena, int, m->held[firm].count + c->term_count + 1), count = m->held[firm].count;
    if (count)
        memcpy(held, m->held[firm].list, (size_t)count * sizeof *held);
    for (int i = 0; i < c->term_count; i++)
        if (m->tree->terms[c->terms[i]].facet == FACET_CERTIFICATION)
            held[count++] = c->terms[i];
    m->held[firm] = (struct term_set){held, count};
}

/* "Nous ne travaillons pas les peaux exotiques", "ni EN 9100 ni ISO 13485", "astreinte à 80 km de Valdahon".
 */
static void note_own_limits(struct build *b, int firm, const struct reading *text)
{
    struct matcher *m = b->matcher;
    for (int i = 0; i < text->count; i++) {
        const struct fact *f = &text->facts[i];
        if (f->kind == FACT_TERM && f->refused)
            *PUSH(b->scratch, b->refused, b->refused_count, b->refused_capacity) = f->term;
        else if (f->kind == FACT_DISTANCE && f->bound)
            m->reach[firm] = (double)f->low;
        else if (f->kind == FACT_PLACE && !known_real(m->points[firm].lat))
            m->points[firm] = f->point;
    }
}

static struct fault *add_capability(struct build *b, struct match_capability *c)
{
    ARENA_SCOPE(scratch);
    struct matcher *m = b->matcher;
    struct reading *read;
    int given = c->term_count;
    const int *given_terms = c->terms;
    TRY(check_capability(m, c));
    struct fault *f = read_text(scratch, m->lexicon, b->stemming, c->text, 0, b->places, &read);
    if (f)
        return fault_in("text", f);
    struct feature_list features = {0};
    features_of(m, scratch, b->stemming, read, given_terms, given, m->forms, &features);
    add_entries(b, (uint32_t)c->firm, &features);
    add_concepts(b, &features);
    add_plain(b, (uint32_t)c->firm, &read->words);
    fill_capability(b->arena, read, c);
    m->details[c - m->capabilities] = details_of(b->arena, read, true);
    note_certificates(b, c->firm, c);
    note_own_limits(b, c->firm, read);
    return NULL;
}

static int compare_ids(const void *a, const void *b, void *context)
{
    const struct match_firm *firms = context;
    int x = *(const int *)a, y = *(const int *)b, order = slice_compare(firms[x].id, firms[y].id);
    return order ? order : x - y;
}

static void rank_ids(struct build *b)
{
    struct matcher *m = b->matcher;
    int *sorted = NEW(b->scratch, int, m->firm_count);
    for (int i = 0; i < m->firm_count; i++)
        sorted[i] = i;
    if (m->firm_count)
        qsort_r(sorted, (size_t)m->firm_count, sizeof *sorted, compare_ids, (void *)(uintptr_t)m->firms);
    for (int i = 0; i < m->firm_count; i++)
        m->id_order[sorted[i]] = i;
}

/* Which firms have which term, each firm once, in the order of the firms. */
static void place_terms(struct build *b)
{
    struct matcher *m = b->matcher;
    size_t total = 0;
    for (int i = 0; i < m->capability_count; i++)
        total += (size_t)m->capabilities[i].term_count;
    uint32_t *last = NEW(b->scratch, uint32_t, m->tree->count);
    for (int pass = 0; pass < 2; pass++) {
        memset(last, 0xFF, (size_t)m->tree->count * sizeof *last);
        for (int i = 0; i < m->capability_count; i++)
            for (int k = 0; k < m->capabilities[i].term_count; k++) {
                int term = m->capabilities[i].terms[k];
                uint32_t firm = (uint32_t)m->capabilities[i].firm;
                if (last[term] == firm)
                    continue;
                last[term] = firm;
                if (pass)
                    m->term_firms[m->terms[term].first + m->terms[term].count] = firm;
                m->terms[term].count++;
                m->entries[firm].facets |= 1U << m->tree->terms[term].facet;
            }
        if (pass)
            break;
        uint32_t first = 0;
        for (int t = 0; t < m->tree->count; t++) {
            m->terms[t].first = first;
            first += m->terms[t].count;
            m->terms[t].count = 0;
        }
        m->term_firms = NEW(b->arena, uint32_t, total + 1);
    }
}

/* Copies the capabilities grouped by firm, in the order given within a firm. */
static struct fault *group(struct build *b, const struct match_capability *given, int count)
{
    struct matcher *m = b->matcher;
    for (int i = 0; i < count; i++) {
        TRY(check_capability(m, &given[i]));
        m->entries[given[i].firm].capability_count++;
    }
    uint32_t first = 0;
    for (int f = 0; f < m->firm_count; f++) {
        m->entries[f].first_capability = first;
        first += m->entries[f].capability_count;
        m->entries[f].capability_count = 0;
    }
    for (int i = 0; i < count; i++) {
        struct firm_entry *e = &m->entries[given[i].firm];
        m->capabilities[e->first_capability + e->capability_count++] = given[i];
    }
    return NULL;
}

/* Who has more to show is somewhat likelier to be right, all else equal: 1 + share log(1 + x) / log(1 +
 * most), where x counts rows and texts of average length. */
static void set_priors(struct build *b)
{
    struct matcher *m = b->matcher;
    double words = 0, most = 0;
    for (int f = 0; f < m->firm_count; f++)
        words += (double)b->lengths[f];
    for (int f = 0; f < m->firm_count; f++) {
        double extent =
            m->entries[f].capability_count + (words > 0 ? (double)b->lengths[f] * m->firm_count / words : 0);
        m->prior[f] = log1p(extent);
        most = fmax(most, m->prior[f]);
    }
    for (int f = 0; f < m->firm_count; f++)
        m->prior[f] = 1 + prior_share * (most > 0 ? m->prior[f] / most : 0);
}

static struct fault *fill(struct build *b, const struct match_capability *given, int count)
{
    struct matcher *m = b->matcher;
    TRY(group(b, given, count));
    for (int f = 0; f < m->firm_count; f++) {
        m->held[f] = (struct term_set){m->firms[f].held, m->firms[f].held_count};
        m->points[f] = m->firms[f].point;
        m->reach[f] = UNKNOWN_REAL;
    }
    for (int i = 0; i < count; i++) {
        struct fault *f = add_capability(b, &m->capabilities[i]);
        if (f) {
            struct slice id = m->firms[m->capabilities[i].firm].id;
            return fault(f->code, "Firm %.*s: %s", SLICE_ARGS(id),
                         arena_text(b->scratch, f->text, strlen(f->text)));
        }
        if (i + 1 == count || m->capabilities[i + 1].firm != m->capabilities[i].firm)
            end_firm(b, m->capabilities[i].firm);
    }
    place_terms(b);
    rank_ids(b);
    set_priors(b);
    m->text = bm25_new(b->arena, b->entries, b->entry_count,
                       (uint32_t)lexicon_meanings(m->lexicon) + vocabulary_count(m->forms),
                       (uint32_t)m->firm_count, b->lengths, text_b);
    m->concepts =
        concept_index_new(b->arena, b->concepts, b->concept_count, (uint32_t)lexicon_meanings(m->lexicon));
    m->plain = bm25_new(b->arena, b->plain_entries, b->plain_count, vocabulary_count(m->french),
                        (uint32_t)m->firm_count, b->plain_lengths, BM25_B);
    return arena_check(b->arena);
}

struct fault *matcher_new(struct arena *a, const struct lexicon *x, const struct reading_places *places,
                          const struct match_firm *firms, int firm_count,
                          const struct match_capability *capabilities, int capability_count,
                          const struct matcher **out)
{
    struct matcher *m = NEW(a, struct matcher, 1);
    *m = (struct matcher){.lexicon = x,
                          .tree = lexicon_taxonomy(x),
                          .firms = firms,
                          .firm_count = firm_count,
                          .capability_count = capability_count,
                          .capabilities = NEW(a, struct match_capability, capability_count),
                          .entries = NEW(a, struct firm_entry, firm_count),
                          .terms = NEW(a, struct term_places, lexicon_taxonomy(x)->count),
                          .details = NEW(a, struct detail_set, capability_count),
                          .held = NEW(a, struct term_set, firm_count),
                          .refused = NEW(a, struct term_set, firm_count),
                          .points = NEW(a, struct geo_point, firm_count),
                          .reach = NEW(a, double, firm_count),
                          .id_order = NEW(a, int, firm_count),
                          .prior = NEW(a, double, firm_count),
                          .forms = vocabulary_new(a),
                          .french = vocabulary_new(a)};
    struct build b = {.arena = a,
                      .matcher = m,
                      .stemming = stemming_new(a),
                      .places = places,
                      .scratch = arena_new(LIMIT_COMMAND_MEMORY),
                      .about = NEW(a, float, lexicon_meanings(x)),
                      .touched = NEW(a, uint32_t, lexicon_meanings(x)),
                      .lengths = NEW(a, float, firm_count),
                      .plain_lengths = NEW(a, float, firm_count)};
    struct fault *f = fill(&b, capabilities, capability_count);
    arena_free(b.scratch);
    *out = m;
    return f;
}

double term_fit(const struct term_tree *t, int asked, int has)
{
    if (asked == has)
        return 1;
    if (taxonomy_within(t, has, asked))
        return 0.95;
    double similarity = taxonomy_similarity(t, asked, has);
    return similarity > 0.6 ? (similarity - 0.5) / 0.5 : 0;
}
