/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Groups into partners, walks and circles against values worked out by hand, places into merits, and what a
 * ranking promises: parts that add up, a reason for each, the same bytes for any number of threads. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "random/random.h"
#include "synergy/circles.h"
#include "synergy/places.h"
#include "synergy/spectral.h"
#include "synergy/tell.h"
#include "synergy/walks.h"

static const int six[][2] = {{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 4}, {3, 5}, {4, 5}};

/* The graph of six members and seven ties, each tie a group of two. */
static const struct hypergraph *small_graph(struct arena *a)
{
    const struct hypergraph *h;
    struct membership m[2 * COUNT(six)];
    for (int g = 0; g < (int)COUNT(six); g++)
        for (int k = 0; k < 2; k++)
            m[2 * g + k] = (struct membership){g, six[g][k], NAN, NAN};
    assert_ok(hypergraph_new(a, 6, COUNT(six), m, COUNT(m), 0, &h));
    return h;
}

static void groups_become_partners(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct hypergraph *h;
    const struct membership m[] = {{0, 0, 2, 100}, {0, 1, NAN, 90}, {0, 1, 4, 95},  {1, 1, 2, 400},
                                   {1, 0, 2, NAN}, {2, 2, 2, 0},    {3, 1, 2, NAN}, {3, 3, 2, NAN}};
    assert_ok(hypergraph_new(a, 4, 4, m, COUNT(m), 0, &h));
    assert_int_equal(partners_count(h, 0), 1);
    assert_int_equal(h->together[h->partners_of[0]], 2);
    assert_int_equal(partners_count(h, 1), 2);
    assert_int_equal(partners_count(h, 2), 0); /* alone in its group */
    assert_near(h->part[0], 1, 0);
    assert_near(h->part[1], log2(3), 1e-12); /* the greater of two weights, twice the median */
    assert_near(h->age[1], 0, 0);
    assert_near(h->age[0], (400 - 90) / 30.4375, 1e-12); /* the earliest of its days */
    assert_int_equal(h->dated, 3);
    assert_near(h->age[3], (310 + 0 + 400) / 30.4375 / 3, 1e-9);
}

static void a_group_too_large_is_left_out(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct membership m[61];
    const struct hypergraph *h;
    for (int v = 0; v < 61; v++)
        m[v] = (struct membership){0, v, NAN, NAN};
    assert_ok(hypergraph_new(a, 61, 1, m, 60, 0, &h));
    assert_int_equal(partners_count(h, 0), 59);
    assert_ok(hypergraph_new(a, 61, 1, m, 61, 0, &h));
    assert_int_equal(partners_count(h, 0), 0);
    assert_int_equal(h->left_out, 1);
}

static void what_is_no_tie_is_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct hypergraph *h;
    const struct membership bad[] = {{1, 0, 1, 0}, {-1, 0, 1, 0}, {0, 2, 1, 0},        {0, -1, 1, 0},
                                     {0, 0, 0, 0}, {0, 0, -1, 0}, {0, 0, INFINITY, 0}, {0, 0, 1, -INFINITY}};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_fault(hypergraph_new(a, 2, 1, &bad[i], 1, 0, &h), FAULT_INVALID);
    assert_fault(hypergraph_new(a, LIMIT_SYNERGY_MEMBERS + 1, 1, bad, 0, 0, &h), FAULT_LIMIT);
    assert_ok(hypergraph_new(a, 0, 0, NULL, 0, 0, &h));
}

/* c is ln 2 for every tie, so that a path is worth (ln 2)^2 times the L3 of the reference table. */
static void paths_are_those_of_the_reference(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct hypergraph *h = small_graph(a);
    struct walks *w;
    assert_ok(walks_new(a, h, (struct group_law){0, 0}, &w));
    struct walk_room room = walk_room_new(a, h);
    static const struct {
        int from, to;
        double l3, shared;
    } cases[] = {{0, 3, .4082482905, 1}, {0, 4, .3333333333, 0}, {2, 4, .4082482905, 1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        double paths, flow;
        int named[2];
        struct step_pair best;
        struct start s = start_new(a, w, cases[i].from, NULL, 0);
        walk_begin(w, &room, s);
        walk(w, &room, s, &cases[i].to, 1, &(struct walked){&paths, &flow});
        assert_near(paths, log(2) * log(2) * cases[i].l3, 1e-10);
        assert_int_equal(walk_shared(w, &room, cases[i].to, named, 2), (int)cases[i].shared);
        assert_int_equal(walk_best(w, &room, cases[i].to, &best), 1);
        assert_true(flow > 0);
        walk_end(w, &room, s);
    }
    for (int v = 0; v < 6; v++)
        assert_true(room.reached[v].ways == 0 && room.flow[v] == 0 && !room.started[v]);
}

/* 0 - 4 by three steps: 0-2-3-4 alone; W D^-1 W D^-1 W of it is 1 / (3 · 3). */
static void the_flow_is_a_product_of_matrices(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct hypergraph *h = small_graph(a);
    struct walks *w;
    double paths, flow;
    const int to = 4;
    struct step_pair best;
    assert_ok(walks_new(a, h, (struct group_law){.5, 0}, &w));
    struct walk_room room = walk_room_new(a, h);
    struct start s = start_new(a, w, 0, NULL, 0);
    walk_begin(w, &room, s);
    walk(w, &room, s, &to, 1, &(struct walked){&paths, &flow});
    assert_near(flow, 1. / 9, 1e-12);
    assert_int_equal(walk_best(w, &room, to, &best), 1);
    assert_int_equal(best.first, 2);
    assert_int_equal(best.second, 3);
    walk_end(w, &room, s);
}

/* As many dimensions as members: M U U' M is the square of M. */
static void circles_are_the_square_of_the_matrix(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct hypergraph *h = small_graph(a);
    const struct spectral_options o = {
        .dimensions = 6, .regulariser = 2, .law = {1, 0}, .rounds = 3, .seed = 5};
    static const double degree[] = {2, 2, 3, 3, 2, 2};
    double m[6][6] = {{0}}, *c;
    for (size_t i = 0; i < COUNT(six); i++)
        m[six[i][0]][six[i][1]] = m[six[i][1]][six[i][0]] =
            1 / sqrt((degree[six[i][0]] + 2) * (degree[six[i][1]] + 2));
    assert_ok(spectral_coordinates(a, h, &o, &c));
    for (int x = 0; x < 6; x++)
        for (int y = 0; y < 6; y++) {
            double square = 0, product = 0;
            for (int k = 0; k < 6; k++) {
                square += m[x][k] * m[k][y];
                product += c[x * 6 + k] * c[y * 6 + k];
            }
            assert_near(product, square, 1e-9);
        }
}

static void more_dimensions_than_members_change_nothing(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct hypergraph *h = small_graph(a);
    const struct spectral_options o = {
        .dimensions = 20, .regulariser = 2, .law = {1, 0}, .rounds = 25, .seed = 5};
    double *c, itself = 0;
    assert_ok(spectral_coordinates(a, h, &o, &c));
    for (int k = 0; k < 20; k++)
        itself += c[k] * c[k];
    assert_near(itself, 1. / 16 + 1. / 20, 1e-6); /* (M M)_00: ties with 1 and 2 */
}

enum { SEVEN = 7, OLD = 6 };

/* M of the broad view, and of it the cosines of places: (M M)_xy / sqrt((M M)_xx (M M)_yy). */
static void cosines(const double *w, double cosine[SEVEN][SEVEN])
{
    double m[SEVEN][SEVEN] = {{0}}, reach[SEVEN] = {0}, square[SEVEN][SEVEN] = {{0}};
    for (size_t g = 0; g < COUNT(six); g++)
        for (int k = 0; k < 2; k++)
            reach[six[g][k]] += w[g];
    for (size_t g = 0; g < COUNT(six); g++)
        m[six[g][0]][six[g][1]] = m[six[g][1]][six[g][0]] =
            w[g] / sqrt((reach[six[g][0]] + 8) * (reach[six[g][1]] + 8));
    for (int x = 0; x < SEVEN; x++)
        for (int y = 0; y < SEVEN; y++)
            for (int k = 0; k < SEVEN; k++)
                square[x][y] += m[x][k] * m[k][y];
    for (int x = 0; x < SEVEN; x++)
        for (int y = 0; y < SEVEN; y++)
            cosine[x][y] = square[x][y] > 0 ? square[x][y] / sqrt(square[x][x] * square[y][y]) : 0;
}

/* The graph of six again, its last tie 20 months old, and a seventh member who knows the first alone. There
 * are more dimensions than members, so that the views are the matrices themselves. */
static void surroundings_are_those_of_the_matrix(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct hypergraph *h;
    struct walks *w;
    const struct circles *c;
    struct membership m[2 * COUNT(six)];
    static const double degree[] = {2, 2, 3, 3, 2, 2};
    static const int all[SEVEN] = {0, 1, 2, 3, 4, 5, 6}, first = 0;
    double weight[COUNT(six)], cosine[SEVEN][SEVEN];
    for (int g = 0; g < (int)COUNT(six); g++) {
        weight[g] = g == OLD ? exp(-.02 * 20) : 1;
        for (int k = 0; k < 2; k++)
            m[2 * g + k] = (struct membership){g, six[g][k], NAN, g == OLD ? 0 : 20 * 30.4375};
    }
    cosines(weight, cosine);
    assert_ok(hypergraph_new(a, SEVEN, COUNT(six), m, COUNT(m), 0, &h));
    assert_ok(walks_new(a, h, (struct group_law){0, 0}, &w));
    assert_ok(circles_new(a, w, &c));
    struct circles_room room = circles_room_new(a, h);
    for (int u = 0; u < SEVEN; u++) {
        bool newcomer = u == SEVEN - 1;
        const double *near = cosine[newcomer ? first : u];
        double product[SEVEN], direction[SEVEN], partners[SEVEN], groups[SEVEN];
        double by_partners[SEVEN] = {0}, by_groups[SEVEN] = {0};
        circles_measure(c, &room, start_new(a, w, u, &first, newcomer), all, SEVEN,
                        &(struct stood){product, direction, partners, groups});
        for (int g = 0; g < (int)COUNT(six); g++) {
            int x = six[g][0], y = six[g][1];
            double there = (near[x] + near[y]) / sqrt(2 + 2 * cosine[x][y]);
            by_partners[x] += sqrt(log(2) / degree[y]) * near[y];
            by_partners[y] += sqrt(log(2) / degree[x]) * near[x];
            by_groups[x] += (g == OLD ? exp(-.03 * 20) : 1) * there * there;
            by_groups[y] += (g == OLD ? exp(-.03 * 20) : 1) * there * there;
        }
        for (int x = 0; x < SEVEN; x++) {
            assert_near(partners[x], by_partners[x], 1e-6);
            assert_near(groups[x], by_groups[x], 1e-6);
        }
    }
}

static void places_become_merits(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const double value[] = {0, 3e-9, 7, 3e-9, -2, NAN, 1e30};
    const double place[] = {0, 3.5, 2, 3.5, 0, 0, 1};
    double merit[COUNT(value)];
    struct place_room room = place_room_new(a, COUNT(value));
    places_merit(&room, value, COUNT(value), merit);
    for (size_t i = 0; i < COUNT(value); i++)
        assert_near(merit[i], place[i] > 0 ? log(8 / place[i]) : 0, 1e-12);
}

/* Thing 0: had by 0 and 1, asked for by 2 and 3; thing 1: had by 2, asked for by 0; thing 2: had, asked for
 * by nobody. So 0 and 2 are 1 / sqrt(2 · 2) + 1 / sqrt(1 · 1), and 0 and 3 the first alone. */
static void complements_weigh_what_is_rare(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct complements *c;
    const enum complement chain = COMPLEMENT_CHAIN;
    const struct holding of[] = {{chain, SIDE_HAS, 0, 0},  {chain, SIDE_HAS, 1, 0},  {chain, SIDE_ASKS, 3, 0},
                                 {chain, SIDE_ASKS, 2, 0}, {chain, SIDE_ASKS, 0, 1}, {chain, SIDE_HAS, 2, 1},
                                 {chain, SIDE_HAS, 2, 1},  {chain, SIDE_HAS, 1, 2}};
    static const double expected[4][4] = {{0, 0, 1.5, .5}, {0, 0, .5, .5}, {1.5, .5, 0, 0}, {.5, .5, 0, 0}};
    double scores[5];
    int things[4];
    assert_ok(complements_new(a, 5, 3, of, COUNT(of), &c));
    for (int v = 0; v < 4; v++) {
        assert_true(complements_score(c, chain, v, scores));
        for (int x = 0; x < 4; x++)
            assert_near(scores[x], expected[v][x], 1e-12);
    }
    assert_false(complements_score(c, chain, 4, scores));
    assert_false(complements_score(c, COMPLEMENT_POOLING, 0, scores));
    assert_int_equal(complements_between(c, chain, SIDE_HAS, 0, 2, things, 4), 1);
    assert_int_equal(things[0], 1);
    assert_int_equal(complements_between(c, chain, SIDE_ASKS, 0, 2, things, 4), 1);
    assert_int_equal(things[0], 0);
    assert_int_equal(complements_between(c, chain, SIDE_HAS, 0, 3, things, 4), 0);
    const struct holding bad[] = {{chain, SIDE_HAS, 5, 0}, {chain, SIDE_HAS, 0, 3}, {chain, SIDE_HAS, -1, 0}};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_fault(complements_new(a, 5, 3, &bad[i], 1, &c), FAULT_INVALID);
}

/* --- rankings ------------------------------------------------------------------------------------------ */

enum { MEMBERS = 120, GROUPS = 90 };

struct scene {
    const struct hypergraph *h;
    const struct synergy_model *model;
    struct attributes attributes;
    struct synergy_query queries[MEMBERS];
    int all[MEMBERS];
    struct slice names[MEMBERS];
};

/* Random groups of the first 100; the last 20 have no tie, and every member says something of itself. */
static struct scene *scene_new(struct arena *a, const int *contact, size_t contacts)
{
    static const struct slice texts[] = {
        {"brass turning", 13}, {"polishing of cases", 18}, {"", 0}, {"turning titanium", 16}};
    struct scene *s = NEW(a, struct scene, 1);
    struct random random = random_seeded(7, 1);
    struct membership m[GROUPS * 5];
    struct slice *text = NEW(a, struct slice, MEMBERS);
    int *country = NEW(a, int, MEMBERS);
    for (int i = 0; i < (int)COUNT(m); i++)
        m[i] = (struct membership){i / 5, (int)random_below(&random, 100), NAN,
                                   (double)random_below(&random, 900)};
    for (int v = 0; v < MEMBERS; v++) {
        s->all[v] = v;
        s->queries[v] = (struct synergy_query){v, contact, contacts};
        s->names[v] = slice_of(arena_print(a, "m%03d", v));
        text[v] = texts[v % 4];
        country[v] = v % 3 - 1;
    }
    s->attributes = (struct attributes){.members = MEMBERS, .country = country, .text = text};
    assert_ok(hypergraph_new(a, MEMBERS, GROUPS, m, COUNT(m), 0, &s->h));
    assert_ok(synergy_model_new(a, s->h, &s->attributes, &s->model));
    return s;
}

static struct synergies ranked(struct arena *a, struct scene *s, bool exclude, int top, int threads)
{
    struct synergies found;
    struct synergy_request q = {.queries = s->queries,
                                .query_count = MEMBERS,
                                .candidates = s->all,
                                .candidate_count = MEMBERS,
                                .exclude_known = exclude,
                                .top = top,
                                .threads = threads};
    assert_ok(synergy_rank(a, s->model, &q, &found));
    assert_int_equal(found.reached, MEMBERS);
    return found;
}

static void parts_add_up_and_each_pair_has_a_reason(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct scene *s = scene_new(a, NULL, 0);
    struct synergies found = ranked(a, s, false, MEMBERS, 1);
    size_t known = 0;
    for (int q = 0; q < MEMBERS; q++) {
        assert_true(found.count[q] > 0);
        for (int k = 0; k < found.count[q]; k++) {
            const struct synergy *y = &found.of[q][k];
            double sum = 0;
            for (int m = 0; m < MEASURES; m++) {
                assert_true(y->part[m] >= 0);
                sum += (double)y->part[m];
            }
            assert_near(sum, y->score, 1e-6);
            assert_true(y->score > 0 && y->score <= 1 + 1e-9 && y->candidate != q);
            assert_true(k == 0 || found.of[q][k - 1].score >= y->score);
            assert_true(y->known == (y->together > 0));
            known += y->known;
        }
    }
    assert_true(known > 100);
}

static void known_ones_are_left_out_when_asked(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const int contact[] = {5};
    struct scene *s = scene_new(a, NULL, 0);
    struct synergies with = ranked(a, s, false, MEMBERS, 1), without = ranked(a, s, true, MEMBERS, 1);
    for (int q = 0; q < MEMBERS; q++) {
        assert_true(with.count[q] >= without.count[q]);
        for (int k = 0; k < without.count[q]; k++)
            assert_false(without.of[q][k].known);
    }
    struct synergy_request one = {.queries = &(struct synergy_query){110, contact, 1},
                                  .query_count = 1,
                                  .candidates = s->all,
                                  .candidate_count = MEMBERS,
                                  .exclude_known = true,
                                  .top = 10};
    assert_ok(synergy_rank(a, s->model, &one, &with));
    assert_true(with.of[0][0].part[MEASURE_PATHS] > 0); /* a newcomer, by whom its contact knows */
    for (int k = 0; k < with.count[0]; k++)
        assert_int_not_equal(with.of[0][k].candidate, 5);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct scene *s = scene_new(a, NULL, 0);
    struct synergies one = ranked(a, s, true, 7, 1), many = ranked(a, s, true, 7, 5);
    for (int q = 0; q < MEMBERS; q++) {
        assert_int_equal(one.count[q], many.count[q]);
        for (int k = 0; k < one.count[q]; k++) {
            assert_int_equal(one.of[q][k].candidate, many.of[q][k].candidate);
            assert_true(one.of[q][k].score == many.of[q][k].score);
        }
    }
}

static void newcomers_are_ranked_by_what_they_say(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct scene *s = scene_new(a, NULL, 0);
    struct synergies found = ranked(a, s, true, 5, 1);
    const int newcomer = 100; /* brass turning, no tie */
    assert_int_equal(partners_count(s->h, newcomer), 0);
    assert_true(found.of[newcomer][0].part[MEASURE_TEXT] > 0);
    struct slice words[2];
    assert_int_equal(synergy_words(s->model, 100, 103, words, 2), 1);
    assert_memory_equal(words[0].ptr, "turning", 7);
}

/* 0 - 1 - 2, and 1 - 3 twice, who has three others. By M M of the circles 3 stands nearer to 0, m_13 being
 * 2 / sqrt(r + 5) of what m_12 = 1 / sqrt(r + 1) is; by its direction 2, who has no other. */
static void a_direction_counts_whatever_the_length(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const int ties[][2] = {{0, 1}, {1, 2}, {1, 3}, {1, 3}, {3, 4}, {3, 5}, {3, 6}};
    struct membership m[2 * COUNT(ties)];
    const struct hypergraph *h;
    const struct synergy_model *model;
    struct synergies found;
    for (int g = 0; g < (int)COUNT(ties); g++)
        for (int k = 0; k < 2; k++)
            m[2 * g + k] = (struct membership){g, ties[g][k], NAN, NAN};
    assert_ok(hypergraph_new(a, 7, COUNT(ties), m, COUNT(m), 0, &h));
    assert_ok(synergy_model_new(a, h, NULL, &model));
    struct synergy_request q = {.queries = &(struct synergy_query){0, NULL, 0},
                                .query_count = 1,
                                .candidates = (const int[]){2, 3},
                                .candidate_count = 2,
                                .top = 2};
    assert_ok(synergy_rank(a, model, &q, &found));
    assert_int_equal(found.count[0], 2);
    const struct synergy *first = found.of[0], *two = first + (first->candidate != 2),
                         *three = first + (first->candidate == 2);
    static const enum measure circles[] = {MEASURE_CIRCLES, MEASURE_PARTNERS};
    for (size_t i = 0; i < COUNT(circles); i++)
        assert_near(three->part[circles[i]] / two->part[circles[i]], log(3) / log(1.5), 1e-5);
    assert_near(two->part[MEASURE_DIRECTION] / three->part[MEASURE_DIRECTION], log(3) / log(1.5), 1e-5);
    struct slice names[7];
    struct reason reasons[REASONS];
    for (int v = 0; v < 7; v++)
        names[v] = slice_of(arena_print(a, "m%d", v));
    assert_int_equal(
        synergy_tell(a, &(struct telling){model, names, NULL, NULL, NULL}, q.queries, two, reasons),
        2); /* all of the network's parts are one reason */
    assert_int_equal(reasons[0].kind, REASON_NETWORK);
    assert_int_equal(reasons[1].kind, REASON_ACTIVITY);
    assert_near(reasons[0].part + reasons[1].part, two->score, 1e-6);
}

static bool stop_at_once(void *with, size_t done, size_t of)
{
    (void)with;
    (void)done;
    (void)of;
    return false;
}

static void what_cannot_be_asked_is_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct scene *s = scene_new(a, NULL, 0);
    struct synergies found;
    const int nobody = MEMBERS, self = 3;
    const struct synergy_query queries[] = {
        {MEMBERS, NULL, 0}, {-1, NULL, 0}, {3, &nobody, 1}, {3, &self, 1}};
    struct synergy_request q = {.query_count = 1, .candidates = s->all, .candidate_count = 5, .top = 1};
    for (size_t i = 0; i < COUNT(queries); i++) {
        q.queries = &queries[i];
        assert_fault(synergy_rank(a, s->model, &q, &found), FAULT_INVALID);
    }
    q.queries = s->queries;
    q.top = 0;
    assert_fault(synergy_rank(a, s->model, &q, &found), FAULT_INVALID);
    q.top = 1;
    q.candidates = &nobody;
    q.candidate_count = 1;
    assert_fault(synergy_rank(a, s->model, &q, &found), FAULT_INVALID);
    q.candidates = s->all;
    q.query_count = MEMBERS;
    q.threads = 1;
    q.go_on = stop_at_once;
    assert_ok(synergy_rank(a, s->model, &q, &found));
    assert_int_equal(found.reached, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_become_partners),
        cmocka_unit_test(a_group_too_large_is_left_out),
        cmocka_unit_test(what_is_no_tie_is_refused),
        cmocka_unit_test(paths_are_those_of_the_reference),
        cmocka_unit_test(the_flow_is_a_product_of_matrices),
        cmocka_unit_test(circles_are_the_square_of_the_matrix),
        cmocka_unit_test(more_dimensions_than_members_change_nothing),
        cmocka_unit_test(surroundings_are_those_of_the_matrix),
        cmocka_unit_test(places_become_merits),
        cmocka_unit_test(complements_weigh_what_is_rare),
        cmocka_unit_test(parts_add_up_and_each_pair_has_a_reason),
        cmocka_unit_test(known_ones_are_left_out_when_asked),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(newcomers_are_ranked_by_what_they_say),
        cmocka_unit_test(a_direction_counts_whatever_the_length),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
