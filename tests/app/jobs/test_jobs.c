/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Jobs asked for, done, tried again, cancelled, and taken up by another when whoever did them is gone. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/scene.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "jobs/internal.h"
#include "roster/roster.h"
#include "roster/work.h"

enum { FIRMS = 12 };

struct office {
    struct scene *scene;
    struct db *roster;
    struct jobs *jobs;
    bool stopping;
    int64_t asker, rival, facilitator;
};

/* What the kinds of these tests are to do; they run in this very thread. */
static struct plan_of_work {
    struct office *office, *other; /* other: a second process, as it were */
    enum fault_code code;          /* of the fault that fails() raises */
    int runs, kill_at, step;
    int64_t job;
} plan;

/* --- kinds ------------------------------------------------------------------------------------------ */

static struct fault *link_to_it(struct job_run *r)
{
    plan.runs++;
    TRY(job_step(r, 1, 2, N_("Halfway")));
    return job_file(r, "list.csv", "text/csv", S("a;b\n"));
}

/* As a list is made into a file: what is confided is read on the way. */
static struct fault *reads_firms(struct job_run *r)
{
    struct list_page page;
    door_read_as(job_door(r), READING_EXPORT);
    TRY(door_list(job_door(r), &(struct list_request){.type = &organisation_type}, &page));
    return job_file(r, "firms.csv", "text/csv", S("firms\n"));
}

static struct fault *fails(struct job_run *r)
{
    (void)r;
    plan.runs++;
    return fault(plan.code, "The sky fell.");
}

static void maybe_die(void)
{
    if (plan.kill_at && ++plan.step == plan.kill_at)
        (void)kill(getpid(), SIGKILL);
}

static struct fault *add_firm(struct door *d, const char *name)
{
    struct organisation o;
    record_clear(&organisation_type, &o);
    o.name = name;
    o.kind = "company";
    o.visibility = "public";
    return door_save(d, organisation, &o, ALL_FIELDS);
}

/* As imports do it: all in one transaction, which ends the job as well. */
static struct fault *adds_firms(struct job_run *r)
{
    struct door *d = NULL;
    plan.runs++;
    TRY(door_open_program(door_space(job_door(r)), job_arena(r), &d));
    TRY(door_begin(d));
    for (int i = 0; i < FIRMS; i++) {
        maybe_die();
        TRY(job_step(r, i, FIRMS, N_("Halfway")));
        TRY(add_firm(d, arena_print(job_arena(r), "Firm %d", i)));
    }
    TRY(job_done_in(r, d, "kept"));
    maybe_die();
    TRY(door_commit(d));
    maybe_die();
    return NULL;
}

static struct fault *cancels_itself(struct job_run *r)
{
    ARENA_SCOPE(work);
    struct door *d = NULL, *asker = NULL;
    TRY(door_open(door_space(job_door(r)), work, plan.office->asker, &asker));
    TRY(door_open_program(door_space(job_door(r)), job_arena(r), &d));
    TRY(door_begin(d));
    TRY(add_firm(d, "Half done"));
    TRY(job_cancel(plan.office->jobs, asker, plan.job));
    for (int i = 0; i < 1000; i++) {
        TRY(job_step(r, i, 1000, NULL));
        (void)usleep(2000);
    }
    return door_commit(d);
}

static bool never(void *house)
{
    return ((struct office *)house)->stopping;
}
static struct space *only_space(void *house, const char *name)
{
    (void)name;
    return ((struct office *)house)->scene->space;
}
static void nothing_else(void *house, const struct space *busy)
{
    (void)house, (void)busy;
}

static size_t work(struct office *o)
{
    size_t ran = 0;
    assert_ok(jobs_work(o->jobs, &(struct job_house){only_space, nothing_else, never, o}, &ran));
    return ran;
}

/* This process stalls for longer than its lease: another does the job meanwhile. */
static struct fault *is_overtaken(struct job_run *r)
{
    if (plan.runs++ == 0) {
        clock_hold(now_us() + (JOB_LEASE_S + 1) * SECOND_US);
        assert_int_equal(work(plan.other), 1);
    }
    return adds_firms(r);
}

static struct fault *stops_with_the_house(struct job_run *r)
{
    plan.runs++;
    plan.office->stopping = plan.runs == 1;
    return job_step(r, 0, 1, NULL);
}

static const struct job_kind kinds[] = {
    {"link", N_("Halfway"), link_to_it, NULL},           {"fails", N_("Halfway"), fails, NULL},
    {"firms", N_("Halfway"), adds_firms, NULL},          {"cancels", N_("Halfway"), cancels_itself, NULL},
    {"reads", N_("Halfway"), reads_firms, NULL},         {"overtaken", N_("Halfway"), is_overtaken, NULL},
    {"stops", N_("Halfway"), stops_with_the_house, NULL}};

/* --- the office ------------------------------------------------------------------------------------- */

static struct office *office_on(struct scene *s)
{
    struct office *o = NEW(s->arena, struct office, 1);
    o->scene = s;
    assert_ok(roster_open(arena_print(s->arena, "%s/directory.db", s->folder), true, &o->roster));
    o->jobs = jobs_new(o->roster);
    jobs_add_kinds(o->jobs, kinds, COUNT(kinds));
    return o;
}

static void office_close(struct office *o)
{
    jobs_free(o->jobs);
    db_close(o->roster);
}

static int setup(void **state)
{
    void *scene = NULL;
    if (scene_open(&scene))
        return 1;
    struct office *o = office_on(scene);
    o->asker = scene_person(o->scene, "Anne", "member", 0);
    o->rival = scene_person(o->scene, "Rival", "member", 0);
    o->facilitator = scene_person(o->scene, "Claire", "facilitator", 0);
    plan = (struct plan_of_work){.office = o};
    language_set(LANGUAGE_EN);
    *state = o;
    return 0;
}

static int teardown(void **state)
{
    struct office *o = *state;
    void *scene = o->scene;
    clock_hold(0);
    office_close(o);
    return scene_close(&scene);
}

static int64_t ask(struct office *o, const char *kind)
{
    static const char *const arguments[] = {"link", "/annuaire", NULL};
    int64_t id = 0;
    assert_ok(job_ask(o->jobs, scene_door(o->scene, o->asker), kind, arguments, &id));
    plan.job = id;
    return id;
}

static struct job job_as(struct office *o, int64_t person, int64_t id)
{
    struct job j;
    assert_ok(job_find(o->jobs, scene_door(o->scene, person), id, &j));
    return j;
}

static int64_t firms_in(struct office *o)
{
    struct list_page page;
    assert_ok(door_list(scene_program(o->scene),
                        &(struct list_request){.type = &organisation_type, .per_page = 1}, &page));
    return page.total;
}

static void later(int64_t seconds)
{
    clock_hold(now_us() + seconds * SECOND_US);
}

/* --- tests ------------------------------------------------------------------------------------------ */

static void a_job_is_done_and_leaves_its_result(void **state)
{
    struct office *o = *state;
    int64_t id = ask(o, "link"), same = ask(o, "link");
    struct slice content;
    const char *name, *type;
    assert_int_equal(id, same); /* asked twice before it began */
    assert_int_equal(job_as(o, o->asker, id).state, JOB_WAITING);
    assert_int_equal(work(o), 1);
    struct job j = job_as(o, o->asker, id);
    assert_int_equal(j.state, JOB_DONE);
    assert_string_equal(j.link, "/annuaire");
    assert_string_equal(j.file_name, "list.csv");
    assert_ok(job_file_read(o->jobs, scene_door(o->scene, o->asker), id, &content, &name, &type));
    assert_true(slice_equal(content, S("a;b\n")));
    assert_int_equal(work(o), 0);
    assert_int_equal(plan.runs, 1);
    assert_int_not_equal(ask(o, "link"), id); /* the old one has ended */
}

/* Exports of a firm, as it is told of them. */
static int64_t exports_of(struct office *o, int64_t firm)
{
    struct reading_line *lines = NULL;
    size_t count = 0;
    int64_t times = 0;
    assert_ok(space_seal(o->scene->space));
    assert_ok(door_readings(scene_door(o->scene, o->facilitator), &organisation_type, firm, &lines, &count));
    for (size_t i = 0; i < count; i++)
        times += lines[i].kind == READING_EXPORT ? lines[i].times : 0;
    return times;
}

static void a_file_is_read_when_it_is_fetched(void **state)
{
    struct office *o = *state;
    struct slice content;
    const char *name, *type;
    char *path = NULL;
    int64_t firm = scene_organisation(o->scene, "Discrète", "confidential");
    o->asker = scene_person(o->scene, "Ali", "member", firm);
    int64_t id = ask(o, "reads");
    assert_int_equal(work(o), 1);
    assert_int_equal(exports_of(o, firm), 0);
    for (int fetched = 1; fetched < 3; fetched++) {
        assert_ok(job_file_read(o->jobs, scene_door(o->scene, o->asker), id, &content, &name, &type));
        assert_true(slice_equal(content, S("firms\n")));
        assert_int_equal(exports_of(o, firm), fetched);
    }
    /* without what was read for it, it is given to nobody */
    assert_ok(job_file_path(o->scene->arena, o->scene->space, id, false, &path));
    assert_int_equal(unlink(job_readings_path(o->scene->arena, path)), 0);
    assert_fault(job_file_read(o->jobs, scene_door(o->scene, o->asker), id, &content, &name, &type),
                 FAULT_NOT_FOUND);
    assert_int_equal(exports_of(o, firm), 2);
}

static void a_job_is_its_askers_and_the_facilitators(void **state)
{
    struct office *o = *state;
    int64_t id = ask(o, "link"), none = 0;
    struct job j, *list;
    struct slice content;
    const char *name, *type;
    size_t count;
    (void)work(o);
    assert_fault(job_find(o->jobs, scene_door(o->scene, o->rival), id, &j), FAULT_NOT_FOUND);
    assert_fault(job_cancel(o->jobs, scene_door(o->scene, o->rival), id), FAULT_NOT_FOUND);
    assert_fault(job_file_read(o->jobs, scene_door(o->scene, o->rival), id, &content, &name, &type),
                 FAULT_NOT_FOUND);
    assert_ok(job_list(o->jobs, scene_door(o->scene, o->rival), 50, &list, &count));
    assert_int_equal(count, 0);
    assert_ok(job_list(o->jobs, scene_door(o->scene, o->facilitator), 50, &list, &count));
    assert_int_equal(count, 1);
    assert_string_equal(list[0].person_name, "Anne");
    assert_null(job_as(o, o->facilitator, id).file_name); /* she may see less than the asker does */
    assert_fault(job_file_read(o->jobs, scene_door(o->scene, o->facilitator), id, &content, &name, &type),
                 FAULT_NOT_FOUND);
    assert_fault(job_ask(o->jobs, scene_door(o->scene, 0), "link", NULL, &none), FAULT_DENIED);
}

static void a_fault_that_may_pass_is_tried_again_later_and_later(void **state)
{
    struct office *o = *state;
    int64_t id = ask(o, "fails");
    static const int64_t pauses[] = {5, 25, 125, 625};
    plan.code = FAULT_IO;
    for (size_t i = 0; i < COUNT(pauses); i++) {
        (void)work(o);
        assert_int_equal(plan.runs, i + 1);
        assert_true(job_as(o, o->asker, id).again);
        later(pauses[i] - 1);
        assert_int_equal(work(o), 0);
        later(2);
    }
    (void)work(o);
    assert_int_equal(plan.runs, JOB_MOST_FAILURES);
    assert_int_equal(job_as(o, o->asker, id).state, JOB_FAILED);
    assert_string_equal(job_as(o, o->asker, id).problem, "The sky fell.");
}

static void any_other_fault_ends_it(void **state)
{
    struct office *o = *state;
    int64_t id = ask(o, "fails"), unknown = ask(o, "no such kind");
    plan.code = FAULT_INVALID;
    assert_int_equal(work(o), 2);
    assert_int_equal(plan.runs, 1);
    assert_int_equal(job_as(o, o->asker, id).state, JOB_FAILED);
    assert_int_equal(job_as(o, o->asker, unknown).state, JOB_FAILED);
}

static void one_that_waits_can_be_cancelled(void **state)
{
    struct office *o = *state;
    int64_t id = ask(o, "link");
    assert_ok(job_cancel(o->jobs, scene_door(o->scene, o->asker), id));
    assert_int_equal(job_as(o, o->asker, id).state, JOB_CANCELLED); /* at once */
    (void)work(o);
    assert_int_equal(plan.runs, 0);
    assert_int_equal(job_as(o, o->asker, id).state, JOB_CANCELLED);
    assert_fault(job_cancel(o->jobs, scene_door(o->scene, o->asker), id), FAULT_CONFLICT);
}

static void one_that_runs_can_be_cancelled_and_leaves_nothing(void **state)
{
    struct office *o = *state;
    int64_t id = ask(o, "cancels"), before = monotonic_us();
    (void)work(o);
    assert_true(monotonic_us() - before < SECOND_US);
    assert_int_equal(job_as(o, o->asker, id).state, JOB_CANCELLED);
    assert_int_equal(firms_in(o), 0);
}

static void what_the_end_of_the_server_interrupts_goes_on_afterwards(void **state)
{
    struct office *o = *state;
    int64_t id = ask(o, "stops");
    (void)work(o);
    assert_int_equal(job_as(o, o->asker, id).state, JOB_WAITING);
    assert_false(job_as(o, o->asker, id).again);
    o->stopping = false;
    assert_int_equal(work(o), 1);
    assert_int_equal(job_as(o, o->asker, id).state, JOB_DONE);
}

static void whoever_lost_the_job_can_not_end_it(void **state)
{
    struct office *o = *state, *other = office_on(o->scene);
    plan.other = other;
    int64_t id = ask(o, "overtaken");
    (void)work(o);
    assert_int_equal(plan.runs, 4); /* two began, each adds firms */
    assert_int_equal(firms_in(o), FIRMS);
    assert_int_equal(job_as(o, o->asker, id).state, JOB_DONE);
    office_close(other);
}

static void a_lease_that_is_held_is_nobody_elses(void **state)
{
    struct office *o = *state;
    int64_t id = ask(o, "link");
    bool mine = false;
    const char *space = space_name(o->scene->space);
    assert_ok(roster_job_take(o->roster, space, id, "another", now_us() + JOB_LEASE_S * SECOND_US, &mine));
    assert_true(mine);
    assert_int_equal(work(o), 0);
    later(JOB_LEASE_S + 1);
    assert_int_equal(work(o), 1);
    assert_int_equal(job_as(o, o->asker, id).state, JOB_DONE);
}

static void an_asker_who_may_not_sign_in_any_more_gets_nothing(void **state)
{
    struct office *o = *state;
    int64_t id = ask(o, "firms");
    struct person p;
    struct door *d = scene_program(o->scene);
    assert_ok(door_load(d, person, o->asker, &p, NULL));
    p.active = FLAG_NO;
    assert_ok(door_save(d, person, &p, ALL_FIELDS));
    (void)work(o);
    assert_int_equal(job_as(o, o->facilitator, id).state, JOB_FAILED);
    assert_int_equal(firms_in(o), 0);
}

static void an_idle_server_looks_at_no_space(void **state)
{
    struct office *o = *state;
    struct roster_wake_row *due = NULL;
    size_t count = 9;
    (void)ask(o, "link");
    assert_ok(roster_due(o->roster, o->scene->arena, now_us(), &due, &count));
    assert_int_equal(count, 1);
    (void)work(o);
    later(3600 * 24 * 365);
    assert_ok(roster_due(o->roster, o->scene->arena, now_us(), &due, &count));
    assert_int_equal(count, 0);
}

/* --- killed at every step ----------------------------------------------------------------------------- */

/* In a process of its own: an open database does not survive a fork. */
static int child_works(const char *folder, int kill_at)
{
    struct office o = {0};
    struct scene s = {.arena = arena_new(LIMIT_COMMAND_MEMORY)};
    (void)snprintf(s.folder, sizeof s.folder, "%s", folder);
    if (space_open(arena_print(s.arena, "%s/space.db", folder), &s.space))
        return 2;
    o = (struct office){.scene = &s};
    if (roster_open(arena_print(s.arena, "%s/directory.db", folder), false, &o.roster))
        return 3;
    o.jobs = jobs_new(o.roster);
    jobs_add_kinds(o.jobs, kinds, COUNT(kinds));
    plan.kill_at = kill_at;
    return jobs_work(o.jobs, &(struct job_house){only_space, nothing_else, never, &o}, NULL) ? 5 : 0;
}

/* From before its first step to after its commit: whole or absent, and whole in the end, once. */
static void killed_anywhere_it_happens_once(void **state)
{
    struct office *o = *state;
    for (int kill_at = 1; kill_at <= FIRMS + 2; kill_at++) {
        int64_t before = firms_in(o), id = ask(o, "firms");
        pid_t child = fork();
        if (child == 0) {
            (void)execl("/proc/self/exe", "test_jobs", o->scene->folder,
                        arena_print(o->scene->arena, "%d", kill_at), (char *)NULL);
            _exit(4);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        bool whole = kill_at > FIRMS + 1;
        assert_int_equal(firms_in(o) - before, whole ? FIRMS : 0);
        plan.kill_at = 0;
        later(JOB_LEASE_S + 1);
        (void)work(o);
        assert_int_equal(firms_in(o) - before, FIRMS);
        assert_int_equal(job_as(o, o->asker, id).state, JOB_DONE);
        clock_hold(0); /* the next process has the true time */
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    if (argc == 3)
        return child_works(argv[1], atoi(argv[2]));
    const struct CMUnitTest tests[] = {
        TEST(a_job_is_done_and_leaves_its_result),
        TEST(a_file_is_read_when_it_is_fetched),
        TEST(a_job_is_its_askers_and_the_facilitators),
        TEST(a_fault_that_may_pass_is_tried_again_later_and_later),
        TEST(any_other_fault_ends_it),
        TEST(one_that_waits_can_be_cancelled),
        TEST(one_that_runs_can_be_cancelled_and_leaves_nothing),
        TEST(what_the_end_of_the_server_interrupts_goes_on_afterwards),
        TEST(whoever_lost_the_job_can_not_end_it),
        TEST(a_lease_that_is_held_is_nobody_elses),
        TEST(an_asker_who_may_not_sign_in_any_more_gets_nothing),
        TEST(an_idle_server_looks_at_no_space),
        TEST(killed_anywhere_it_happens_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
