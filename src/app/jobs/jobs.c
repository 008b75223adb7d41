/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs.c - asking for a job, watching and cancelling it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "files/files.h"
#include "i18n/i18n.h"
#include "jobs/internal.h"
#include "text/buffer.h"
#include "text/json.h"

struct jobs *jobs_new(struct db *roster)
{
    struct jobs *j = calloc(1, sizeof *j);
    if (!j)
        abort();
    j->roster = roster;
    (void)snprintf(j->runner, sizeof j->runner, "%llx", (unsigned long long)new_id());
    bell_hang(&j->bell);
    return j;
}

void jobs_free(struct jobs *j)
{
    if (!j)
        return;
    bell_remove(&j->bell);
    free(j);
}

void jobs_add_kinds(struct jobs *j, const struct job_kind *kinds, size_t count)
{
    for (size_t i = 0; i < count && j->kind_count < JOB_MOST_KINDS; i++)
        j->kinds[j->kind_count++] = kinds[i];
}

const struct job_kind *job_kind_named(const struct jobs *j, const char *name)
{
    for (size_t i = 0; i < j->kind_count; i++)
        if (strcmp(j->kinds[i].name, name) == 0)
            return &j->kinds[i];
    return NULL;
}

void jobs_ring(struct jobs *j)
{
    bell_ring(&j->bell);
}

void jobs_wait(struct jobs *j, int most_ms)
{
    bell_wait(&j->bell, most_ms);
}

/* --- words ------------------------------------------------------------------------------------------ */

static const char *const state_names[] = {[JOB_WAITING] = "waiting",
                                          [JOB_RUNNING] = "running",
                                          [JOB_DONE] = "done",
                                          [JOB_FAILED] = "failed",
                                          [JOB_CANCELLED] = "cancelled"};

const char *job_state_name(enum job_state state)
{
    return state_names[state];
}

enum job_state job_state_named(const char *name)
{
    for (size_t i = 0; i < COUNT(state_names); i++)
        if (strcmp(name, state_names[i]) == 0)
            return (enum job_state)i;
    return JOB_FAILED;
}

static const char *arguments_json(struct arena *a, const char *const *arguments)
{
    struct buffer *b = buffer_new(a, LIMIT_BODY);
    struct json j = json_writer(b);
    json_begin_object(&j);
    for (; arguments && arguments[0]; arguments += 2) {
        json_put_key(&j, arguments[0]);
        json_put_text(&j, arguments[1]);
    }
    json_end(&j);
    return buffer_string(b);
}

const char *job_argument_of(struct arena *a, const char *json, const char *name)
{
    json_t *all = json_loads(json, 0, NULL);
    const char *value = json_string_value(json_object_get(all, name));
    const char *kept = value ? arena_print(a, "%s", value) : "";
    json_decref(all);
    return kept;
}

struct fault *job_file_path(struct arena *a, const struct space *s, int64_t id, bool make, char **path)
{
    const char *all = arena_print(a, "%s/jobs", space_folder(s));
    const char *mine = arena_print(a, "%s/%s", all, space_name(s));
    *path = arena_print(a, "%s/%lld", mine, (long long)id);
    if (!make)
        return NULL;
    TRY(folder_make(all));
    return folder_make(mine);
}

const char *job_readings_path(struct arena *a, const char *path)
{
    return arena_print(a, "%s.readings", path);
}

/* --- asking ----------------------------------------------------------------------------------------- */

/* The job of the same wish that is under way, or a new one. */
static struct fault *add(struct door *d, struct job_row *row, int64_t *id)
{
    int64_t open = 0;
    struct connection *c = transaction_connection(door_transaction(d));
    TRY(jobs_same(c, row, id));
    if (*id)
        return NULL;
    TRY(jobs_open_count(c, row->person, &open));
    if (open >= JOB_MOST_OPEN)
        return fault(FAULT_LIMIT, "%d of your jobs wait or run already: wait until one has ended.",
                     JOB_MOST_OPEN);
    *id = row->id;
    return jobs_add(door_transaction(d), row);
}

/* In a transaction of its own: it can be found as soon as it is rung for, whatever the caller is about. */
static struct fault *add_now(struct space *space, struct job_row *row, int64_t *id)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    TRY(door_open_program(space, work, &d));
    TRY(door_begin(d));
    TRY(add(d, row, id));
    return door_commit(d);
}

/* Woken before and after: should this process die in between, the job is found all the same, a little later,
 * or at the latest by jobs_sweep(). */
struct fault *job_ask(struct jobs *j, struct door *d, const char *kind, const char *const *arguments,
                      int64_t *id)
{
    const char *space = space_name(door_space(d));
    int64_t now = now_us();
    struct job_row row = {.id = new_id(),
                          .kind = kind,
                          .arguments = arguments_json(door_arena(d), arguments),
                          .person = door_viewer(d)->person,
                          .language = language_code(language()),
                          .due_us = now,
                          .created_us = now};
    if (!row.person)
        return fault(FAULT_DENIED, "Sign in to ask for this.");
    TRY(roster_wake(j->roster, space, now + JOB_LEASE_S * SECOND_US));
    TRY(add_now(door_space(d), &row, id));
    TRY(roster_wake(j->roster, space, now));
    jobs_ring(j);
    return NULL;
}

/* --- watching --------------------------------------------------------------------------------------- */

static bool sees_all(const struct door *d)
{
    return door_viewer(d)->program || (door_viewer(d)->roles & ROLE_FACILITATOR) != 0;
}

static bool own(const struct door *d, const struct job_row *row)
{
    return row->person != 0 && row->person == door_viewer(d)->person;
}

static struct fault *find_row(struct door *d, int64_t id, struct job_row **row)
{
    size_t count = 0;
    TRY(jobs_find(door_connection(d), door_arena(d), id, row, &count));
    return count && (sees_all(d) || own(d, *row)) ? NULL : fault(FAULT_NOT_FOUND, "There is no such job.");
}

/* From the pace so far, once there is some of it; rounded up by whoever shows it. */
static int64_t left_of(const struct job *j)
{
    enum { SECONDS_FIRST = 2, SHARE_FIRST = 50 };
    int64_t ran_us = j->state == JOB_RUNNING ? now_us() - j->started_us : 0;
    if (j->total <= 0 || j->done * SHARE_FIRST < j->total || ran_us < SECONDS_FIRST * SECOND_US)
        return UNKNOWN_INTEGER;
    double share = (double)j->done / (double)j->total;
    return share >= 1 ? 0 : (int64_t)((double)ran_us / SECOND_US * (1 - share) / share);
}

static uint64_t version_of(const struct job_row *row, const struct roster_live_row *live)
{
    uint64_t of_row = (uint64_t)row->taken * 8 + (uint64_t)job_state_named(row->state);
    return (uint64_t)row->id ^ of_row << 40 ^ (live ? (uint64_t)live->changes : 0);
}

static void fill(const struct jobs *jobs, struct door *d, const struct job_row *row,
                 const struct roster_live_row *live, const char *person_name, struct job *j)
{
    const struct job_kind *kind = job_kind_named(jobs, row->kind);
    bool wish = live && live->cancel;
    *j = (struct job){.id = row->id,
                      .person = row->person,
                      .kind = row->kind,
                      .title = kind ? tr(kind->title) : row->kind,
                      .person_name = person_name,
                      .about = job_argument_of(door_arena(d), row->arguments, "about"),
                      .state = job_state_named(row->state),
                      .again = row->failures > 0,
                      .note = live && *live->note ? tr(live->note) : "",
                      .done = live ? live->done : 0,
                      .total = live ? live->total : 0,
                      .created_us = row->created_us,
                      .started_us = row->started_us,
                      .ended_us = row->ended_us,
                      .due_us = row->due_us,
                      .problem = row->problem,
                      .version = version_of(row, live)};
    bool kept = known_integer(row->ended_us) && row->ended_us > now_us() - JOB_FILE_AGE_S * SECOND_US;
    j->file_name = kept && own(d, row) ? row->file_name : NULL;
    if (j->state == JOB_WAITING && wish) /* it will never run */
        j->state = JOB_CANCELLED;
    const char *link = job_argument_of(door_arena(d), row->arguments, "link");
    j->link = j->state == JOB_DONE && *link ? link : NULL;
    j->cancelling = j->state == JOB_RUNNING && wish;
    j->left_s = left_of(j);
}

struct fault *job_find(struct jobs *jobs, struct door *d, int64_t id, struct job *j)
{
    struct job_row *row = NULL;
    struct roster_live_row *live = NULL;
    const char **name = NULL;
    size_t count = 0;
    TRY(find_row(d, id, &row));
    TRY(roster_jobs_live(jobs->roster, door_arena(d), space_name(door_space(d)), id, &live, &count));
    TRY(door_names(d, &person_type, &row->person, 1, &name));
    fill(jobs, d, row, count ? live : NULL, name[0], j);
    return NULL;
}

struct fault *job_version(struct jobs *jobs, struct door *d, int64_t id, uint64_t *version)
{
    struct job_row *row = NULL;
    struct roster_live_row *live = NULL;
    size_t count = 0;
    TRY(find_row(d, id, &row));
    TRY(roster_jobs_live(jobs->roster, door_arena(d), space_name(door_space(d)), id, &live, &count));
    *version = version_of(row, count ? live : NULL);
    return NULL;
}

struct fault *job_list(struct jobs *jobs, struct door *d, int64_t most, struct job **list, size_t *count)
{
    struct arena *a = door_arena(d);
    struct job_row *rows = NULL;
    struct roster_live_row *live = NULL;
    const char **names = NULL;
    size_t live_count = 0;
    *count = 0;
    if (!sees_all(d) && !door_viewer(d)->person)
        return fault(FAULT_DENIED, "Sign in to see your jobs.");
    TRY(jobs_recent(door_connection(d), a, sees_all(d) ? 0 : door_viewer(d)->person, most, &rows, count));
    TRY(roster_jobs_live(jobs->roster, a, space_name(door_space(d)), 0, &live, &live_count));
    int64_t *people = NEW(a, int64_t, *count + 1);
    for (size_t i = 0; i < *count; i++)
        people[i] = rows[i].person;
    TRY(door_names(d, &person_type, people, *count, &names));
    *list = NEW(a, struct job, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        const struct roster_live_row *of_it = NULL;
        for (size_t k = 0; k < live_count; k++)
            of_it = live[k].job == rows[i].id ? &live[k] : of_it;
        fill(jobs, d, &rows[i], of_it, names[i], &(*list)[i]);
    }
    return NULL;
}

struct fault *job_cancel(struct jobs *jobs, struct door *d, int64_t id)
{
    struct job_row *row = NULL;
    const char *space = space_name(door_space(d));
    TRY(find_row(d, id, &row));
    if (known_integer(row->ended_us))
        return fault(FAULT_CONFLICT, "This job has ended already.");
    TRY(roster_job_cancel(jobs->roster, space, id));
    TRY(roster_wake(jobs->roster, space, now_us()));
    jobs_ring(jobs);
    return NULL;
}

struct fault *job_file_read(struct jobs *jobs, struct door *d, int64_t id, struct slice *content,
                            const char **name, const char **type)
{
    struct job_row *row = NULL;
    struct job j;
    struct arena *a = door_arena(d);
    struct slice read;
    char *path = NULL;
    bool there = false;
    TRY(find_row(d, id, &row));
    fill(jobs, d, row, NULL, NULL, &j);
    if (j.file_name) {
        TRY(job_file_path(a, door_space(d), id, false, &path));
        TRY(file_read(a, path, LIMIT_RESPONSE, content, &there));
    }
    if (there)
        TRY(file_read(a, job_readings_path(a, path), LIMIT_RESPONSE, &read, &there));
    if (!there) /* of which it is not known who would be told, neither */
        return fault(FAULT_NOT_FOUND, "This file is not here any more.");
    TRY(door_note_held(d, read));
    *name = row->file_name;
    *type = row->type;
    return NULL;
}

struct fault *job_outcome(struct door *d, int64_t id, const char **outcome)
{
    struct job_row *row = NULL;
    TRY(find_row(d, id, &row));
    if (!own(d, row))
        return fault(FAULT_NOT_FOUND, "There is no such job.");
    return jobs_outcome(door_connection(d), door_arena(d), id, outcome);
}
