/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* job_runner.c - jobs taken up, done, and ended: by one thread of each process that shares a directory. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock/clock.h"
#include "files/files.h"
#include "i18n/i18n.h"
#include "jobs/internal.h"
#include "log/log.h"

enum stop { STOP_NOT, STOP_CANCELLED, STOP_HOUSE, STOP_LOST };

struct job_run {
    struct jobs *jobs;
    const struct job_house *house;
    const struct job_kind *kind;
    struct space *space;
    struct job_row row;          /* as it will be when it has ended; texts live in `arena` */
    struct roster_live_row live; /* as it was written last */
    struct arena *arena, *texts; /* texts: outlives the door */
    struct door *door;
    int64_t asked_us, beat_us, turned_us; /* monotonic: when each was done last */
    enum stop stop;
    bool ended; /* by the transaction of the work itself */
};

struct arena *job_arena(const struct job_run *r)
{
    return r->arena;
}

struct door *job_door(const struct job_run *r)
{
    return r->door;
}

void *job_owner(const struct job_run *r)
{
    return r->kind->owner;
}

const char *job_argument(const struct job_run *r, const char *name)
{
    return job_argument_of(r->arena, r->row.arguments, name);
}

int64_t job_id(const struct job_run *r)
{
    return r->row.id;
}

struct fault *job_file(struct job_run *r, const char *file_name, const char *type, struct slice content)
{
    char *path = NULL;
    TRY(job_file_path(r->arena, r->space, r->row.id, true, &path));
    TRY(file_write(r->arena, job_readings_path(r->arena, path), door_held_readings(r->door)));
    TRY(file_write(r->arena, path, content));
    r->row.file_name = arena_print(r->texts, "%s", file_name);
    r->row.type = arena_print(r->texts, "%s", type);
    return NULL;
}

/* --- while it runs ---------------------------------------------------------------------------------- */

static struct fault *stopped(struct job_run *r, enum stop why)
{
    r->stop = why;
    return fault(FAULT_CONFLICT, "This job was stopped.");
}

/* The lease is kept, the progress written. A directory that does not answer is no reason to stop before the
 * lease has run out. */
static struct fault *beat(struct job_run *r, int64_t now)
{
    bool mine = false;
    int64_t until = r->live.until_us;
    r->live.until_us = now_us() + JOB_LEASE_S * SECOND_US;
    struct fault *failed = roster_job_beat(r->jobs->roster, space_name(r->space), &r->live, &mine);
    r->beat_us = now;
    if (failed) {
        log_fault("job", failed);
        r->live.until_us = until;
        mine = now_us() < until;
    }
    return mine ? NULL : stopped(r, STOP_LOST);
}

struct fault *job_step(struct job_run *r, int64_t done, int64_t total, const char *note)
{
    enum { ASK_US = 250000, BEAT_US = 1000000 };
    int64_t now = monotonic_us();
    bool fresh = note && strcmp(note, r->live.note) != 0, cancelled = false;
    if (r->stop)
        return stopped(r, r->stop);
    if (r->house->stopping(r->house->house))
        return stopped(r, STOP_HOUSE);
    r->live.done = done;
    r->live.total = total;
    r->live.note = note ? note : r->live.note;
    if (!fresh && now - r->asked_us < ASK_US)
        return NULL;
    r->asked_us = now;
    TRY(roster_job_cancelled(r->jobs->roster, space_name(r->space), r->row.id, &cancelled));
    if (cancelled)
        return stopped(r, STOP_CANCELLED);
    if (fresh || now - r->beat_us >= BEAT_US)
        TRY(beat(r, now));
    if (now - r->turned_us >= BEAT_US) {
        r->turned_us = now;
        r->house->turn(r->house->house, r->space);
    }
    return NULL;
}

static struct fault *end_in(struct job_run *r, struct transaction *t, enum job_state state,
                            const char *outcome)
{
    bool mine = false;
    r->row.state = job_state_name(state);
    r->row.ended_us = now_us();
    TRY(jobs_end(t, &r->row, outcome, &mine));
    return mine ? NULL : stopped(r, STOP_LOST);
}

struct fault *job_done_in(struct job_run *r, struct door *d, const char *outcome)
{
    TRY(end_in(r, door_transaction(d), JOB_DONE, outcome));
    r->ended = true;
    return NULL;
}

/* --- the end ---------------------------------------------------------------------------------------- */

typedef struct fault *row_change(struct job_run *, struct transaction *);

static struct fault *in_transaction(struct job_run *r, row_change *change)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    TRY(door_open_program(r->space, work, &d));
    TRY(door_begin(d));
    TRY(change(r, door_transaction(d)));
    return door_commit(d);
}

static struct fault *take(struct job_run *r, struct transaction *t)
{
    bool mine = false;
    int64_t now = now_us();
    TRY(jobs_take(t, &r->row, now, &mine));
    if (!mine)
        return stopped(r, STOP_LOST);
    r->row.failures += job_state_named(r->row.state) == JOB_RUNNING; /* whoever had it never came back */
    r->row.taken++;
    r->row.started_us = now;
    return NULL;
}

static struct fault *end(struct job_run *r, struct transaction *t)
{
    return end_in(r, t, job_state_named(r->row.state), NULL);
}

static struct fault *put_back(struct job_run *r, struct transaction *t)
{
    bool mine = false;
    return jobs_put_back(t, &r->row, &mine);
}

/* Later and later: 5 s, 25 s, two minutes, ten. */
static int64_t pause_us(int64_t failures)
{
    int64_t seconds = 1;
    for (int64_t i = 0; i < failures; i++)
        seconds *= 5;
    return seconds * SECOND_US;
}

static struct fault *give_up(struct job_run *r, const char *problem)
{
    r->row.problem = arena_print(r->texts, "%s", problem);
    r->row.state = job_state_name(JOB_FAILED);
    return in_transaction(r, end);
}

/* What becomes of it, by how the work ended. */
static struct fault *conclude(struct job_run *r, const struct fault *failed)
{
    if (r->stop == STOP_LOST)
        return NULL;
    if (!failed || r->stop == STOP_CANCELLED) {
        r->row.state = job_state_name(failed ? JOB_CANCELLED : JOB_DONE);
        return r->ended && !failed ? NULL : in_transaction(r, end);
    }
    bool later = failed->code == FAULT_IO && r->row.failures + 1 < JOB_MOST_FAILURES;
    if (r->stop != STOP_HOUSE && !later)
        return give_up(r, failed->text);
    r->row.failures += r->stop != STOP_HOUSE;
    r->row.due_us = now_us() + (r->stop == STOP_HOUSE ? 0 : pause_us(r->row.failures));
    return in_transaction(r, put_back);
}

static struct fault *work(struct job_run *r)
{
    const struct job_kind *kind = job_kind_named(r->jobs, r->row.kind);
    if (!kind)
        return fault(FAULT_INVALID, "This version of Grappe does not know such a job.");
    if (r->row.failures >= JOB_MOST_FAILURES)
        return fault(FAULT_LIMIT, "This job was begun %d times, and the server ended each time.",
                     JOB_MOST_FAILURES);
    r->kind = kind;
    TRY(door_open(r->space, r->arena, r->row.person, &r->door));
    door_hold_readings(r->door);
    if (!viewer_signed_in(door_viewer(r->door)))
        return fault(FAULT_DENIED, "Whoever asked for this may no longer sign in.");
    return kind->run(r);
}

/* The work's own transaction is undone with its arena, before the row is written in another. */
static struct fault *run(struct job_run *r)
{
    enum language before = language(), spoken = LANGUAGE_FR;
    (void)language_parse(r->row.language, &spoken);
    language_set(spoken);
    r->arena = arena_new(LIMIT_JOB_MEMORY);
    struct fault *failed = work(r), kept = {0};
    if (failed)
        kept = *failed;
    if (failed && r->stop == STOP_NOT && failed->code != FAULT_IO)
        log_fault("job", failed);
    arena_free(r->arena);
    failed = conclude(r, failed ? &kept : NULL);
    language_set(before);
    return failed;
}

/* --- whose turn it is ------------------------------------------------------------------------------- */

static struct fault *take_and_run(struct job_run *r, bool *ran)
{
    bool mine = false;
    struct db *roster = r->jobs->roster;
    r->live = (struct roster_live_row){.job = r->row.id,
                                       .runner = r->jobs->runner,
                                       .until_us = now_us() + JOB_LEASE_S * SECOND_US,
                                       .note = ""};
    TRY(roster_job_take(roster, space_name(r->space), r->row.id, r->jobs->runner, r->live.until_us, &mine));
    *ran = mine;
    if (!mine)
        return NULL;
    struct fault *failed = in_transaction(r, take);
    if (!failed)
        failed = run(r);
    struct fault kept = {0};
    if (failed)
        kept = *failed;
    TRY(roster_job_release(roster, space_name(r->space), r->row.id, r->jobs->runner));
    return failed && r->stop != STOP_LOST ? fault_again(&kept) : NULL;
}

/* One that waits and is not wanted any more. */
static struct fault *drop(struct job_run *r)
{
    TRY(in_transaction(r, take));
    r->row.state = job_state_name(JOB_CANCELLED);
    TRY(in_transaction(r, end));
    return roster_job_release(r->jobs->roster, space_name(r->space), r->row.id, "");
}

struct looked {
    struct jobs *jobs;
    const struct job_house *house;
    struct space *space;
    struct roster_live_row *live;
    size_t live_count;
    int64_t next_us; /* when something is due here again */
    bool ran;
};

static struct fault *look_at(struct looked *l, struct arena *texts, const struct job_row *row)
{
    int64_t due = row->due_us;
    bool wish = false, running = job_state_named(row->state) == JOB_RUNNING;
    for (size_t i = 0; i < l->live_count; i++)
        if (l->live[i].job == row->id) {
            wish = l->live[i].cancel != 0;
            due = *l->live[i].runner ? l->live[i].until_us : due;
        }
    struct job_run r = {.jobs = l->jobs, .house = l->house, .space = l->space, .row = *row, .texts = texts};
    if (wish && !running) {
        l->ran = true;
        struct fault *failed = drop(&r);
        return r.stop == STOP_LOST ? NULL : failed;
    }
    if (due <= now_us())
        TRY(take_and_run(&r, &l->ran));
    else if (!known_integer(l->next_us) || due < l->next_us)
        l->next_us = due;
    return NULL;
}

/* Runs one job of a space, or finds out when the next is due. */
static struct fault *look(struct jobs *jobs, const struct job_house *house,
                          const struct roster_wake_row *wake, bool *ran)
{
    enum { MOST = 200 };
    ARENA_SCOPE(texts);
    struct looked l = {.jobs = jobs,
                       .house = house,
                       .space = house->space_named(house->house, wake->space),
                       .next_us = UNKNOWN_INTEGER};
    struct job_row *rows = NULL;
    size_t count = 0;
    *ran = false;
    if (l.space) {
        ARENA_SCOPE(reading);
        struct door *d = NULL;
        TRY(door_open_program(l.space, reading, &d));
        TRY(jobs_open(door_connection(d), texts, MOST, &rows, &count));
        TRY(roster_jobs_live(jobs->roster, texts, wake->space, 0, &l.live, &l.live_count));
    }
    for (size_t i = 0; i < count && !l.ran; i++)
        TRY(look_at(&l, texts, &rows[i]));
    *ran = l.ran;
    return l.ran ? NULL : roster_wake_settle(jobs->roster, wake->space, wake->turn, l.next_us);
}

/* A space that fails is left alone for a while, and keeps nobody else waiting. */
static void look_again_later(struct jobs *jobs, const struct roster_wake_row *wake, const struct fault *why)
{
    log_fault("job", why);
    struct fault *failed =
        roster_wake_settle(jobs->roster, wake->space, wake->turn, now_us() + JOB_LEASE_S * SECOND_US);
    if (failed)
        log_fault("job", failed);
}

struct fault *jobs_work(struct jobs *jobs, const struct job_house *house, size_t *ended)
{
    size_t count = 1;
    if (ended)
        *ended = 0;
    while (count && !house->stopping(house->house)) {
        ARENA_SCOPE(work);
        struct roster_wake_row *due = NULL;
        TRY(roster_due(jobs->roster, work, now_us(), &due, &count));
        for (size_t i = 0; i < count && !house->stopping(house->house); i++) {
            bool ran = false;
            struct fault *failed = look(jobs, house, &due[i], &ran);
            if (failed)
                look_again_later(jobs, &due[i], failed);
            if (ended)
                *ended += ran;
        }
    }
    return NULL;
}

/* --- what is too old -------------------------------------------------------------------------------- */

static struct fault *forget(struct space *s)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    TRY(door_open_program(s, work, &d));
    TRY(door_begin(d));
    TRY(jobs_forget(door_transaction(d), now_us() - JOB_AGE_S * SECOND_US));
    return door_commit(d);
}

static void sweep_files(struct arena *a, const struct space *s)
{
    char *path = NULL;
    struct fault *never = job_file_path(a, s, 0, false, &path);
    DIR *folder = never ? NULL : opendir(arena_text(a, path, (size_t)(strrchr(path, '/') - path)));
    struct stat about;
    for (struct dirent *e; folder && (e = readdir(folder));)
        if (*e->d_name != '.' && fstatat(dirfd(folder), e->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
            now_us() / SECOND_US - about.st_mtim.tv_sec > JOB_FILE_AGE_S)
            (void)unlinkat(dirfd(folder), e->d_name, 0);
    if (folder)
        (void)closedir(folder);
}

void jobs_sweep(struct jobs *jobs, struct space *s)
{
    ARENA_SCOPE(work);
    sweep_files(work, s);
    struct fault *failed = forget(s);
    if (!failed)
        failed = roster_live_sweep(jobs->roster, now_us() - 86400 * SECOND_US);
    if (!failed)
        failed = roster_wake(jobs->roster, space_name(s), now_us());
    if (failed)
        log_fault("job", failed);
}
