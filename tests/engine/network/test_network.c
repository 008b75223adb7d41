/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Communities, joints and labels against published values: Zachary's karate club (Newman and Girvan 2004,
 * Brandes et al. 2008: the best modularity is .4197896), a ring of cliques, planted groups. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/network/lfr.h"
#include "network/network.h"
#include "random/random.h"

static void near(double is, double should, double within)
{
    if (!(fabs(is - should) <= within))
        fail_msg("%.12g should be %.12g", is, should);
}

/* Who is tied to whom above, one line a node; 34 nodes, 78 ties. */
static const char *const karate[] = {"1 2 3 4 5 6 7 8 10 11 12 13 17 19 21 31",
                                     "2 3 7 13 17 19 21 30",
                                     "3 7 8 9 13 27 28 32",
                                     "7 12 13",
                                     "6 10",
                                     "6 10 16",
                                     "16",
                                     "",
                                     "30 32 33",
                                     "33",
                                     "",
                                     "",
                                     "",
                                     "33",
                                     "32 33",
                                     "32 33",
                                     "",
                                     "",
                                     "32 33",
                                     "33",
                                     "32 33",
                                     "",
                                     "32 33",
                                     "25 27 29 32 33",
                                     "25 27 31",
                                     "31",
                                     "29 33",
                                     "33",
                                     "31 33",
                                     "32 33",
                                     "32 33",
                                     "32 33",
                                     "33",
                                     ""};

static struct network karate_club(struct arena *a)
{
    struct network n;
    struct tie *ties = NEW(a, struct tie, 100);
    size_t count = 0;
    for (int v = 0; v < (int)COUNT(karate); v++)
        for (char *rest = (char *)(uintptr_t)karate[v], *end; *rest; rest = end)
            ties[count++] = (struct tie){v, (int)strtol(rest, &end, 10), 1};
    assert_ok(network_clean(a, COUNT(karate), ties, count, &n));
    assert_int_equal(n.count, 78);
    return n;
}

static struct communities found(struct arena *a, const struct network *n, enum objective objective,
                                double resolution)
{
    struct communities c;
    struct communities_request q = {.objective = objective, .resolution = resolution, .runs = 50, .seed = 1};
    assert_ok(network_communities(a, n, &q, &c));
    return c;
}

static void the_karate_club_has_four_communities(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct network n = karate_club(a);
    struct communities c = found(a, &n, OBJECTIVE_MODULARITY, NAN);
    near(c.quality, .4197896121, 1e-9);
    assert_int_equal(c.count, 4);
    assert_true(c.size[0] >= c.size[1] && c.size[1] >= c.size[2] && c.size[2] >= c.size[3]);
    assert_true(c.agreement > .7 && c.found[0] > 40);
}

static void one_member_holds_the_karate_club_together(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct network n = karate_club(a);
    struct joints j;
    int cuts = 0, bridges = 0;
    assert_ok(network_joints(a, &n, true, &j));
    for (int v = 0; v < n.nodes; v++)
        cuts += j.cut[v];
    for (size_t i = 0; i < n.count; i++)
        bridges += j.bridge[i];
    assert_int_equal(cuts, 1);
    assert_true(j.cut[0]);
    assert_int_equal(bridges, 1);
    near(j.betweenness[0], 231.071429, 5e-7);
    assert_int_equal(j.parts, 1);
}

/* 30 cliques of five, each tied to the next by one tie. */
static struct network ring(struct arena *a)
{
    enum { CLIQUES = 30, SIZE = 5 };
    struct network n;
    struct tie *ties = NEW(a, struct tie, CLIQUES * 11);
    size_t count = 0;
    for (int c = 0; c < CLIQUES; c++) {
        for (int i = 0; i < SIZE; i++)
            for (int j = i + 1; j < SIZE; j++)
                ties[count++] = (struct tie){c * SIZE + i, c * SIZE + j, 1};
        ties[count++] = (struct tie){c * SIZE, (c + 1) % CLIQUES * SIZE + 1, 1};
    }
    assert_ok(network_clean(a, CLIQUES * SIZE, ties, count, &n));
    return n;
}

static void cpm_finds_cliques_that_modularity_merges(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct network n = ring(a);
    struct communities c = found(a, &n, OBJECTIVE_CPM, .5), m = found(a, &n, OBJECTIVE_MODULARITY, NAN);
    assert_int_equal(c.count, 30);
    near(c.quality, .340909091, 5e-10);
    for (int k = 0; k < c.count; k++) {
        near(c.stability[k], 1, 1e-9);
        assert_int_equal(c.found[k], 50);
    }
    assert_true(m.count < 30 && m.quality > .875757576);
}

static bool stop_after_three(void *with, int done, int of)
{
    (void)with, (void)of;
    return done < 3;
}

static void planted_groups_come_back(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    enum { GROUPS = 8, SIZE = 25, NODES = GROUPS * SIZE };
    struct random random = random_seeded(3, 1);
    struct tie *ties = NEW(a, struct tie, NODES * NODES);
    int *planted = NEW(a, int, NODES);
    size_t count = 0;
    struct network n;
    for (int v = 0; v < NODES; v++)
        planted[v] = v / SIZE;
    for (int v = 0; v < NODES; v++)
        for (int w = v + 1; w < NODES; w++)
            if (random_unit(&random) < (planted[v] == planted[w] ? .4 : .02))
                ties[count++] = (struct tie){v, w, 1 + random_unit(&random)};
    assert_ok(network_clean(a, NODES, ties, count, &n));
    struct communities c = found(a, &n, OBJECTIVE_CPM, NAN), again = found(a, &n, OBJECTIVE_CPM, NAN);
    near(adjusted_rand(a, c.of, planted, NODES), 1, .02);
    assert_memory_equal(c.of, again.of, NODES * sizeof *c.of);
    double share;
    struct communities_request q = {.objective = OBJECTIVE_MODULARITY, .resolution = 1, .runs = 1, .seed = 2};
    assert_ok(network_significance(a, &n, &q, &(int){39}, &share));
    near(share, 1. / 40, 1e-12);
    int drawn = 39;
    q.tell = stop_after_three;
    assert_ok(network_significance(a, &n, &q, &drawn, &share));
    assert_int_equal(drawn, 3);
    near(share, 1. / 4, 1e-12);
    q.runs = 50;
    assert_ok(network_communities(a, &n, &q, &c));
    assert_int_equal(c.runs, 3);
}

/* Networks of the LFR kind: found as planted up to half of all ties leading out, and doubted beyond. */
static void communities_of_lfr_networks_come_back(void **state)
{
    (void)state;
    static const struct {
        double mixing, least;
    } cases[] = {{.1, .999}, {.3, .995}, {.5, .97}};
    struct random r = random_seeded(2008, 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        ARENA_SCOPE(a);
        struct lfr graph = lfr_new(a, &r, 1000, cases[i].mixing);
        struct communities c;
        struct communities_request q = {
            .objective = OBJECTIVE_MODULARITY, .resolution = NAN, .runs = 10, .seed = 1};
        assert_ok(network_communities(a, &graph.network, &q, &c));
        double alike = adjusted_rand(a, c.of, graph.community, graph.network.nodes);
        print_message("# mixing %.1f: adjusted Rand index %.4f\n", cases[i].mixing, alike);
        assert_true(alike >= cases[i].least);
    }
}

static void rand_index_as_published(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    /* Hubert and Arabie 1985, worked again by hand: pairs together in both 2, in each 4 and 3, of 15 */
    static const int x[] = {0, 0, 0, 1, 1, 2}, y[] = {0, 0, 1, 1, 1, 2};
    near(adjusted_rand(a, x, y, 6), (2 - 4 * 4 / 15.) / (4 - 4 * 4 / 15.), 1e-12);
    near(adjusted_rand(a, x, x, 6), 1, 1e-12);
}

static void without_ties_everybody_is_alone(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    for (int nodes = 0; nodes < 6; nodes++) {
        struct network n;
        struct joints j;
        double x[6], y[6], share;
        struct tie loop = {0, 0, 2};
        struct communities_request q = {.resolution = NAN, .runs = 5};
        assert_ok(network_clean(a, nodes, &loop, nodes > 0, &n));
        assert_int_equal(n.loops, nodes > 0);
        struct communities c = found(a, &n, OBJECTIVE_CPM, NAN);
        assert_int_equal(c.count, nodes);
        assert_true(isnan(c.quality));
        assert_ok(network_joints(a, &n, true, &j));
        assert_int_equal(j.parts, nodes);
        assert_ok(network_layout(a, &n, 1, x, y));
        assert_ok(network_significance(a, &n, &q, &(int){3}, &share));
        assert_true(isnan(share));
    }
}

static void ties_are_cleaned_or_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct tie twice[] = {{1, 0, 2}, {0, 1, 3}, {2, 2, 1}};
    static const struct tie wrong[] = {{0, 3, 1},  {-1, 0, 1},  {0, 1, 0},
                                       {0, 1, -1}, {0, 1, NAN}, {0, 1, INFINITY}};
    struct network n;
    assert_ok(network_clean(a, 3, twice, COUNT(twice), &n));
    assert_int_equal(n.count, 1);
    near(n.ties[0].weight, 5, 0);
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_fault(network_clean(a, 3, &wrong[i], 1, &n), FAULT_INVALID);
}

static void a_community_is_named_by_what_it_has_more_often(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct network n = ring(a);
    struct communities c = found(a, &n, OBJECTIVE_CPM, .5);
    struct attribute attributes[300];
    size_t count = 0, labels;
    struct community_label *label;
    for (int v = 0; v < n.nodes; v++) {
        if (c.of[v] == 3)
            attributes[count++] = (struct attribute){v, 0}; /* all of one community, and nobody else */
        if (v % 2)
            attributes[count++] = (struct attribute){v, 1}; /* every other, everywhere */
    }
    assert_ok(network_labels(a, &n, &c, attributes, count, 2, &label, &labels));
    assert_int_equal(labels, 1);
    assert_int_equal(label->community, 3);
    assert_int_equal(label->value, 0);
    assert_int_equal(label->with, 5);
    /* 1 / C(150, 5), and ln((5.5 / .5) / (.5 / 145.5)) */
    near(label->p, 1 / 591600030., 1e-15);
    near(label->log_odds, log(11 / (.5 / 145.5)), 1e-12);
}

static void places_lie_within_the_picture(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct network n = karate_club(a);
    double x[34], y[34], x2[34], y2[34];
    assert_ok(network_layout(a, &n, 1, x, y));
    assert_ok(network_layout(a, &n, 1, x2, y2));
    assert_memory_equal(x, x2, sizeof x);
    for (int v = 0; v < n.nodes; v++)
        assert_true(x[v] >= 0 && x[v] <= 1 && y[v] >= 0 && y[v] <= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_karate_club_has_four_communities),
        cmocka_unit_test(one_member_holds_the_karate_club_together),
        cmocka_unit_test(cpm_finds_cliques_that_modularity_merges),
        cmocka_unit_test(planted_groups_come_back),
        cmocka_unit_test(communities_of_lfr_networks_come_back),
        cmocka_unit_test(rand_index_as_published),
        cmocka_unit_test(without_ties_everybody_is_alone),
        cmocka_unit_test(ties_are_cleaned_or_refused),
        cmocka_unit_test(a_community_is_named_by_what_it_has_more_often),
        cmocka_unit_test(places_lie_within_the_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
