/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* synergies.c - `grappe synergies rank`: whom a firm should meet and why, from plain files. */
#include <stdio.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "command.h"
#include "commands/synergies_files.h"
#include "i18n/i18n.h"
#include "options.h"
#include "rows.h"
#include "synergy/tell.h"
#include "table/table.h"
#include "text/json.h"

struct study {
    struct arena *arena;
    const char *path[SYNERGY_FILES];
    struct synergy_files *files;
    const struct hypergraph *graph;
    struct synergy_request q;
    struct synergies found;
    struct telling telling;
    bool json;
    struct time_limit limit;
};

/* --- the study --------------------------------------------------------------------------------------- */

static bool go_on(void *with, size_t done, size_t of)
{
    const struct study *s = with;
    if (isatty(STDERR_FILENO) && (done % 64 == 0 || done == of))
        (void)fprintf(stderr, "\r%3zu %%%s", 100 * done / of, done == of ? "\n" : "");
    return time_left(&s->limit);
}

static struct fault *read_files(struct study *s)
{
    s->files = synergy_files_new(s->arena);
    for (int which = 0; which < SYNERGY_FILES; which++) {
        struct table *t = NULL;
        if (!s->path[which])
            continue;
        TRY(table_open(s->arena, s->path[which], NULL, &t));
        TRY(synergy_file_read(s->arena, t, s->path[which], (enum synergy_file)which, s->files));
    }
    TRY(synergy_files_finish(s->arena, s->files));
    if (s->files->unknown)
        (void)fprintf(stderr, tr("Firms asked for of whom nothing is known: %zu.\n"), s->files->unknown);
    return NULL;
}

/* The queries, each with those it says it knows; both lists are in order. */
static struct synergy_query *queries_of(struct study *s)
{
    const struct named_list *asked = &s->files->list[FILE_QUERIES], *known = &s->files->list[FILE_CONTACTS];
    struct synergy_query *queries = NEW(s->arena, struct synergy_query, asked->count + 1);
    int *contacts = NEW(s->arena, int, known->count + 1);
    size_t at = 0;
    for (size_t i = 0; i < known->count; i++)
        contacts[i] = known->of[i].member;
    for (size_t i = 0; i < asked->count; i++) {
        int member = asked->of[i].member;
        while (at < known->count && known->of[at].query < member)
            at++;
        size_t end = at;
        while (end < known->count && known->of[end].query == member)
            end++;
        queries[i] = (struct synergy_query){member, contacts + at, end - at};
    }
    return queries;
}

static int *candidates_of(struct study *s)
{
    const struct named_list *list = &s->files->list[FILE_CANDIDATES];
    int *candidates = NEW(s->arena, int, list->count + 1);
    for (size_t i = 0; i < list->count; i++)
        candidates[i] = list->of[i].member;
    return candidates;
}

static struct fault *look(struct study *s)
{
    const struct synergy_model *model = NULL;
    struct synergy_files *f = s->files;
    TRY(hypergraph_new(s->arena, f->member_count, f->group_count, f->ties, f->tie_count, 0, &s->graph));
    if (s->graph->left_out)
        (void)fprintf(stderr, tr("Groups of more than %d members, left out: %d.\n"), s->graph->largest,
                      s->graph->left_out);
    TRY(synergy_model_new(s->arena, s->graph, f->has_attributes ? &f->attributes : NULL, &model));
    s->q.queries = queries_of(s);
    s->q.query_count = f->list[FILE_QUERIES].count;
    s->q.candidates = candidates_of(s);
    s->q.candidate_count = f->list[FILE_CANDIDATES].count;
    s->q.go_on = go_on;
    s->q.with = s;
    s->telling = (struct telling){model, f->names, f->thing_names, f->countries, f->kinds};
    return synergy_rank(s->arena, model, &s->q, &s->found);
}

/* --- the answer -------------------------------------------------------------------------------------- */

static const char *status_of(const struct synergy *y)
{
    return y->known ? tr("known") : tr("to discover");
}

static const char *sentence_of(const struct study *s)
{
    size_t i = 0;
    if (s->found.reached < s->q.query_count)
        return arena_print(s->arena, tr("The time limit was reached after %zu firms of %zu."),
                           s->found.reached, s->q.query_count);
    while (i < s->q.query_count && !s->found.count[i])
        i++;
    if (i == s->q.query_count)
        return tr("Nothing that is known gives a reason to bring anybody together.");
    struct reason reasons[REASONS];
    const struct synergy *y = &s->found.of[i][0];
    (void)synergy_tell(s->arena, &s->telling, &s->q.queries[i], y, reasons);
    return arena_print(s->arena, tr("First for %.*s: %.*s (%s). %s: %s."),
                       SLICE_ARGS(s->files->names[s->q.queries[i].member]),
                       SLICE_ARGS(s->files->names[y->candidate]), status_of(y), reason_title(reasons[0].kind),
                       reasons[0].sentence);
}

/* What is known says so by its first reason. */
static const char *reasons_cell(struct arena *a, const struct synergy *y, const struct reason *reasons,
                                int count)
{
    const char *cell = y->known ? "" : status_of(y);
    for (int i = 0; i < count; i++)
        cell = arena_print(a, "%s%s%s%s%s", cell, *cell ? "; " : "", reason_title(reasons[i].kind), tr(": "),
                           reasons[i].sentence);
    return cell;
}

static struct fault *put_rows(const struct study *s)
{
    static const char *const columns[] = {"query", "candidate", "rank", "score", "reasons", NULL};
    struct rows_out out = rows_out_start(buffer_new(s->arena, (size_t)1 << 31), "rows", columns, false);
    for (size_t i = 0; i < s->q.query_count; i++) {
        ARENA_SCOPE(scratch);
        for (int k = 0; k < s->found.count[i]; k++) {
            struct reason reasons[REASONS];
            const struct synergy *y = &s->found.of[i][k];
            int count = synergy_tell(scratch, &s->telling, &s->q.queries[i], y, reasons);
            rows_out_text(&out, s->files->names[s->q.queries[i].member]);
            rows_out_text(&out, s->files->names[y->candidate]);
            rows_out_number(&out, k + 1);
            rows_out_number(&out, y->score);
            rows_out_text(&out, slice_of(reasons_cell(scratch, y, reasons, count)));
        }
    }
    return rows_out_finish(&out, sentence_of(s));
}

static void put_synergy(struct json *j, const struct study *s, size_t query, int place)
{
    ARENA_SCOPE(scratch);
    struct reason reasons[REASONS];
    const struct synergy *y = &s->found.of[query][place];
    int count = synergy_tell(scratch, &s->telling, &s->q.queries[query], y, reasons);
    json_begin_object(j);
    json_put_key(j, "query");
    json_put_slice(j, s->files->names[s->q.queries[query].member]);
    json_put_key(j, "candidate");
    json_put_slice(j, s->files->names[y->candidate]);
    json_member_integer(j, "rank", place + 1);
    json_member_real(j, "score", y->score);
    json_put_key(j, "status");
    json_put_text(j, y->known ? "known" : "to discover");
    json_put_key(j, "reasons");
    json_begin_array(j);
    for (int i = 0; i < count; i++) {
        json_begin_object(j);
        json_put_key(j, "kind");
        json_put_text(j, reason_name(reasons[i].kind));
        json_member_real(j, "part", reasons[i].part);
        json_put_key(j, "sentence");
        json_put_text(j, reasons[i].sentence);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static struct fault *put_json(const struct study *s)
{
    struct buffer *b = buffer_new(s->arena, (size_t)1 << 31);
    struct json j = json_writer(b);
    json_begin_object(&j);
    json_member_integer(&j, "queries", (int64_t)s->q.query_count);
    json_member_integer(&j, "reached", (int64_t)s->found.reached);
    json_member_integer(&j, "candidates", (int64_t)s->q.candidate_count);
    json_put_key(&j, "rows");
    json_begin_array(&j);
    for (size_t i = 0; i < s->q.query_count; i++)
        for (int k = 0; k < s->found.count[i]; k++)
            put_synergy(&j, s, i, k);
    json_end(&j);
    json_put_key(&j, "sentence");
    json_put_text(&j, sentence_of(s));
    json_end(&j);
    buffer_char(b, '\n');
    return answer_print(b);
}

static struct fault *synergies_run(struct arena *a, int argc, char **argv)
{
    struct study s = {.arena = a, .q = {.top = 50}, .limit.began_us = monotonic_us()};
    const char *none = NULL;
    const struct command_option options[] = {
        {"ties", .text = &s.path[FILE_TIES]},
        {"attributes", .text = &s.path[FILE_ATTRIBUTES]},
        {"queries", .text = &s.path[FILE_QUERIES]},
        {"candidates", .text = &s.path[FILE_CANDIDATES]},
        {"contacts", .text = &s.path[FILE_CONTACTS]},
        {"exclude-known", .flag = &s.q.exclude_known},
        {"top", .read = option_count, .into = &s.q.top},
        {"threads", .read = option_count, .into = &s.q.threads},
        {"time-limit", .read = option_seconds, .into = &s.limit.seconds},
        {"json", .flag = &s.json},
    };
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){.into = &none}));
    if (none)
        return usage_fault(none);
    if (!s.path[FILE_TIES])
        return missing_fault("--ties");
    if (s.q.top < 1)
        return usage_fault("--top 0");
    TRY(read_files(&s));
    TRY(look(&s));
    return s.json ? put_json(&s) : put_rows(&s);
}

const struct command synergies_command = {
    .name = "synergies rank",
    .summary = N_("Say whom a firm should meet, and why"),
    .help = N_(
        "grappe synergies rank --ties TIES.csv [--attributes A.csv] [--queries Q.csv] [--candidates C.csv]\n"
        "                      [--contacts K.csv] [--exclude-known] [--top 50] [--threads N]\n"
        "                      [--time-limit S] [--json]\n\n"
        "TIES.csv has the columns group, member and perhaps date (YYYY, YYYY-MM or YYYY-MM-DD) and weight\n"
        "(above 0): who was in which project, contract or club. Answers with\n"
        "query,candidate,rank,score,reasons: the score lies between 0 and 1, and each reason is a part of "
        "it.\n\n"
        "  --attributes     member and any of type, country, lat, lon, text; and, between semicolons, the "
        "steps\n"
        "                   a firm does and needs, the capacity it has to spare and is short of, and the "
        "materials\n"
        "                   it gives and takes: does, needs, spare, short, gives, takes\n"
        "  --queries        column member: for whom; without it, for all. A firm without ties is ranked by\n"
        "                   its contacts, its attributes, and by who is open to others\n"
        "  --candidates     column member: among whom; without it, among all\n"
        "  --contacts       columns query, member: whom a firm says it knows\n"
        "  --exclude-known  leaves out partners and contacts; otherwise they are marked as known\n"
        "  --threads        the answer is the same for any number\n"
        "  --time-limit     firms not reached by then have no lines\n\n"
        "Groups of more than 60 members say little about two of them and are left out.\n\n"
        "Example: grappe synergies rank --ties projects.csv --queries firms.csv --exclude-known --top 10"),
    .run = synergies_run,
};
