/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* communities.c - `grappe communities`: who works with whom more than with the others, from plain files. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "command.h"
#include "commands/communities_files.h"
#include "i18n/i18n.h"
#include "network/network.h"
#include "number/checked.h"
#include "options.h"
#include "record/record.h"
#include "rows.h"
#include "table/table.h"
#include "text/buffer.h"
#include "text/json.h"
#include "words/words.h"

struct study {
    struct arena *arena;
    const char *edges, *attributes;
    struct communities_request q;
    struct time_limit limit;
    int rewirings;
    bool json;
    struct communities_files files;
    struct network network;
    struct communities found;
    struct joints joints;
    struct community_label *labels;
    size_t label_count;
    double share, *x, *y;
};

/* --- options ----------------------------------------------------------------------------------------- */

static struct fault *read_resolution(char *typed, void *into)
{
    return real_parse(slice_of(typed), into) && *(double *)into >= 0 ? NULL : usage_fault(typed);
}

static struct fault *read_objective(char *typed, void *into)
{
    bool cpm = strcmp(typed, "cpm") == 0;
    *(enum objective *)into = cpm ? OBJECTIVE_CPM : OBJECTIVE_MODULARITY;
    return cpm || strcmp(typed, "modularity") == 0 ? NULL : usage_fault(typed);
}

/* --- the study --------------------------------------------------------------------------------------- */

static bool go_on(void *with, int done, int of)
{
    const struct study *s = with;
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, "\r%3d %%%s", 100 * done / of, done == of ? "\n" : "");
    return time_left(&s->limit);
}

static struct fault *look(struct study *s)
{
    struct table *t = NULL;
    s->files = communities_files_new(s->arena);
    s->share = NAN;
    s->q.tell = go_on;
    s->q.with = s;
    TRY(table_open(s->arena, s->edges, NULL, &t));
    TRY(communities_ties_read(s->arena, t, s->edges, &s->files, &s->network));
    if (s->network.loops)
        (void)fprintf(stderr, tr("Ties of a member with itself are left out: %zu.\n"), s->network.loops);
    TRY(network_communities(s->arena, &s->network, &s->q, &s->found));
    if (s->attributes) {
        TRY(table_open(s->arena, s->attributes, NULL, &t));
        TRY(communities_attributes_read(s->arena, t, s->attributes, &s->files));
    }
    TRY(network_labels(s->arena, &s->network, &s->found, s->files.attributes, s->files.attribute_count,
                       (int)vocabulary_count(s->files.values), &s->labels, &s->label_count));
    if (s->rewirings)
        TRY(network_significance(s->arena, &s->network, &s->q, &s->rewirings, &s->share));
    if (!s->json)
        return NULL;
    s->x = NEW(s->arena, double, s->network.nodes + 1);
    s->y = NEW(s->arena, double, s->network.nodes + 1);
    TRY(network_joints(s->arena, &s->network, true, &s->joints));
    return network_layout(s->arena, &s->network, s->q.seed, s->x, s->y);
}

/* --- the answer -------------------------------------------------------------------------------------- */

static struct slice member(const struct study *s, int node)
{
    return vocabulary_text(s->files.members, (uint32_t)node);
}

static const char *sentence_of(const struct study *s)
{
    const struct communities *c = &s->found;
    int alone = 0;
    for (int k = 0; k < c->count; k++)
        alone += c->size[k] == 1;
    if (!s->network.count)
        return tr("There are no ties: everybody is alone.");
    if (c->count == alone)
        return tr("No two members are tied more than this resolution asks for: everybody is alone.");
    const char *about =
        s->label_count && s->labels[0].community == 0
            ? arena_print(s->arena, tr(", around %.*s"),
                          (int)vocabulary_text(s->files.values, (uint32_t)s->labels[0].value).len,
                          vocabulary_text(s->files.values, (uint32_t)s->labels[0].value).ptr)
            : "";
    return arena_print(
        s->arena,
        tr("%d communities and %d members alone. The %d members of the largest work clearly more with each "
           "other than with the rest%s; it was found in %d runs of %d."),
        c->count - alone, alone, c->size[0], about, c->found[0], c->runs);
}

static void put_members(struct json *j, const struct study *s)
{
    json_put_key(j, "members");
    json_begin_array(j);
    for (int v = 0; v < s->network.nodes; v++) {
        json_begin_object(j);
        json_put_key(j, "member");
        json_put_slice(j, member(s, v));
        json_member_integer(j, "community", s->found.of[v]);
        json_member_real(j, "stability", s->found.stability[s->found.of[v]]);
        json_member_integer(j, "part", s->joints.part[v]);
        json_put_key(j, "articulation");
        json_put_bool(j, s->joints.cut[v]);
        json_member_real(j, "betweenness", s->joints.betweenness[v]);
        json_member_real(j, "x", s->x[v]);
        json_member_real(j, "y", s->y[v]);
        json_end(j);
    }
    json_end(j);
}

static void put_labels(struct json *j, const struct study *s, int community)
{
    json_put_key(j, "labels");
    json_begin_array(j);
    for (size_t i = 0; i < s->label_count; i++) {
        const struct community_label *l = &s->labels[i];
        if (l->community != community)
            continue;
        json_begin_object(j);
        json_put_key(j, "attribute");
        json_put_slice(j, vocabulary_text(s->files.values, (uint32_t)l->value));
        json_member_integer(j, "members", l->with);
        json_member_real(j, "log_odds", l->log_odds);
        json_member_real(j, "p", l->p);
        json_end(j);
    }
    json_end(j);
}

static void put_communities(struct json *j, const struct study *s)
{
    json_put_key(j, "communities");
    json_begin_array(j);
    for (int k = 0; k < s->found.count; k++) {
        json_begin_object(j);
        json_member_integer(j, "community", k);
        json_member_integer(j, "size", s->found.size[k]);
        json_member_real(j, "stability", s->found.stability[k]);
        json_member_integer(j, "found", s->found.found[k]);
        put_labels(j, s, k);
        json_end(j);
    }
    json_end(j);
}

static void put_bridges(struct json *j, const struct study *s)
{
    json_put_key(j, "bridges");
    json_begin_array(j);
    for (size_t i = 0; i < s->network.count; i++)
        if (s->joints.bridge[i]) {
            json_begin_object(j);
            json_put_key(j, "from");
            json_put_slice(j, member(s, s->network.ties[i].a));
            json_put_key(j, "to");
            json_put_slice(j, member(s, s->network.ties[i].b));
            json_end(j);
        }
    json_end(j);
}

static struct fault *put_json(const struct study *s)
{
    struct buffer *b = buffer_new(s->arena, (size_t)1 << 30);
    struct json j = json_writer(b);
    json_begin_object(&j);
    json_member_real(&j, "quality", s->found.quality);
    json_member_real(&j, "resolution", s->found.resolution);
    json_member_integer(&j, "runs", s->found.runs);
    json_member_real(&j, "agreement", s->found.agreement);
    json_member_integer(&j, "rewirings", s->rewirings);
    json_member_real(&j, "significance", s->share);
    put_communities(&j, s);
    put_members(&j, s);
    put_bridges(&j, s);
    json_put_key(&j, "sentence");
    json_put_text(&j, sentence_of(s));
    json_end(&j);
    buffer_char(b, '\n');
    return answer_print(b);
}

static struct fault *put_rows(const struct study *s)
{
    static const char *const columns[] = {"member", "community", "stability", NULL};
    struct rows_out out = rows_out_start(buffer_new(s->arena, (size_t)1 << 30), "members", columns, false);
    for (int v = 0; v < s->network.nodes; v++) {
        rows_out_text(&out, member(s, v));
        rows_out_number(&out, s->found.of[v]);
        rows_out_number(&out, s->found.stability[s->found.of[v]]);
    }
    for (size_t i = 0; i < s->label_count; i++) {
        struct slice value = vocabulary_text(s->files.values, (uint32_t)s->labels[i].value);
        (void)fprintf(stderr, tr("Community %d: %.*s, %d of %d members\n"), s->labels[i].community,
                      (int)value.len, value.ptr, s->labels[i].with, s->labels[i].of);
    }
    if (!isnan(s->share))
        (void)fprintf(stderr, tr("Share of %d networks drawn at random that reach this quality: %s\n"),
                      s->rewirings, arena_print(s->arena, "%.3g", s->share));
    return rows_out_finish(&out, sentence_of(s));
}

static struct fault *communities_run(struct arena *a, int argc, char **argv)
{
    struct study s = {
        .arena = a, .limit.began_us = monotonic_us(), .q = {.resolution = NAN, .runs = 50, .seed = 1}};
    const char *none = NULL;
    const struct command_option options[] = {
        {"edges", .text = &s.edges},
        {"attributes", .text = &s.attributes},
        {"resolution", .read = read_resolution, .into = &s.q.resolution},
        {"objective", .read = read_objective, .into = &s.q.objective},
        {"runs", .read = option_count, .into = &s.q.runs},
        {"rewirings", .read = option_count, .into = &s.rewirings},
        {"seed", .read = option_seed, .into = &s.q.seed},
        {"time-limit", .read = option_seconds, .into = &s.limit.seconds},
        {"json", .flag = &s.json},
    };
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){.into = &none}));
    if (none)
        return usage_fault(none);
    if (!s.edges)
        return missing_fault("--edges");
    TRY(look(&s));
    return s.json ? put_json(&s) : put_rows(&s);
}

const struct command communities_command = {
    .name = "communities",
    .summary = N_("Find who works with whom more than with the others"),
    .help =
        N_("grappe communities --edges TIES.csv [--resolution G] [--objective cpm|modularity] [--runs 50]\n"
           "                   [--attributes ATTRIBUTES.csv] [--rewirings N] [--seed 1]\n"
           "                   [--time-limit S] [--json]\n\n"
           "TIES.csv has the columns from, to and perhaps weight (above 0). Answers with\n"
           "member,community,stability: 0 is the largest community; stability is how much of it comes back\n"
           "from run to run, 1 at most.\n\n"
           "  --resolution  cpm: a community is denser within than this, and no two are between them;\n"
           "                without it, twice the density of the whole\n"
           "  --objective   modularity overlooks small communities in large networks\n"
           "  --attributes  columns member, attribute: what a community has more often than the others\n"
           "  --rewirings   as many networks drawn at random, each member with as many ties as now:\n"
           "                how many reach this quality\n"
           "  --time-limit  runs and rewirings not reached by then are left out, and it is said\n"
           "  --json        with who holds the network together, bridges, and where to draw each\n\n"
           "Example: grappe communities --edges ties.csv --resolution 0.1"),
    .run = communities_run,
};
