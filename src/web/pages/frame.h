/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* frame.h - what stands around every page, and what handlers ask of the request. */
#ifndef GRAPPE_FRAME_H
#define GRAPPE_FRAME_H

#include <string.h>

#include "accounts/accounts.h"
#include "door/door.h"
#include "http/http.h"
#include "router/router.h"

struct server;

/* Behind visitor.actor of every request. */
struct actor {
    struct server *server;
    struct house *house;
    const struct space_info *space;
    struct door *door;
    struct session session; /* person 0: none, or asked by a program */
};

struct door *door_of(const struct request *);
const struct space_info *space_of(const struct request *);
struct house *house_of(const struct request *);
const struct session *session_of(const struct request *);
struct caller caller_of(const struct request *);

/* What gives rights, changes how one signs in, or takes a list out of the space asks for a proof of who one
 * is that is not older than an hour (LIMIT_PROOF_AGE_S): NULL, or DENIED naming "proof", of which the error
 * page makes a way to give one. Programs prove themselves with each request. */
struct fault *proof_check(const struct request *) MUST_CHECK;
/* The same for exports, which only those who see more than their own firm must prove. */
struct fault *proof_check_export(const struct request *) MUST_CHECK;

/* What was typed is refused, 422, or tried too often, 429 with Retry-After: the words, for the form that the
 * caller draws again. */
const char *refused_told(struct response *, const struct fault *refused, const struct caller *);
/* Person, minute and state of the space in one number, for routes: a page drawn for one person from one state
 * is the same until either changes, or the minute does: time_ago(), and the days on which mandates and
 * certificates end. */
struct fault *page_version(const struct request *, uint64_t *version) MUST_CHECK;

struct frame_link {
    const char *href, *label, *icon;
    bool current;
};

struct frame {
    struct arena *arena;
    const struct request *request;
    const char *title, *space, *language, *theme; /* theme NULL: the system's */
    const char *person, *initials;                /* NULL: a visitor */
    const char *role;                             /* "Animatrice, Besançon": the line under the name */
    const struct frame_link *doors, *menu;
    size_t door_count, menu_count;
    const char *flash, *flash_kind; /* a sentence, "done" or "problem"; NULL: none */
    const char *undo;               /* where a POST undoes what the flash says; NULL */
    const char *here;               /* path and query of this page, for the way back */
    bool narrow;                    /* for forms and reading */
    bool refresh;                   /* without scripts, the page is asked for again every two seconds */
};

/* `door`: the path of the current door ("/annuaire"). Reads and clears the flash. */
struct frame frame_of(const struct request *, struct response *, const char *title, const char *door);

/* "just now", "5 minutes ago", "3 hours ago", then the day. */
const char *time_ago(struct arena *, int64_t at_us);

/* "Claire Mercier" → "CM". */
const char *initials_of(struct arena *, const char *name);

/* Which rows of a list stand here, and the pages beside: "51 to 100 of 188"; NULL where there is none. */
struct pager {
    const char *range, *previous_href, *next_href;
};
/* `address`: path and query of the list. */
struct pager pager_of(struct arena *, const char *address, const struct list_page *);

/* What the choice of rows a page offers, below a list; another number may stand in the address. */
enum { PAGE_SIZES = 4 };
extern const int64_t page_sizes[PAGE_SIZES];
bool page_size_offered(int64_t);

/* Shown on the next page. kind "done" or "problem"; undo may be NULL, else a path that takes a POST. Only
 * codes of the table in frame.c travel, never text. */
void flash_set(struct response *, const char *code, const char *undo);

extern const struct route session_routes[], record_routes[], organisation_routes[], directory_routes[],
    need_routes[], import_routes[], taxonomy_routes[], data_routes[], job_routes[], token_routes[],
    sign_in_routes[], account_routes[], invitation_routes[], activity_routes[], introduction_routes[],
    funnel_routes[], today_routes[], letter_routes[], member_routes[], mail_act_routes[], agreement_routes[],
    reminder_routes[], attached_routes[], grappe_routes[], document_routes[];
extern const size_t session_route_count, record_route_count, organisation_route_count, directory_route_count,
    need_route_count, import_route_count, taxonomy_route_count, data_route_count, job_route_count,
    token_route_count, sign_in_route_count, account_route_count, invitation_route_count, activity_route_count,
    introduction_route_count, funnel_route_count, today_route_count, letter_route_count, member_route_count,
    mail_act_route_count, agreement_route_count, reminder_route_count, attached_route_count,
    document_route_count, grappe_route_count;

#endif
