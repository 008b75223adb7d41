/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* assemble_group.c - `grappe assemble PROBLEM.json`. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "assembly/group_study.h"
#include "commands/assemble.h"
#include "commands/assemble_problem.h"
#include "i18n/i18n.h"
#include "rows.h"
#include "text/buffer.h"

#define LIMIT_PROBLEM (256 * MIB)
#define LIMIT_OUTPUT (256 * MIB)
enum { USUAL_SECONDS = 60 };
/* A step of the tree of groups takes longer than one of a cover. */
static const double steps_a_second = ASSEMBLE_STEPS_A_SECOND / 3;

struct work {
    struct arena *arena;
    const struct assembling *w;
    struct assemble_problem problem;
    struct group_answer answer;
    struct group_missing missing; /* of a problem without a group */
    struct front_point *front;
    struct group_loss *losses;
    int32_t front_count, loss_count;
    bool front_whole;
};

static double money(const struct work *k, int64_t units)
{
    return (double)units / pow(10, k->problem.decimals);
}

static const char *shown(const struct work *k, int64_t units)
{
    return arena_print(k->arena, "%.15g", money(k, units));
}

/* --- sentences ------------------------------------------------------------------------------------- */

/* "P1, P4" of the bits of steps. */
static const char *step_names(const struct work *k, uint64_t steps)
{
    const char *all = "";
    for (int32_t i = 0; i < k->problem.p.steps; i++)
        if (steps >> i & 1)
            all = arena_print(k->arena, "%s%s%s", all, *all ? ", " : "", k->problem.step[i]);
    return all;
}

static const char *firm_names(const struct work *k, const int32_t *firms, int32_t count)
{
    const char *all = "";
    for (int32_t m = 0; m < count; m++)
        all = arena_print(k->arena, "%s%s%s", all, *all ? ", " : "", k->problem.firm[firms[m]]);
    return all;
}

static const char *pair_names(const struct work *k, const struct firm_pair *pairs, int32_t count)
{
    const char *all = "";
    for (int32_t c = 0; c < count; c++)
        all = arena_print(k->arena, "%s%s%s–%s", all, *all ? ", " : "", k->problem.firm[pairs[c].firm[0]],
                          k->problem.firm[pairs[c].firm[1]]);
    return all;
}

static const char *sentence(const struct work *k, enum language l)
{
    struct arena *a = k->arena;
    const struct group_answer *r = &k->answer;
    if (r->status == ASSEMBLY_UNKNOWN)
        return tr_in(l, "No group was found in the time given, and it is not proven that there is none.");
    if (r->status == ASSEMBLY_INFEASIBLE)
        return k->missing.steps ? arena_print(a, tr_in(l, "No group can do everything: missing %s."),
                                              step_names(k, k->missing.steps))
                                : tr_in(l, "No group can do everything.");
    const char *cost = shown(k, r->groups[0].cost);
    if (r->status == ASSEMBLY_FEASIBLE)
        return arena_print(
            a,
            tr_in(l, "This group (%d) does all %d steps for %s; perhaps others do for less, but none "
                     "for less than %s."),
            r->groups[0].count, k->problem.p.steps, cost, shown(k, r->bound));
    if (isfinite(k->problem.p.max_distance))
        return arena_print(
            a,
            tr_in(l, "This group (%d) does all %d steps for %s; proven: no other within %.6g km does "
                     "for less."),
            r->groups[0].count, k->problem.p.steps, cost, k->problem.p.max_distance);
    return arena_print(a,
                       tr_in(l, "This group (%d) does all %d steps for %s; proven: no other does for less."),
                       r->groups[0].count, k->problem.p.steps, cost);
}

static const char *relaxation_sentence(const struct work *k, enum language l, enum relaxed kind)
{
    const struct relaxation *r = &k->missing.by[kind];
    struct arena *a = k->arena;
    switch (kind) {
    case RELAX_MEMBERS:
        return arena_print(a, tr_in(l, "With %d members a group could do everything."), r->members);
    case RELAX_DISTANCE:
        return arena_print(a, tr_in(l, "Within %.6g km a group could do everything."), r->distance);
    case RELAX_CONFLICT:
        return arena_print(a, tr_in(l, "If %s could be together, a group could do everything."),
                           pair_names(k, r->pairs, r->count));
    case RELAX_EXCLUDED:
        return arena_print(a, tr_in(l, "With %s no longer excluded, a group could do everything."),
                           firm_names(k, r->firms, r->count));
    case RELAX_MUST:
        return arena_print(a, tr_in(l, "Without having to take %s, a group could do everything."),
                           firm_names(k, r->firms, r->count));
    case RELAXATIONS:
        break;
    }
    return "";
}

/* --- JSON ------------------------------------------------------------------------------------------ */

static void put_firm(struct json *j, const struct work *k, int32_t firm)
{
    if (k->problem.numbered[firm])
        json_put_integer(j, strtoll(k->problem.firm[firm], NULL, 10));
    else
        json_put_text(j, k->problem.firm[firm]);
}

static void put_firms(struct json *j, const struct work *k, const char *name, const int32_t *firms,
                      int32_t count)
{
    json_put_key(j, name);
    json_begin_array(j);
    for (int32_t m = 0; m < count; m++)
        put_firm(j, k, firms[m]);
    json_end(j);
}

static void put_steps(struct json *j, const struct work *k, const char *name, uint64_t steps)
{
    json_put_key(j, name);
    json_begin_array(j);
    for (int32_t i = 0; i < k->problem.p.steps; i++)
        if (steps >> i & 1)
            json_put_text(j, k->problem.step[i]);
    json_end(j);
}

/* {step: firm}, or with volumes {step: {firm: pieces}}. */
static void put_assignment(struct json *j, const struct work *k, const struct group *g)
{
    ARENA_SCOPE(work);
    const struct group_problem *p = &k->problem.p;
    int64_t *pieces = NEW(work, int64_t, g->count * p->steps + 1);
    uint64_t missing;
    (void)group_cost(p, g->members, g->count, pieces, &missing);
    json_put_key(j, "assignment");
    json_begin_object(j);
    for (int32_t i = 0; i < p->steps; i++) {
        if (missing >> i & 1)
            continue;
        json_put_key(j, k->problem.step[i]);
        if (k->problem.volumes)
            json_begin_object(j);
        for (int32_t m = 0; m < g->count; m++)
            if (pieces[m * p->steps + i] && k->problem.volumes) {
                json_put_key(j, k->problem.firm[g->members[m]]);
                json_put_integer(j, pieces[m * p->steps + i]);
            } else if (pieces[m * p->steps + i]) {
                put_firm(j, k, g->members[m]);
            }
        if (k->problem.volumes)
            json_end(j);
    }
    json_end(j);
}

static void put_group(struct json *j, const struct work *k, const struct group *g)
{
    json_member_real(j, "cost", money(k, g->cost));
    put_firms(j, k, "members", g->members, g->count);
    put_assignment(j, k, g);
}

static void put_reasons(struct json *j, const struct work *k, const char *name, enum language l)
{
    json_put_key(j, name);
    json_begin_array(j);
    json_put_text(j, sentence(k, l));
    if (k->missing.nowhere)
        json_put_text(j, arena_print(k->arena, tr_in(l, "Nobody at all can do %s."),
                                     step_names(k, k->missing.nowhere)));
    for (int r = 0; r < RELAXATIONS; r++)
        if (k->missing.by[r].helps)
            json_put_text(j, relaxation_sentence(k, l, (enum relaxed)r));
    json_end(j);
}

static void put_relaxations(struct json *j, const struct work *k)
{
    static const char *const names[] = {[RELAX_MEMBERS] = "max_members",
                                        [RELAX_DISTANCE] = "max_distance_km",
                                        [RELAX_CONFLICT] = "conflicts",
                                        [RELAX_EXCLUDED] = "exclude",
                                        [RELAX_MUST] = "must"};
    json_put_key(j, "relaxations");
    json_begin_array(j);
    for (int kind = 0; kind < RELAXATIONS; kind++) {
        const struct relaxation *r = &k->missing.by[kind];
        if (!r->helps)
            continue;
        json_begin_object(j);
        json_put_key(j, "of");
        json_put_text(j, names[kind]);
        if (kind == RELAX_MEMBERS || kind == RELAX_DISTANCE) {
            json_member_real(j, "to", kind == RELAX_MEMBERS ? r->members : r->distance);
        }
        if (kind == RELAX_EXCLUDED || kind == RELAX_MUST)
            put_firms(j, k, "without", r->firms, r->count);
        if (kind == RELAX_CONFLICT) {
            json_put_key(j, "without");
            json_begin_array(j);
            for (int32_t c = 0; c < r->count; c++) {
                json_begin_array(j);
                put_firm(j, k, r->pairs[c].firm[0]);
                put_firm(j, k, r->pairs[c].firm[1]);
                json_end(j);
            }
            json_end(j);
        }
        put_group(j, k, &r->group);
        json_end(j);
    }
    json_end(j);
}

static void put_front(struct json *j, const struct work *k)
{
    json_put_key(j, "pareto");
    json_begin_array(j);
    for (int32_t f = 0; f < k->front_count; f++) {
        json_begin_object(j);
        put_group(j, k, &k->front[f].group);
        json_member_integer(j, "member_count", k->front[f].group.count);
        json_member_real(j, "diameter_km", k->front[f].diameter);
        json_end(j);
    }
    json_end(j);
    json_put_key(j, "pareto_whole");
    json_put_bool(j, k->front_whole);
}

static void put_losses(struct json *j, const struct work *k)
{
    json_put_key(j, "resilience");
    json_begin_array(j);
    for (int32_t n = 0; n < k->loss_count; n++) {
        const struct group_loss *l = &k->losses[n];
        json_begin_object(j);
        put_firms(j, k, "lost", l->lost, l->lost[1] < 0 ? 1 : 2);
        json_put_key(j, "breaks");
        json_put_bool(j, l->breaks);
        put_steps(j, k, "missing", l->missing);
        if (!l->breaks) {
            json_member_real(j, "increase", money(k, l->instead.cost - k->answer.groups[0].cost));
            put_group(j, k, &l->instead);
        }
        json_end(j);
    }
    json_end(j);
}

static void put_extras(struct json *j, const struct work *k)
{
    if (k->answer.status == ASSEMBLY_INFEASIBLE)
        put_relaxations(j, k);
    if (k->w->top > 1) {
        json_put_key(j, "groups");
        json_begin_array(j);
        for (int32_t g = 0; g < k->answer.count; g++) {
            json_begin_object(j);
            put_group(j, k, &k->answer.groups[g]);
            json_end(j);
        }
        json_end(j);
    }
    if (k->w->front)
        put_front(j, k);
    if (k->w->losses)
        put_losses(j, k);
}

static void put_json(const struct work *k, struct buffer *out)
{
    static const struct group none;
    const struct group_answer *r = &k->answer;
    const struct group *g = r->count ? &r->groups[0] : &none;
    struct json j = json_writer(out);
    json_begin_object(&j);
    assemble_put_head(&j, r->status, r->count > 0, money(k, g->cost), money(k, r->bound));
    put_firms(&j, k, "members", g->members, g->count);
    if (r->count)
        put_assignment(&j, k, g);
    else {
        json_put_key(&j, "assignment");
        json_begin_object(&j);
        json_end(&j);
    }
    put_steps(&j, k, "missing", k->missing.steps);
    put_reasons(&j, k, "reasons", language());
    put_reasons(&j, k, "reasons_fr", LANGUAGE_FR);
    put_reasons(&j, k, "reasons_en", LANGUAGE_EN);
    json_put_key(&j, "sentence_fr");
    json_put_text(&j, sentence(k, LANGUAGE_FR));
    json_put_key(&j, "sentence_en");
    json_put_text(&j, sentence(k, LANGUAGE_EN));
    put_extras(&j, k);
    json_member_integer(&j, "nodes", r->nodes);
    json_member_integer(&j, "steps", r->steps);
    json_member_real(&j, "seconds", assemble_seconds(k->w));
    json_end(&j);
    buffer_char(out, '\n');
}

/* --- text ------------------------------------------------------------------------------------------ */

static void put_text(const struct work *k, struct buffer *out)
{
    const struct group_answer *r = &k->answer;
    buffer_print(out, "%s\n", sentence(k, language()));
    for (int32_t g = 0; g < r->count; g++)
        buffer_print(out, "%s  %s\n", shown(k, r->groups[g].cost),
                     firm_names(k, r->groups[g].members, r->groups[g].count));
    if (k->missing.nowhere)
        buffer_print(out, tr("Nobody at all can do %s.\n"), step_names(k, k->missing.nowhere));
    for (int kind = 0; kind < RELAXATIONS; kind++)
        if (k->missing.by[kind].helps)
            buffer_print(out, "%s\n", relaxation_sentence(k, language(), (enum relaxed)kind));
    for (int32_t f = 0; f < k->front_count; f++)
        buffer_print(out, tr("%s, %d members, %.6g km: %s\n"), shown(k, k->front[f].group.cost),
                     k->front[f].group.count, k->front[f].diameter,
                     firm_names(k, k->front[f].group.members, k->front[f].group.count));
    for (int32_t n = 0; n < k->loss_count; n++) {
        const struct group_loss *l = &k->losses[n];
        const char *lost = firm_names(k, l->lost, l->lost[1] < 0 ? 1 : 2);
        if (l->breaks)
            buffer_print(out, tr("Without %s nobody can do %s.\n"), lost, step_names(k, l->missing));
        else
            buffer_print(out, tr("Without %s it costs %s: %s\n"), lost, shown(k, l->instead.cost),
                         firm_names(k, l->instead.members, l->instead.count));
    }
}

/* --- the command ----------------------------------------------------------------------------------- */

static struct fault *study(struct work *k, const struct group_options *o)
{
    const struct group_problem *p = &k->problem.p;
    if (k->answer.status == ASSEMBLY_INFEASIBLE)
        return group_explain_missing(k->arena, p, o, &k->missing);
    if (k->w->front)
        TRY(group_front(k->arena, p, o, &k->front, &k->front_count, &k->front_whole));
    if (k->w->losses && k->answer.count)
        TRY(group_losses(k->arena, p, o, &k->answer.groups[0], &k->losses, &k->loss_count));
    return NULL;
}

struct fault *assemble_group(struct arena *a, struct assembling *w)
{
    struct work *k = NEW(a, struct work, 1);
    struct buffer *out = buffer_new(a, LIMIT_OUTPUT);
    struct slice text;
    k->arena = a;
    k->w = w;
    TRY(assemble_read_file(a, w->problem, LIMIT_PROBLEM, &text));
    TRY(assemble_problem_read(a, text, &k->problem));
    if (w->seconds < 0)
        w->seconds = k->problem.seconds < 0 ? USUAL_SECONDS : k->problem.seconds;
    struct group_options o = {.budget = (int64_t)(w->seconds * steps_a_second),
                              .best = w->top,
                              .decimals = k->problem.decimals,
                              .go_on = assemble_go_on,
                              .with = w};
    if (w->proof && w->top > 1)
        return usage_fault("--proof --top");
    if (w->proof)
        TRY(assemble_proof_open(a, w->proof, &o.proof));
    TRY(group_solve(a, &k->problem.p, &o, &k->answer));
    TRY(study(k, &o));
    if (isatty(STDERR_FILENO))
        (void)fputc('\n', stderr);
    if (w->json)
        put_json(k, out);
    else
        put_text(k, out);
    return answer_print(out);
}
