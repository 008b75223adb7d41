/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schedule.c - `grappe schedule`: one-to-one meetings from plain files. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "command.h"
#include "commands/schedule_options.h"
#include "i18n/i18n.h"
#include "number/checked.h"
#include "record/record.h"
#include "rows.h"
#include "text/buffer.h"
#include "text/json.h"
#include "words/words.h"

/* --- options ----------------------------------------------------------------------------------------- */

struct fault *schedule_fairness(char *typed, void *into)
{
    bool levels = strcmp(typed, "levels") == 0;
    *(enum fairness *)into = levels ? FAIR_LEVELS : FAIR_NONE;
    return levels || strcmp(typed, "none") == 0 ? NULL : usage_fault(typed);
}

struct fault *schedule_files_read(struct arena *a, const struct schedule_options *o, struct schedule_file *f)
{
    struct fault *(*const readers[])(struct arena *, struct table *, const char *, struct schedule_file *) = {
        schedule_requests_read, schedule_requests_read, schedule_availability_read, schedule_caps_read};
    const char *const paths[] = {o->requests, o->late, o->availability, o->caps};
    if (o->slots < 0 || o->tables < 0)
        return missing_fault(o->slots < 0 ? "--slots" : "--tables");
    if (o->slots > LIMIT_SCHEDULE_SLOTS)
        return fault(FAULT_LIMIT, "At most %d slots are possible.", LIMIT_SCHEDULE_SLOTS);
    *f = (struct schedule_file){
        .problem = {.slots = o->slots, .tables = o->tables, .one_set = o->one_set, .fairness = o->fairness}};
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct table *t = NULL;
        if (!paths[i])
            continue;
        TRY(table_open(a, paths[i], NULL, &t));
        TRY(readers[i](a, t, paths[i], f));
    }
    return NULL;
}

/* --- planning ---------------------------------------------------------------------------------------- */

struct planning {
    struct arena *arena;
    struct schedule_options asked;
    const char *from, *absent[1000];
    size_t absent_count;
    int now, shakes, stay, seconds;
    uint64_t seed;
    bool json;
    struct schedule_file file;
    struct schedule plan;
    int *old; /* NULL: nothing is mended */
    int64_t began_us, told_us;
};

static struct fault *add_absent(char *typed, void *into)
{
    struct planning *p = into;
    if (p->absent_count == COUNT(p->absent))
        return usage_fault(typed);
    p->absent[p->absent_count++] = typed;
    return NULL;
}

static bool go_on(void *with, int64_t done, int64_t of)
{
    enum { TOLD_EACH_US = 200000 };
    struct planning *p = with;
    int64_t now = monotonic_us();
    if (isatty(STDERR_FILENO) && now - p->told_us > TOLD_EACH_US) {
        p->told_us = now;
        (void)fprintf(stderr, "\r%3lld %%", (long long)(100 * done / of));
    }
    return now - p->began_us < p->seconds * SECOND_US;
}

static struct fault *mend(struct planning *p)
{
    struct table *t = NULL;
    TRY(table_open(p->arena, p->from, NULL, &t));
    TRY(schedule_plan_read(p->arena, t, p->from, &p->file, &p->old));
    for (size_t i = 0; i < p->absent_count; i++) {
        struct slice names = slice_of(p->absent[i]), name;
        while (slice_cut(&names, ',', &name))
            TRY(schedule_absent(p->arena, &p->file, slice_trim(name), p->now));
    }
    /* only somebody who does not come: nobody else moves, unless it is wished */
    int64_t stay = p->stay >= 0 ? p->stay : p->absent_count && !p->asked.late ? 0 : 3;
    return schedule_repair(p->arena, &p->file.problem, p->old, p->now, stay, p->seed, &p->plan);
}

static struct fault *plan(struct planning *p)
{
    struct schedule_effort effort = {.seed = p->seed, .shakes = p->shakes, .tell = go_on, .with = p};
    if (!p->from && (p->absent_count || p->asked.late))
        return missing_fault("--from");
    TRY(schedule_files_read(p->arena, &p->asked, &p->file));
    if (p->from)
        return mend(p);
    struct fault *failed = schedule_solve(p->arena, &p->file.problem, &effort, &p->plan);
    if (p->told_us)
        (void)fputc('\r', stderr);
    return failed;
}

/* --- the answer -------------------------------------------------------------------------------------- */

static struct slice name_of(const struct planning *p, int person)
{
    return vocabulary_text(p->file.persons, (uint32_t)person);
}

static void put_pair(struct json *j, const struct planning *p, size_t request)
{
    const struct meeting_request *r = &p->file.requests[request];
    json_begin_object(j);
    json_put_key(j, "a");
    json_put_slice(j, name_of(p, r->a));
    json_put_key(j, "b");
    json_put_slice(j, name_of(p, r->b));
}

static void put_slot(struct json *j, const char *key, int slot)
{
    json_put_key(j, key);
    if (slot < 0)
        json_put_null(j);
    else
        json_put_integer(j, slot);
}

static void put_counts(struct json *j, const char *key, const int *counts)
{
    json_put_key(j, key);
    json_begin_array(j);
    for (int i = 0; i < MEETING_LEVELS; i++)
        json_put_integer(j, counts[i]);
    json_end(j);
}

static void put_meetings(struct json *j, const struct planning *p)
{
    json_put_key(j, "meetings");
    json_begin_array(j);
    for (size_t i = 0; i < p->file.problem.count; i++)
        if (p->plan.slot[i] >= 0) {
            put_pair(j, p, i);
            json_member_integer(j, "slot", p->plan.slot[i]);
            json_member_integer(j, "table", p->plan.table[i]);
            json_end(j);
        }
    json_end(j);
}

static void put_certificate(struct json *j, const struct planning *p)
{
    json_put_key(j, "certificate");
    json_begin_object(j);
    json_member_integer(j, "table", p->plan.price_table);
    json_put_key(j, "persons");
    json_begin_array(j);
    for (int v = 0; v < p->file.problem.persons; v++)
        if (p->plan.price_a[v] || p->plan.price_b[v]) {
            json_begin_object(j);
            json_put_key(j, "person");
            json_put_slice(j, name_of(p, v));
            json_member_integer(j, "as_a", p->plan.price_a[v]);
            json_member_integer(j, "as_b", p->plan.price_b[v]);
            json_end(j);
        }
    json_end(j);
    json_end(j);
}

static void put_unmet(struct json *j, const struct planning *p)
{
    static const char *const reasons[] = {[UNMET_NOT] = "",
                                          [UNMET_NO_COMMON_SLOT] = "no common slot",
                                          [UNMET_CAP] = "cap reached",
                                          [UNMET_BUSY] = "busy in all common slots",
                                          [UNMET_TABLES] = "no table left"};
    enum unmet *why = NEW(p->arena, enum unmet, p->file.problem.count + 1);
    schedule_reasons(p->arena, &p->file.problem, &p->plan, why);
    json_put_key(j, "unmet");
    json_begin_array(j);
    for (size_t i = 0; i < p->file.problem.count; i++)
        if (why[i] != UNMET_NOT) {
            put_pair(j, p, i);
            json_put_key(j, "reason");
            json_put_text(j, reasons[why[i]]);
            json_end(j);
        }
    json_end(j);
}

static void put_changes(struct json *j, const struct planning *p)
{
    json_put_key(j, "changes");
    json_begin_array(j);
    for (size_t i = 0; p->old && i < p->file.problem.count; i++)
        if (p->old[i] != p->plan.slot[i]) {
            put_pair(j, p, i);
            put_slot(j, "from", p->old[i]);
            put_slot(j, "to", p->plan.slot[i]);
            json_end(j);
        }
    json_end(j);
}

static int64_t planned(const struct planning *p)
{
    int64_t count = 0;
    for (size_t i = 0; i < p->file.problem.count; i++)
        count += p->plan.slot[i] >= 0;
    return count;
}

static const char *sentence_of(const struct planning *p)
{
    const struct schedule *s = &p->plan;
    int64_t asked = (int64_t)p->file.problem.count;
    const char *planned_of = arena_print(
        p->arena,
        tr_plural(asked, "%s of %s meeting asked for is planned", "%s of %s meetings asked for are planned"),
        integer_print(p->arena, planned(p)), integer_print(p->arena, asked));
    const char *met =
        arena_print(p->arena, tr_plural(s->met[0], "%s person meets somebody", "%s persons meet somebody"),
                    integer_print(p->arena, s->met[0]));
    if (s->optimal)
        return arena_print(p->arena, tr("%s, %s; nothing better is possible, and that is proven."),
                           planned_of, met);
    return arena_print(p->arena, tr("%s, %s; the weight is %s, at most %s is possible."), planned_of, met,
                       integer_print(p->arena, s->weight), integer_print(p->arena, s->weight_bound));
}

static struct fault *put_json(const struct planning *p)
{
    const struct schedule *s = &p->plan;
    struct buffer *b = buffer_new(p->arena, (size_t)1 << 30);
    struct json j = json_writer(b);
    json_begin_object(&j);
    json_put_key(&j, "status");
    json_put_text(&j, s->optimal ? "optimal" : "feasible");
    put_counts(&j, "n", s->met);
    put_counts(&j, "n_bound", s->met_bound);
    json_member_integer(&j, "W", s->weight);
    json_member_integer(&j, "W_bound", s->weight_bound);
    json_member_integer(&j, "waits", s->waits);
    json_member_real(&j, "ratio", s->weight_bound ? (double)s->weight / (double)s->weight_bound : 1);
    put_meetings(&j, p);
    put_unmet(&j, p);
    put_changes(&j, p);
    put_certificate(&j, p);
    json_member_real(&j, "seconds", (double)(monotonic_us() - p->began_us) / SECOND_US);
    json_put_key(&j, "sentence");
    json_put_text(&j, sentence_of(p));
    json_end(&j);
    buffer_char(b, '\n');
    return answer_print(b);
}

static struct fault *put_rows(const struct planning *p)
{
    static const char *const columns[] = {"a", "b", "slot", "table", NULL};
    struct buffer *b = buffer_new(p->arena, (size_t)1 << 30);
    struct rows_out out = rows_out_start(b, "meetings", columns, false);
    for (int slot = 0; slot < p->file.problem.slots; slot++)
        for (size_t i = 0; i < p->file.problem.count; i++) {
            if (p->plan.slot[i] != slot)
                continue;
            rows_out_text(&out, name_of(p, p->file.requests[i].a));
            rows_out_text(&out, name_of(p, p->file.requests[i].b));
            rows_out_number(&out, slot);
            rows_out_number(&out, p->plan.table[i]);
        }
    return rows_out_finish(&out, sentence_of(p));
}

static struct fault *schedule_run(struct arena *a, int argc, char **argv)
{
    struct planning *p = NEW(a, struct planning, 1);
    *p = (struct planning){
        .arena = a, .shakes = 200, .stay = -1, .seconds = 5, .seed = 1, .began_us = monotonic_us()};
    struct command_option options[] = {
        {"late", .text = &p->asked.late},
        {"from", .text = &p->from},
        {"now", .read = option_count, .into = &p->now},
        {"absent", .read = add_absent, .into = p},
        {"stay", .read = option_count, .into = &p->stay},
        {"shakes", .read = option_count, .into = &p->shakes},
        {"time-limit", .read = option_count, .into = &p->seconds},
        {"seed", .read = option_seed, .into = &p->seed},
        {"json", .flag = &p->json},
        SCHEDULE_OPTIONS(&p->asked),
    };
    p->asked.slots = p->asked.tables = -1;
    TRY(options_read(argc, argv, options, COUNT(options),
                     (struct operand){&p->asked.requests, tr("no file of requests")}));
    TRY(plan(p));
    return p->json ? put_json(p) : put_rows(p);
}

const struct command schedule_command = {
    .name = "schedule",
    .summary = N_("Plan one-to-one meetings: who meets whom, when, at which table"),
    .help =
        N_("grappe schedule REQUESTS.csv --slots N --tables M [--availability AV.csv] [--caps CAPS.csv]\n"
           "                [--one-set] [--fair levels|none] [--shakes 200] [--time-limit 5] [--seed 1] "
           "[--json]\n"
           "grappe schedule REQUESTS.csv --slots N --tables M … --from PLAN.csv --now SLOT\n"
           "                [--absent ID,ID…] [--late LATE.csv] [--stay 3]\n\n"
           "REQUESTS.csv has the columns a, b and perhaps priority_a, priority_b (0: did not ask, to 9);\n"
           "a meeting that both asked for counts 2 more. Slots and tables are numbered from 0. AV.csv has\n"
           "person, slot: a line for each slot in which the person is there; who has no line never is.\n"
           "CAPS.csv has person, cap. As many persons as can be have one meeting, then two, then three;\n"
           "then the weight decides (--fair none: the weight alone). Answers with a,b,slot,table.\n\n"
           "  --one-set     anybody may meet anybody; without it, column a is one side and b the other\n"
           "  --shakes      how often it is tried again to do better; the same on every machine\n"
           "  --time-limit  seconds, after which it is not\n"
           "  --from        a plan under way is mended from slot --now on\n"
           "  --absent      who does not come: others are given what is free by that, and nobody moves\n"
           "  --late        requests that came later, as REQUESTS.csv\n"
           "  --stay        what it is worth that a meeting stays where it is; 0: none moves\n"
           "  --json        with the bound, its certificate, what is unmet and why, what changed\n\n"
           "Example: grappe schedule requests.csv --slots 12 --tables 20 --json"),
    .run = schedule_run,
};
