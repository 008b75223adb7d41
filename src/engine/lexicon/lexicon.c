/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lexicon/lexicon.h"

#include <string.h>

#include "arena/arena.h"
#include "text/fold.h"

enum { PHRASE_WORDS = 7, PHRASE_BYTES = 160, PATTERN_WORDS = 4, PATTERN_REACH = 9 };

/* How strongly a term lets one think of its neighbours in the taxonomy. */
static const float weight_parent = 0.5F, weight_related = 0.2F, weight_suggested = 0.8F;

struct entry {
    int meaning, next; /* next: another meaning of the same phrase, -1 the last */
    bool ambiguous;
};

struct idea {
    struct slice name;
    struct slice suggested; /* while building: the phrases as written */
    bool elsewhere;         /* a trade that is none of the taxonomy */
};

/* "bleu + chauffe": forms that must all be met near each other, in any order. */
struct pattern {
    uint32_t forms[PATTERN_WORDS];
    int count, meaning, next; /* next: another pattern with the same first form, -1 the last */
    bool ambiguous;
};

struct suggestions {
    struct lexicon_suggestion *list;
    int count, capacity;
};

struct lexicon {
    const struct term_tree *taxonomy;
    struct vocabulary *phrases;  /* numbered as in first[] */
    struct vocabulary *prefixes; /* what longer phrases begin with: where a scan may go on */
    int *first;
    struct entry *entries;
    int first_count, first_capacity, entry_count, entry_capacity;
    struct idea *ideas;
    int idea_count, idea_capacity;
    struct vocabulary *forms; /* of all words of all phrases */
    struct pattern *patterns;
    int *pattern_first; /* of each form: its first pattern, -1 none */
    int pattern_count, pattern_capacity, form_capacity, form_count;
    struct suggestions *suggestions; /* one for each meaning */
    struct bm25_entry *ways;         /* form → meaning, of each word of each phrase */
    size_t way_count, way_capacity;
    struct arena *scratch; /* while building: ways, and words of phrases */
    const struct concepts *concepts;
};

/* A phrase being put together: the forms of its words, separated by a space. */
struct phrase {
    char bytes[PHRASE_BYTES];
    size_t len;
};

static bool phrase_add(struct phrase *p, struct slice form)
{
    if (p->len + form.len + 1 > sizeof p->bytes)
        return false;
    if (p->len)
        p->bytes[p->len++] = ' ';
    memcpy(p->bytes + p->len, form.ptr, form.len);
    p->len += form.len;
    return true;
}

static struct slice phrase_view(const struct phrase *p)
{
    return (struct slice){p->bytes, p->len};
}

/* The key of a whole phrase; false when it has no word of its own or too many. A phrase of stop words alone
 * ("or" is gold, and "or" is a conjunction) keeps them. */
static bool phrase_key(struct arena *a, struct stemming *s, struct slice text, struct phrase *out)
{
    struct words w = words_split(a, text);
    bool all_stop = true;
    for (int i = 0; i < w.count; i++)
        all_stop &= w.list[i].stop;
    *out = (struct phrase){.len = 0};
    int used = 0;
    for (int i = 0; i < w.count; i++)
        if (all_stop || !w.list[i].stop)
            if (++used > PHRASE_WORDS || !phrase_add(out, word_form(s, w.list[i].folded)))
                return false;
    return used > 0;
}

static uint32_t number_form(struct arena *a, struct lexicon *x, struct slice form)
{
    uint32_t number = vocabulary_add(x->forms, form);
    if (number == (uint32_t)x->form_count)
        *PUSH(a, x->pattern_first, x->form_count, x->form_capacity) = -1;
    return number;
}

/* What a meaning is told with, whether or not the phrase will be met whole. */
static void add_ways(struct arena *a, struct stemming *s, struct lexicon *x, struct slice text, int meaning)
{
    struct words w = words_split(x->scratch, text);
    for (int i = 0; i < w.count; i++)
        if (!w.list[i].stop)
            *PUSH(x->scratch, x->ways, x->way_count, x->way_capacity) =
                (struct bm25_entry){number_form(a, x, word_form(s, w.list[i].folded)), (uint32_t)meaning, 1};
}

static void add_pattern(struct arena *a, struct stemming *s, struct lexicon *x, struct slice text,
                        int meaning, bool ambiguous)
{
    struct pattern p = {.meaning = meaning, .ambiguous = ambiguous};
    struct slice part;
    while (p.count < PATTERN_WORDS && slice_cut(&text, '+', &part)) {
        struct words w = words_split(x->scratch, part);
        for (int i = 0; i < w.count && p.count < PATTERN_WORDS; i++)
            if (!w.list[i].stop)
                p.forms[p.count++] = number_form(a, x, word_form(s, w.list[i].folded));
    }
    if (p.count < 2)
        return;
    p.next = x->pattern_first[p.forms[0]];
    x->pattern_first[p.forms[0]] = x->pattern_count;
    *PUSH(a, x->patterns, x->pattern_count, x->pattern_capacity) = p;
}

static void add_phrase(struct arena *a, struct stemming *s, struct lexicon *x, struct slice text, int meaning)
{
    text = slice_trim(text);
    bool ambiguous = text.len && *text.ptr == '~';
    struct phrase key;
    add_ways(a, s, x, text, meaning);
    if (memchr(text.ptr, '+', text.len)) {
        add_pattern(a, s, x, ambiguous ? slice_from(text, 1) : text, meaning, ambiguous);
        return;
    }
    if (!phrase_key(x->scratch, s, ambiguous ? slice_from(text, 1) : text, &key))
        return;
    for (size_t i = 0; i < key.len; i++)
        if (key.bytes[i] == ' ')
            (void)vocabulary_add(x->prefixes, (struct slice){key.bytes, i});
    uint32_t number = vocabulary_add(x->phrases, phrase_view(&key));
    if (number == (uint32_t)x->first_count)
        *PUSH(a, x->first, x->first_count, x->first_capacity) = -1;
    for (int e = x->first[number]; e >= 0; e = x->entries[e].next)
        if (x->entries[e].meaning == meaning) {
            x->entries[e].ambiguous &= ambiguous;
            return;
        }
    *PUSH(a, x->entries, x->entry_count, x->entry_capacity) =
        (struct entry){.meaning = meaning, .next = x->first[number], .ambiguous = ambiguous};
    x->first[number] = x->entry_count - 1;
}

static void add_phrases(struct arena *a, struct stemming *s, struct lexicon *x, struct slice list,
                        int meaning)
{
    struct slice part;
    while (slice_cut(&list, '|', &part))
        add_phrase(a, s, x, part, meaning);
}

/* "@bar-turning <tab> barre|ravitailleur|…": what goes with a term of this taxonomy, and is no name of it;
 * "!traiteur <tab> buffet|…": with a trade that is no term. */
static void add_usage(struct arena *a, struct stemming *s, struct lexicon *x, struct slice line)
{
    bool term = *line.ptr == '@';
    struct slice name = {0};
    (void)slice_cut(&line, '\t', &name);
    name = slice_trim(slice_from(name, 1));
    if (!term)
        *PUSH(a, x->ideas, x->idea_count, x->idea_capacity) = (struct idea){.name = name, .elsewhere = true};
    int meaning = term ? taxonomy_find(x->taxonomy, name) : x->taxonomy->count + x->idea_count - 1;
    if (meaning == TERM_NONE)
        return;
    add_ways(a, s, x, line, meaning);
    if (!term)
        add_ways(a, s, x, name, meaning);
}

static struct fault *add_ideas(struct arena *a, struct stemming *s, struct lexicon *x, struct slice wordings)
{
    struct slice line;
    for (int number = 1; slice_cut(&wordings, '\n', &line); number++) {
        line = slice_trim(line);
        if (!line.len || *line.ptr == '#')
            continue;
        if (*line.ptr == '@' || *line.ptr == '!') {
            add_usage(a, s, x, line);
            TRY(arena_check(a));
            continue;
        }
        struct slice phrases = {0}, first = {0};
        (void)slice_cut(&line, '\t', &phrases);
        struct slice rest = phrases;
        (void)slice_cut(&rest, '|', &first);
        first = slice_trim(first);
        if (!first.len)
            return fault(FAULT_INVALID, "Wordings, line %d: a line starts with a phrase.", number);
        *PUSH(a, x->ideas, x->idea_count, x->idea_capacity) = (struct idea){first, line};
        add_phrases(a, s, x, phrases, x->taxonomy->count + x->idea_count - 1);
        add_ways(a, s, x, line, x->taxonomy->count + x->idea_count - 1);
        TRY(arena_check(a));
    }
    return NULL;
}

static void suggest(struct arena *a, struct lexicon *x, int from, int to, float weight)
{
    struct suggestions *g = &x->suggestions[from];
    for (int i = 0; i < g->count; i++)
        if (g->list[i].meaning == to) {
            if (g->list[i].weight < weight)
                g->list[i].weight = weight;
            return;
        }
    if (from != to)
        *PUSH(a, g->list, g->count, g->capacity) = (struct lexicon_suggestion){to, weight};
}

static void suggest_phrase(struct arena *a, struct stemming *s, struct lexicon *x, struct slice text,
                           int from)
{
    struct phrase key;
    if (!phrase_key(x->scratch, s, text, &key))
        return;
    uint32_t number = vocabulary_find(x->phrases, phrase_view(&key));
    if (number == VOCABULARY_NONE)
        return;
    for (int e = x->first[number]; e >= 0; e = x->entries[e].next)
        suggest(a, x, from, x->entries[e].meaning, weight_suggested);
}

static void link_suggestions(struct arena *a, struct stemming *s, struct lexicon *x)
{
    const struct term_tree *t = x->taxonomy;
    x->suggestions = NEW(a, struct suggestions, lexicon_meanings(x));
    for (int i = 0; i < t->count; i++) {
        float weight = weight_parent;
        for (int up = t->terms[i].parent; up != TERM_NONE; up = t->terms[up].parent, weight *= weight_parent)
            suggest(a, x, i, up, weight);
        for (int r = 0; r < t->terms[i].related_count; r++) {
            suggest(a, x, i, t->terms[i].related[r], weight_related);
            suggest(a, x, t->terms[i].related[r], i, weight_related / 2);
        }
    }
    for (int i = 0; i < x->idea_count; i++) {
        struct slice list = x->ideas[i].suggested, part;
        while (list.len && slice_cut(&list, '|', &part))
            suggest_phrase(a, s, x, part, t->count + i);
    }
}

/* What lets one think of a meaning tells it too, by as much: the words of an idea and of narrower and related
 * terms. Ways stand in the order of their meanings, each meaning's together. */
static void share_ways(struct lexicon *x)
{
    size_t own = x->way_count;
    for (size_t first = 0, end; first < own; first = end) {
        uint32_t from = x->ways[first].document;
        for (end = first; end < own && x->ways[end].document == from;)
            end++;
        for (int k = 0; k < x->suggestions[from].count; k++) {
            struct lexicon_suggestion to = x->suggestions[from].list[k];
            for (size_t i = first; i < end; i++)
                *PUSH(x->scratch, x->ways, x->way_count, x->way_capacity) =
                    (struct bm25_entry){x->ways[i].feature, (uint32_t)to.meaning, to.weight};
        }
    }
}

static struct fault *fill(struct arena *a, struct stemming *s, struct lexicon *x, struct slice wordings)
{
    const struct term_tree *t = x->taxonomy;
    for (int i = 0; i < t->count; i++) {
        const struct term_node *term = &t->terms[i];
        add_phrase(a, s, x, term->fr, i);
        add_phrase(a, s, x, term->en, i);
        add_phrases(a, s, x, term->synonyms_fr, i);
        add_phrases(a, s, x, term->synonyms_en, i);
        TRY(arena_check(a));
    }
    TRY(add_ideas(a, s, x, wordings));
    link_suggestions(a, s, x);
    share_ways(x);
    TRY(arena_check(x->scratch));
    x->concepts =
        concepts_new(a, x->ways, x->way_count, (uint32_t)x->form_count, (uint32_t)lexicon_meanings(x));
    return arena_check(a);
}

struct fault *lexicon_new(struct arena *a, const struct term_tree *t, struct slice wordings,
                          const struct lexicon **out)
{
    struct lexicon *x = NEW(a, struct lexicon, 1);
    *x = (struct lexicon){.taxonomy = t,
                          .phrases = vocabulary_new(a),
                          .prefixes = vocabulary_new(a),
                          .forms = vocabulary_new(a),
                          .first = NEW(a, int, 1),
                          .entries = NEW(a, struct entry, 1),
                          .patterns = NEW(a, struct pattern, 1),
                          .pattern_first = NEW(a, int, 1),
                          .scratch = arena_new(LIMIT_COMMAND_MEMORY)};
    struct fault *failed = fill(a, stemming_new(x->scratch), x, wordings);
    arena_free(x->scratch);
    x->scratch = NULL;
    x->ways = NULL;
    *out = x;
    return failed;
}

const struct term_tree *lexicon_taxonomy(const struct lexicon *x)
{
    return x->taxonomy;
}

bool lexicon_is_elsewhere(const struct lexicon *x, int meaning)
{
    return meaning >= x->taxonomy->count && x->ideas[meaning - x->taxonomy->count].elsewhere;
}

const struct concepts *lexicon_concepts(const struct lexicon *x)
{
    return x->concepts;
}

uint32_t lexicon_form(const struct lexicon *x, struct slice form)
{
    return vocabulary_find(x->forms, form);
}

int lexicon_meanings(const struct lexicon *x)
{
    return x->taxonomy->count + x->idea_count;
}

struct slice lexicon_idea_name(const struct lexicon *x, int meaning)
{
    return x->ideas[meaning - x->taxonomy->count].name;
}

int lexicon_suggestions(const struct lexicon *x, int meaning, const struct lexicon_suggestion **out)
{
    *out = x->suggestions[meaning].list;
    return x->suggestions[meaning].count;
}

static bool is_one_of(struct slice word, const char *const *list)
{
    for (; *list; list++)
        if (slice_equal(word, slice_of(*list)))
            return true;
    return false;
}

/* True when a word of `list` stands within `reach` words of `from` in direction `step`, with nothing but
 * stop words and words of `between` on the way. */
static bool negation_near(const struct words *w, int from, int step, int reach, const char *const *list)
{
    for (int i = from, seen = 0; i >= 0 && i < w->count && seen < reach; i += step, seen++) {
        if (is_one_of(w->list[i].folded, list))
            return true;
        if (!w->list[i].stop)
            return false;
    }
    return false;
}

/* A clause ends at . ; : ! ? or a comma: negation does not cross it. */
static bool same_clause(const struct words *w, int left, int right)
{
    const char *from = w->list[left].folded.ptr + w->list[left].folded.len, *to = w->list[right].folded.ptr;
    for (const char *p = from; p < to; p++)
        if (strchr(".;:!?,()", *p))
            return false;
    return true;
}

static bool is_without(const struct words *w, int first)
{
    static const char *const without[] = {"sans", "without", NULL};
    return first > 0 && same_clause(w, first - 1, first) && negation_near(w, first - 1, -1, 3, without);
}

static bool is_negated(const struct words *w, int first, int last)
{
    static const char *const before[] = {"sans",   "pas",    "hors",   "without", "no",  "not", "aucun",
                                         "aucune", "jamais", "except", "sauf",    "non", "ni",  NULL};
    static const char *const after[] = {"non", "not", "pas", NULL};
    static const char *const dropped[] = {
        "exige",         "exigee",    "requis",  "requise",   "required",    "necessaire",
        "needed",        "necessary", "demande", "demandee",  "obligatoire", "mandatory",
        "indispensable", "imposee",   "impose",  "utile",     "offered",     "available",
        "proposee",      "proposees", "done",    "effectuee", "disponible",  NULL};
    if (first > 0 && same_clause(w, first - 1, first) && negation_near(w, first - 1, -1, 3, before))
        return true;
    if (last + 2 < w->count && same_clause(w, last, last + 2))
        for (int i = last + 1; i <= last + 2 && i + 1 < w->count; i++)
            if (is_one_of(w->list[i].folded, after) && is_one_of(w->list[i + 1].folded, dropped))
                return true;
    /* "nous n'injectons pas": the phrase between the two halves of a French negation */
    static const char *const first_half[] = {"n", "ne", NULL}, *const second_half[] = {"pas", "plus",
                                                                                       "jamais", NULL};
    return first > 0 && last + 1 < w->count && is_one_of(w->list[first - 1].folded, first_half) &&
           is_one_of(w->list[last + 1].folded, second_half);
}

struct scan {
    const struct lexicon *lexicon;
    struct arena *arena;
    const struct words *words;
    struct slice *forms; /* of each word */
    struct lexicon_hit *hits;
    int count, capacity;
};

static void add_hits(struct scan *s, uint32_t phrase, int first, int last, bool inner)
{
    bool negated = is_negated(s->words, first, last);
    bool refused = negated && !is_without(s->words, first);
    for (int e = s->lexicon->first[phrase]; e >= 0; e = s->lexicon->entries[e].next)
        *PUSH(s->arena, s->hits, s->count, s->capacity) =
            (struct lexicon_hit){.meaning = s->lexicon->entries[e].meaning,
                                 .first = first,
                                 .last = last,
                                 .ambiguous = s->lexicon->entries[e].ambiguous,
                                 .inner = inner,
                                 .negated = negated,
                                 .refused = refused};
}

static bool only_digits(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return true;
}

/* Finds the phrases that start at a word, longest first; *covered is the last word of the longest so far.
 * `numbers`: figures inside are part of the phrase ("grade 5"), else they are passed over ("une étude sur 40
 * malades"). Returns whether there was one. */
static bool scan_at(struct scan *s, int start, bool numbers, int *covered)
{
    uint32_t found[PHRASE_WORDS];
    int ends[PHRASE_WORDS], n = 0, used = 0;
    bool passed = false;
    struct phrase key = {.len = 0};
    for (int i = start; i < s->words->count && used < PHRASE_WORDS; i++) {
        if (s->words->list[i].stop && i > start)
            continue;
        if (i > start && only_digits(s->words->list[i].folded)) {
            passed = true;
            if (!numbers)
                continue;
        }
        if (!phrase_add(&key, s->forms[i]))
            break;
        used++;
        uint32_t number = vocabulary_find(s->lexicon->phrases, phrase_view(&key));
        if (number != VOCABULARY_NONE && (numbers || passed)) {
            found[n] = number;
            ends[n++] = i;
        }
        if (vocabulary_find(s->lexicon->prefixes, phrase_view(&key)) == VOCABULARY_NONE)
            break;
    }
    for (int k = n - 1; k >= 0; k--) {
        bool inner = ends[k] <= *covered;
        add_hits(s, found[k], start, ends[k], inner);
        if (!inner)
            *covered = ends[k];
    }
    return passed;
}

/* The word nearest to `at` that has a form, within reach; -1: none. */
static int near_form(const uint32_t *forms, int count, int at, uint32_t form)
{
    for (int d = 1; d <= PATTERN_REACH; d++) {
        if (at + d < count && forms[at + d] == form)
            return at + d;
        if (at - d >= 0 && forms[at - d] == form)
            return at - d;
    }
    return -1;
}

static void scan_patterns(struct scan *s, const uint32_t *forms, int at)
{
    const struct lexicon *x = s->lexicon;
    if (forms[at] == VOCABULARY_NONE)
        return;
    for (int p = x->pattern_first[forms[at]]; p >= 0; p = x->patterns[p].next) {
        int k = 1;
        while (k < x->patterns[p].count &&
               near_form(forms, s->words->count, at, x->patterns[p].forms[k]) >= 0)
            k++;
        if (k == x->patterns[p].count)
            *PUSH(s->arena, s->hits, s->count, s->capacity) =
                (struct lexicon_hit){.meaning = x->patterns[p].meaning,
                                     .first = at,
                                     .last = at,
                                     .pattern = true,
                                     .ambiguous = x->patterns[p].ambiguous};
    }
}

int lexicon_scan(const struct lexicon *x, struct arena *a, struct stemming *stemming, const struct words *w,
                 const struct lexicon_hit **out)
{
    struct scan s = {.lexicon = x, .arena = a, .words = w, .forms = NEW(a, struct slice, w->count)};
    for (int i = 0; i < w->count; i++) {
        struct slice form = word_form(stemming, w->list[i].folded);
        s.forms[i] = (struct slice){arena_text(a, form.ptr, form.len), form.len};
    }
    uint32_t *forms = NEW(a, uint32_t, w->count + 1);
    for (int i = 0; i < w->count; i++)
        forms[i] = vocabulary_find(x->forms, s.forms[i]);
    int covered = -1;
    for (int i = 0; i < w->count; i++)
        if (scan_at(&s, i, true, &covered))
            (void)scan_at(&s, i, false, &covered);
    for (int i = 0; i < w->count; i++)
        scan_patterns(&s, forms, i);
    *out = s.hits;
    return s.count;
}

int lexicon_name(const struct lexicon *x, struct arena *a, struct stemming *stemming, enum facet facet,
                 struct slice name, const int **out)
{
    int *terms = NULL, count = 0, capacity = 0, exact = taxonomy_find(x->taxonomy, name);
    if (exact != TERM_NONE && x->taxonomy->terms[exact].facet == facet) {
        *PUSH(a, terms, count, capacity) = exact;
        *out = terms;
        return count;
    }
    struct words w = words_split(a, name);
    const struct lexicon_hit *hits;
    int n = lexicon_scan(x, a, stemming, &w, &hits);
    for (int i = 0; i < n; i++)
        if (hits[i].meaning < x->taxonomy->count && x->taxonomy->terms[hits[i].meaning].facet == facet &&
            !hits[i].inner && !hits[i].negated)
            *PUSH(a, terms, count, capacity) = hits[i].meaning;
    *out = terms;
    return count;
}
