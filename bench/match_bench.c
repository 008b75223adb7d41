/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* match_bench.c - one full need against many firms, beside BM25 alone on the same texts, in the same run.
 *
 * usage: match_bench [FIRMS]
 * Firms have six capabilities each, made of taxonomy terms and ordinary words from a fixed seed. Building the
 * index is timed apart; then the need of the README is read, scored over all firms, and its first 20
 * explained. CPU time of the process, median of the rounds, at 1/10, 3/10 and all of FIRMS: growth must be
 * linear. */
#include <stdio.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "matching/explain.h"
#include "matching/matching.h"
#include "random/random.h"
#include "taxonomy/builtin.h"

enum { FIRMS = 100000, CAPABILITIES = 6, ROUNDS = 21, TOP = 20 };

static const char need_text[] =
    "alésage 0,8 mm ± 2 µm en titane grade 5, 5 000 pièces par mois, ISO 13485, avant mars, "
    "à moins de 60 km";

static void must(const struct fault *f)
{
    if (f) {
        (void)fprintf(stderr, "match_bench: %s\n", f->text);
        exit(1);
    }
}

static const struct lexicon *load(struct arena *a)
{
    struct term_source *source;
    const struct term_tree *tree;
    const struct lexicon *lexicon;
    int count;
    must(taxonomy_parse(a, taxonomy_builtin(), &source, &count));
    must(taxonomy_build(a, source, count, &tree));
    must(lexicon_new(a, tree, wordings_builtin(), &lexicon));
    return lexicon;
}

static struct slice random_label(const struct term_tree *t, struct random *r, enum facet facet)
{
    for (;;) {
        const struct term_node *term = &t->terms[random_below(r, (uint64_t)t->count)];
        if (term->facet == facet)
            return random_below(r, 4) ? term->fr : term->en;
    }
}

static struct slice random_text(struct arena *a, const struct term_tree *t, struct random *r)
{
    static const char *const words[] = {"atelier familial",
                                        "petites et moyennes séries",
                                        "contrôle unitaire",
                                        "parc machines récent",
                                        "traçabilité complète",
                                        "réponse sous 48 heures",
                                        "équipe de vingt personnes",
                                        "clients suisses",
                                        "haute précision"};
    struct slice p = random_label(t, r, FACET_PROCESS), m = random_label(t, r, FACET_MATERIAL),
                 c = random_label(t, r, FACET_COMPONENT);
    return slice_of(arena_print(a, "%.*s, %.*s. %.*s : %s, %s", SLICE_ARGS(p), SLICE_ARGS(m), SLICE_ARGS(c),
                                words[random_below(r, COUNT(words))], words[random_below(r, COUNT(words))]));
}

static void fill(struct arena *a, const struct term_tree *t, struct match_firm *firms,
                 struct match_capability *all, int n)
{
    struct random r = random_seeded(7, 0);
    int *held = NEW(a, int, 2);
    held[0] = taxonomy_find(t, S("iso-9001"));
    held[1] = taxonomy_find(t, S("iso-13485"));
    for (int i = 0; i < n; i++) {
        firms[i] = (struct match_firm){.id = slice_of(arena_print(a, "F%06d", i)),
                                       .held = held,
                                       .held_count = (int)random_below(&r, 3),
                                       .certificates_complete = random_below(&r, 2),
                                       .point = {46 + 2 * random_unit(&r), 5 + 3 * random_unit(&r)}};
        for (int k = 0; k < CAPABILITIES; k++) {
            struct match_capability *c = &all[i * CAPABILITIES + k];
            *c = match_capability_empty(i);
            c->text = random_text(a, t, &r);
            c->size_min = 100000;
            c->size_max = (int64_t)(1 + random_below(&r, 200)) * 1000000;
            c->tolerance = (int64_t)(1 + random_below(&r, 30)) * 1000;
            c->volume_max = (int64_t)random_below(&r, 50000);
        }
    }
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t run_once(const struct lexicon *lexicon, const struct matcher *m, bool bm25_only, int *found)
{
    ARENA_SCOPE(a);
    int64_t start = cpu_us();
    struct match_need n = match_need_empty();
    struct reading *reading;
    struct match_answer answer;
    struct match_options options = {.most = TOP, .bm25_only = bm25_only};
    n.text = slice_of(need_text);
    n.point = (struct geo_point){47.06, 6.6};
    must(match_read_need(a, lexicon, stemming_new(a), day_of(2026, 11, 22), NULL, &n, &reading));
    must(match_run(m, a, &n, day_of(2026, 11, 22), &options, &answer));
    for (int i = 0; i < answer.count && !bm25_only; i++) {
        struct match_explained words;
        match_explain(m, a, &n, &answer.list[i], i, LANGUAGE_FR, &words);
    }
    *found = answer.count;
    return cpu_us() - start;
}

static int64_t median(const struct lexicon *lexicon, const struct matcher *m, bool bm25_only, int *found)
{
    int64_t times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++)
        times[i] = run_once(lexicon, m, bm25_only, found);
    qsort(times, ROUNDS, sizeof *times, by_value);
    return times[ROUNDS / 2];
}

static void measure(const struct lexicon *lexicon, int n)
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct match_firm *firms = NEW(a, struct match_firm, n);
    struct match_capability *all = NEW(a, struct match_capability, (size_t)n * CAPABILITIES);
    const struct matcher *m;
    int found, plain;
    fill(a, lexicon_taxonomy(lexicon), firms, all, n);
    int64_t start = cpu_us();
    must(matcher_new(a, lexicon, NULL, firms, n, all, n * CAPABILITIES, &m));
    double build = (double)(cpu_us() - start) / 1e6;
    double ours = (double)median(lexicon, m, false, &found) / 1e3,
           bm25 = (double)median(lexicon, m, true, &plain) / 1e3;
    (void)printf("%8d %12.2f %10.2f %12.3f %10.2f %8d\n", n, build, ours, ours * 1e4 / n, bm25, found);
    arena_free(a);
}

int main(int argc, char **argv)
{
    int firms = argc > 1 ? atoi(argv[1]) : FIRMS;
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    const struct lexicon *lexicon = load(a);
    (void)printf("%8s %12s %10s %12s %10s %8s\n", "firms", "index, s", "need, ms", "ms per 10k", "BM25, ms",
                 "found");
    for (int share = 1; share <= 10; share = share == 1 ? 3 : share == 3 ? 10 : 11)
        measure(lexicon, (int)((int64_t)firms * share / 10));
    arena_free(a);
    return 0;
}
