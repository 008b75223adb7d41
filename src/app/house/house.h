/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* house.h - the spaces one server keeps: a folder with directory.db, and a file or a database schema for each
 * space.
 *
 * A request's space comes from its host name; the first space is the default. One thread does the jobs, seals
 * journals and sweeps, another hands letters on. */
#ifndef GRAPPE_HOUSE_H
#define GRAPPE_HOUSE_H

#include "door/door.h"
#include "i18n/i18n.h"
#include "mail/post.h"

struct house;
struct db;
struct jobs;

struct space_info {
    const char *name;  /* short, for host names and the command line: "federation" */
    const char *title; /* what the top bar shows */
    bool demo;         /* persona buttons may be shown */
    struct space *space;
};

/* Opens the folder; every space in it. NOT_FOUND when it has no directory. */
struct fault *house_open(const char *folder, struct house **) MUST_CHECK;
/* The same with the directory elsewhere, and with spaces of databases, which are listed there from then on
 * under the names of their schemas, an underscore as a hyphen. */
struct house_places {
    const char *folder; /* NULL: that of the directory */
    const char
        *directory; /* made when there is none; NULL: directory.db of the folder, which must be there */
    char *const *urls;
    int url_count;
};
struct fault *house_open_places(const struct house_places *, struct house **) MUST_CHECK;
/* Makes folder and directory when they are absent. */
struct fault *house_create(const char *folder, struct house **) MUST_CHECK;
/* From here on new spaces are made as schemas of this database: NAME, or PREFIX_NAME where the address ends
 * with schema=PREFIX. NULL: as files again. */
void house_use_database(struct house *, const char *url);
/* Makes FOLDER/NAME.db or a schema, lists it. CONFLICT when the name is taken, INVALID when it is not a short
 * plain name. */
struct fault *house_add(struct house *, const char *name, const char *title, bool demo,
                        const struct space_info **) MUST_CHECK;
void house_close(struct house *); /* seals what is open first */
/* Closes it and removes the spaces that were made since it was opened. */
void house_discard(struct house *);

size_t house_count(const struct house *);
const char *house_folder(const struct house *);
const struct space_info *house_at(const struct house *, size_t); /* in the order they were added */
/* "federation.example.org" → the space named federation; anything else → the first. NULL when there is
 * none. */
const struct space_info *house_for_host(const struct house *, const char *host);
const struct space_info *house_named(const struct house *, const char *name); /* NULL: no such */
struct db *house_roster(struct house *);

/* What anti-forgery tokens derive from: drawn once for a folder, so that they outlive a restart, and servers
 * of the same folder take each other's. */
enum { HOUSE_SECRET = 32 };
struct fault *house_secret(struct house *, unsigned char secret[HOUSE_SECRET]) MUST_CHECK;

/* How people reach the server: "https://grappe.example", without a slash at its end; the first space is
 * there, any other under its name: https://pole.grappe.example, on loopback http://pole.localhost:8080. Links
 * in letters begin with it, never with what a request calls us. */
void house_set_url(struct house *, const char *url);
/* The address of a space; of this machine until house_set_url(). */
const char *house_url(const struct house *, const struct space_info *, struct arena *);

/* Letters to people: written here, they leave by a thread of the house's own (mail/post.h). */
struct post *house_post(struct house *);
struct fault *house_send(struct house *, const struct space_info *, const struct letter *) MUST_CHECK;

struct jobs *house_jobs(struct house *); /* kinds are added before anything is asked for */

/* From here on letters are fetched from a mailbox as well (mail/fetch.h), once a minute, for the first space;
 * both must outlive the house. */
struct mailbox_settings;
void house_fetch_from(struct house *, struct mailbox_settings *, const char *vouching);

/* Starts the thread that does the jobs as they come, seals journals every second while there is something to
 * seal, and removes what is too old at once and every hour; the one that hands letters on; and the one that
 * fetches them. */
struct fault *house_start(struct house *) MUST_CHECK;
/* Does the jobs that are due, without these threads. *ran: how many. */
struct fault *house_work(struct house *, size_t *ran) MUST_CHECK;

#endif
