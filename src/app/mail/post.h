/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* post.h - letters that leave, while nobody waits for them.
 *
 * Whoever writes one writes a row of the server's directory, in the same time whoever it is for; a thread of
 * the server hands them on. A letter is sent at least once, under one Message-ID; twice only when nobody
 * heard what was answered. What is not taken is tried again, later and later; what is refused for ever is
 * kept for the facilitators to see. */
#ifndef GRAPPE_POST_H
#define GRAPPE_POST_H

#include <stdbool.h>

#include "fault/fault.h"
#include "mail/letter.h"

struct db;
struct post;

struct post *post_new(struct db *roster);
void post_free(struct post *);

/* What leaves, as it leaves. */
struct outgoing {
    int64_t made_us;
    const char *mark, *sign; /* what it is known by, see mark.h */
    const char *to, *subject, *text, *html;
    const char *unsubscribe;    /* NULL: none */
    bool (*go_on)(void *owner); /* to be asked about once a second while it takes */
    void *owner;
};
enum outcome { OUTCOME_SENT, OUTCOME_LATER, OUTCOME_NO_ADDRESS, OUTCOME_NEVER };
struct carried {
    enum outcome outcome;
    char answer[200]; /* what stood in the way */
};
/* Who carries letters: the console (standard error), until somebody else is named. */
struct carrier {
    void (*carry)(void *owner, const struct outgoing *, struct carried *);
    void (*rest)(void *owner); /* nothing follows for a while; may be NULL */
    void (*end)(void *owner);  /* it is needed no more; may be NULL */
    void *owner;
};
void post_by(struct post *, const struct carrier *); /* a copy is kept */
bool post_leaves(const struct post *);               /* false: the console */

/* Asked about each letter to a person before it leaves: do they read at that address still? */
struct post_readers {
    struct fault *(*reads)(void *owner, const char *space, int64_t person, const char *address, bool *still);
    void *owner;
};
void post_for(struct post *, const struct post_readers *); /* a copy is kept */

struct smtp_settings;
/* By a mail server; the settings must outlive the post. */
struct fault *post_by_smtp(struct post *, const struct smtp_settings *) MUST_CHECK;

/* Drawn in the thread's language; *fresh (may be NULL): none was written under its key before. */
struct fault *post_letter(struct post *, const char *space, const struct letter *, bool *fresh) MUST_CHECK;

/* Hands on what is due, in this thread, until nothing is or `stopping` says so. *sent (may be NULL): letters
 * that left. */
struct fault *post_work(struct post *, bool (*stopping)(void *house), void *house, size_t *sent) MUST_CHECK;
/* Returns when a letter is written in this process, or after `most_ms`. */
void post_wait(struct post *, int most_ms);
void post_ring(struct post *);

/* Forgets what ended long ago; an address that refused is written to again after 30 days. */
void post_sweep(struct post *);

#endif
