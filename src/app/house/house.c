/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "house/house.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena/arena.h"
#include "bell/bell.h"
#include "clock/clock.h"
#include "db/db.h"
#include "digests/digests.h"
#include "house/sealed.h"
#include "imports/uploads.h"
#include "jobs/jobs.h"
#include "log/log.h"
#include "mail/fetch.h"
#include "mail/readers.h"
#include "reminders/reminders.h"
#include "roster/roster.h"

enum { MOST_SPACES = 256 };

struct house {
    struct arena *arena;
    const char *folder, *database; /* database: of new spaces; NULL: files */
    const char *url;               /* NULL: of this machine */
    struct db *roster;
    struct jobs *jobs;
    struct post *post;
    struct space_info spaces[MOST_SPACES];
    size_t count;
    const char *made[MOST_SPACES]; /* since it was opened: where they are */
    size_t made_count;
    pthread_t keeper, postman, fetcher;
    bool kept, posted, fetched;       /* they run */
    struct mailbox_settings *mailbox; /* NULL: none is read */
    const char *vouching;
    struct bell fetches;
    _Atomic bool stopping;
};

/* A file of the folder, or a database wherever it is. */
static const char *place_of(const struct house *h, const char *file)
{
    return place_is_url(file) ? file : arena_print(h->arena, "%s/%s", h->folder, file);
}

static struct fault *open_space(struct house *h, const struct roster_space *listed, struct space *made)
{
    if (h->count == MOST_SPACES)
        return fault(FAULT_LIMIT, "A server keeps at most %d spaces.", MOST_SPACES);
    struct space *space = made;
    if (!space)
        TRY(space_open(place_of(h, listed->file), &space));
    space_settle_in(space, h->folder, listed->name);
    h->spaces[h->count++] = (struct space_info){.name = arena_print(h->arena, "%s", listed->name),
                                                .title = arena_print(h->arena, "%s", listed->title),
                                                .demo = listed->demo != 0,
                                                .space = space};
    return NULL;
}

static struct fault *open_spaces(struct house *h)
{
    struct roster_space *listed = NULL;
    size_t count = 0;
    TRY(roster_spaces(h->roster, h->arena, &listed, &count));
    for (size_t i = 0; i < count; i++)
        TRY(open_space(h, &listed[i], NULL));
    return NULL;
}

/* Lower-case letters, digits and hyphens, as in a host name. */
static bool name_is_plain(const char *name)
{
    size_t length = strlen(name);
    return length >= 1 && length <= 40 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length &&
           name[0] != '-' && name[length - 1] != '-';
}

static struct fault *check_new_name(const struct house *h, const char *name)
{
    if (!name_is_plain(name))
        return fault_in(
            "name", fault(FAULT_INVALID, "A space's name has lower-case letters, digits and hyphens only."));
    if (house_named(h, name))
        return fault(FAULT_CONFLICT, "There is a space called %s already.", name);
    return NULL;
}

/* A space of a database that the directory does not list yet. */
static struct fault *list_space(struct house *h, const char *url)
{
    const char *schema;
    struct space *space = NULL;
    TRY(place_schema(h->arena, url, &schema));
    for (size_t i = 0; i < h->count; i++)
        if (strcmp(space_path(h->spaces[i].space), url) == 0)
            return NULL;
    char *name = arena_print(h->arena, "%s", schema);
    for (char *c = name; (c = strchr(c, '_')) != NULL;)
        *c = '-';
    TRY(check_new_name(h, name));
    TRY(space_open(url, &space));
    const struct roster_space listed = {.name = name, .title = name, .file = url};
    struct fault *failed = roster_space_add(h->roster, &listed);
    if (!failed)
        failed = open_space(h, &listed, space);
    if (!failed)
        return NULL;
    struct fault kept = *failed;
    space_close(space);
    return fault_again(&kept);
}

static struct fault *open_all(struct house *h, const struct house_places *places)
{
    TRY(open_spaces(h));
    for (int i = 0; i < places->url_count; i++)
        TRY(list_space(h, places->urls[i]));
    return NULL;
}

/* The folder that a file lies in. */
static const char *folder_of(struct arena *a, const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash ? arena_text(a, file, (size_t)(slash > file ? slash - file : 1)) : ".";
}

static struct fault *reads(void *house, const char *name, int64_t person, const char *address, bool *still)
{
    const struct space_info *s = house_named(house, name);
    *still = s != NULL;
    return s ? mail_reads(s, person, address, still) : NULL;
}

static struct fault *open_places(const struct house_places *p, bool create, struct house **out)
{
    struct arena *a = arena_new(LIMIT_SCRATCH_MEMORY);
    struct house *h = NEW(a, struct house, 1);
    h->arena = a;
    h->folder = p->folder ? arena_print(a, "%s", p->folder) : folder_of(a, p->directory);
    const char *directory = p->directory ? p->directory : arena_print(a, "%s/directory.db", h->folder);
    struct fault *failed = roster_open(directory, create, &h->roster);
    if (!failed) {
        h->jobs = jobs_new(h->roster);
        h->post = post_new(h->roster);
        post_for(h->post, &(struct post_readers){reads, h});
        uploads_add_jobs(h->jobs);
        failed = open_all(h, p);
    }
    if (failed) {
        struct fault kept = *failed;
        house_close(h);
        return fault_again(&kept);
    }
    *out = h;
    return NULL;
}

struct fault *house_open_places(const struct house_places *p, struct house **out)
{
    ARENA_SCOPE(work);
    if (!p->directory && access(arena_print(work, "%s/directory.db", p->folder), R_OK) != 0)
        return fault(FAULT_NOT_FOUND, "%s is no folder of spaces: make one with grappe init or grappe demo.",
                     p->folder);
    return open_places(p, p->directory != NULL, out);
}

struct fault *house_open(const char *folder, struct house **out)
{
    return house_open_places(&(struct house_places){.folder = folder}, out);
}

struct fault *house_create(const char *folder, struct house **out)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fault(FAULT_IO, "The folder %s cannot be made: %s", folder, strerror(errno));
    return open_places(&(struct house_places){.folder = folder}, true, out);
}

void house_use_database(struct house *h, const char *url)
{
    h->database = url ? arena_print(h->arena, "%s", url) : NULL;
}

/* What the directory notes of a new space. */
static const char *new_file(const struct house *h, const char *name)
{
    if (!h->database)
        return arena_print(h->arena, "%s.db", name);
    if (strstr(h->database, "schema="))
        return arena_print(h->arena, "%s_%s", h->database, name);
    return arena_print(h->arena, "%s%cschema=%s", h->database, strchr(h->database, '?') ? '&' : '?', name);
}

struct fault *house_add(struct house *h, const char *name, const char *title, bool demo,
                        const struct space_info **out)
{
    TRY(check_new_name(h, name));
    struct roster_space listed = {.demo = demo, .name = name, .title = title, .file = new_file(h, name)};
    struct space *made = NULL;
    TRY(space_create(place_of(h, listed.file), &made));
    struct fault *failed = roster_space_add(h->roster, &listed);
    if (!failed)
        failed = open_space(h, &listed, made);
    if (failed) {
        struct fault kept = *failed;
        space_discard(made);
        return fault_again(&kept);
    }
    *out = &h->spaces[h->count - 1];
    if (space_made(made))
        h->made[h->made_count++] = arena_print(h->arena, "%s", space_path(made));
    return NULL;
}

static void close_spaces(struct house *h)
{
    atomic_store(&h->stopping, h->kept || h->posted || h->fetched);
    if (h->fetched) {
        bell_ring(&h->fetches);
        (void)pthread_join(h->fetcher, NULL);
        bell_remove(&h->fetches);
    }
    if (h->posted) {
        post_ring(h->post);
        (void)pthread_join(h->postman, NULL);
    }
    if (h->kept) {
        jobs_ring(h->jobs);
        (void)pthread_join(h->keeper, NULL);
    }
    h->posted = false;
    h->kept = false;
    h->fetched = false;
    for (size_t i = 0; i < h->count; i++) {
        struct fault *failed = space_seal(h->spaces[i].space);
        if (failed)
            log_fault("seal", failed);
        space_close(h->spaces[i].space);
    }
    h->count = 0;
}

void house_close(struct house *h)
{
    if (!h)
        return;
    close_spaces(h);
    jobs_free(h->jobs);
    post_free(h->post);
    db_close(h->roster);
    arena_free(h->arena);
}

void house_discard(struct house *h)
{
    close_spaces(h);
    for (size_t i = 0; i < h->made_count; i++) {
        struct fault *failed = db_remove(h->made[i]);
        if (failed)
            log_fault("discard", failed);
    }
    house_close(h);
}

size_t house_count(const struct house *h)
{
    return h->count;
}

const char *house_folder(const struct house *h)
{
    return h->folder;
}

const struct space_info *house_at(const struct house *h, size_t i)
{
    return &h->spaces[i];
}

const struct space_info *house_named(const struct house *h, const char *name)
{
    for (size_t i = 0; i < h->count; i++)
        if (strcmp(h->spaces[i].name, name) == 0)
            return &h->spaces[i];
    return NULL;
}

const struct space_info *house_for_host(const struct house *h, const char *host)
{
    size_t length = host ? strcspn(host, ".:") : 0;
    for (size_t i = 0; host && i < h->count; i++)
        if (strlen(h->spaces[i].name) == length && strncmp(h->spaces[i].name, host, length) == 0)
            return &h->spaces[i];
    return h->count ? &h->spaces[0] : NULL;
}

struct db *house_roster(struct house *h)
{
    return h->roster;
}

struct fault *house_secret(struct house *h, unsigned char secret[HOUSE_SECRET])
{
    return seal_secret(h->roster, secret);
}

void house_set_url(struct house *h, const char *url)
{
    h->url = url ? arena_print(h->arena, "%s", url) : NULL;
}

/* "http://127.0.0.1:8080" → "localhost:8080": a numeric address has no names below it. */
static const char *named_host(struct arena *a, const char *host)
{
    const char *port = strrchr(host, ':');
    bool numeric = host[0] == '[' || strspn(host, "0123456789.") == strcspn(host, ":");
    return numeric ? arena_print(a, "localhost%s", port ? port : "") : host;
}

const char *house_url(const struct house *h, const struct space_info *s, struct arena *a)
{
    const char *url = h->url ? h->url : "http://127.0.0.1:8080", *host = strstr(url, "://");
    if (s == &h->spaces[0] || !host)
        return url;
    return arena_print(a, "%.*s%s.%s", (int)(host + 3 - url), url, s->name, named_host(a, host + 3));
}

struct post *house_post(struct house *h)
{
    return h->post;
}

struct fault *house_send(struct house *h, const struct space_info *s, const struct letter *l)
{
    return post_letter(h->post, s->name, l, NULL);
}

struct jobs *house_jobs(struct house *h)
{
    return h->jobs;
}

/* --- the thread that works -------------------------------------------------------------------------- */

/* Seals what has changed since last time; nothing of a space that this thread is writing to. Spaces are
 * looked at by their newest entry, so an idle one costs a read. */
static void seal_others(void *house, const struct space *busy)
{
    struct house *h = house;
    for (size_t i = 0; i < h->count && !atomic_load(&h->stopping); i++) {
        struct fault *failed = h->spaces[i].space == busy ? NULL : space_seal_new(h->spaces[i].space);
        if (failed)
            log_fault("seal", failed);
    }
}

/* What is left after these turns waits for the next hour: the thread has other things to do. */
static void fold(struct space *s)
{
    enum { TURNS = 20 };
    struct fault *failed = space_fold_readings(s, TURNS);
    if (failed)
        log_fault("readings", failed);
}

static void drop_contents(struct space *s)
{
    struct fault *failed = space_drop_contents(s);
    if (failed)
        log_fault("documents", failed);
}

static void sweep_all(struct house *h)
{
    struct fault *failed = roster_sweep(h->roster, now_us() - 24 * 3600 * SECOND_US);
    if (failed)
        log_fault("sweep", failed);
    post_sweep(h->post);
    for (size_t i = 0; i < h->count && !atomic_load(&h->stopping); i++) {
        uploads_sweep(h->spaces[i].space);
        jobs_sweep(h->jobs, h->spaces[i].space);
        fold(h->spaces[i].space);
        drop_contents(h->spaces[i].space);
    }
}

static struct space *space_named(void *house, const char *name)
{
    const struct space_info *found = house_named(house, name);
    return found ? found->space : NULL;
}

static bool stopping(void *house)
{
    return atomic_load(&((struct house *)house)->stopping);
}

struct fault *house_work(struct house *h, size_t *ran)
{
    return jobs_work(h->jobs, &(struct job_house){space_named, seal_others, stopping, h}, ran);
}

static void *keep_house(void *thing)
{
    enum { PAUSE_MS = 1000, SEAL_US = 900000 };
    const int64_t sweep_us = 3600 * SECOND_US;
    struct house *h = thing;
    for (int64_t sealed = 0, swept = 0; !atomic_load(&h->stopping); jobs_wait(h->jobs, PAUSE_MS)) {
        int64_t now = monotonic_us();
        struct fault *failed = house_work(h, NULL);
        if (failed)
            log_fault("job", failed);
        if (!sealed || now - sealed >= SEAL_US) {
            sealed = now;
            seal_others(h, NULL);
        }
        if (!swept || now - swept >= sweep_us) {
            swept = now;
            sweep_all(h);
        }
    }
    return NULL;
}

static void write_letters(struct house *h, const char *what,
                          struct fault *(*write)(struct house *, const struct space_info *, size_t *written))
{
    for (size_t i = 0; i < h->count && !atomic_load(&h->stopping); i++) {
        struct fault *failed = write(h, &h->spaces[i], NULL);
        if (failed)
            log_fault(what, failed);
    }
}

/* A thread of its own: neither does a mail server that hangs hold up the jobs, nor a long job a letter that
 * somebody waits for at the door. */
static void *carry_letters(void *thing)
{
    enum { PAUSE_MS = 1000 };
    const int64_t writes_us = 60 * SECOND_US;
    struct house *h = thing;
    for (int64_t told = 0; !atomic_load(&h->stopping); post_wait(h->post, PAUSE_MS)) {
        int64_t now = monotonic_us();
        if (post_leaves(h->post) && (!told || now - told >= writes_us)) {
            told = now;
            write_letters(h, "digests", digests_write);
            write_letters(h, "reminders", reminders_write);
        }
        struct fault *failed = post_work(h->post, stopping, h, NULL);
        if (failed)
            log_fault("letter", failed);
    }
    return NULL;
}

void house_fetch_from(struct house *h, struct mailbox_settings *from, const char *vouching)
{
    h->mailbox = from;
    h->vouching = vouching;
}

static bool goes_on(void *house)
{
    return !stopping(house);
}

/* A thread of its own: a mailbox that hangs holds up no letter that leaves. */
static void *fetch_letters(void *thing)
{
    enum { PAUSE_MS = 60 * 1000 };
    struct house *h = thing;
    h->mailbox->go_on = goes_on;
    h->mailbox->owner = h;
    for (; !atomic_load(&h->stopping); bell_wait(&h->fetches, PAUSE_MS)) {
        struct fault *failed = h->count ? mail_fetch(h, &h->spaces[0], h->mailbox, h->vouching, NULL) : NULL;
        if (failed && !stopping(h))
            log_fault("mailbox", failed);
    }
    return NULL;
}

struct fault *house_start(struct house *h)
{
    if (pthread_create(&h->keeper, NULL, keep_house, h) != 0)
        return fault(FAULT_IO, "The server's housekeeper cannot be started.");
    h->kept = true;
    if (pthread_create(&h->postman, NULL, carry_letters, h) != 0)
        return fault(FAULT_IO, "The server's postman cannot be started.");
    h->posted = true;
    if (!h->mailbox)
        return NULL;
    bell_hang(&h->fetches);
    h->fetched = pthread_create(&h->fetcher, NULL, fetch_letters, h) == 0;
    return h->fetched ? NULL : fault(FAULT_IO, "The server's postman cannot be started.");
}
