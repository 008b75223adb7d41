/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* accounts.h - who is who: the ways of signing in, sessions, personas of a demo.
 *
 * Secrets (password hashes, session hashes) are in the server's directory, never in a space. Argon2id with 64
 * MiB and two passes; at most as many at once as the machine has cores, a short queue behind, then LIMIT.
 *
 * Whoever tries too often waits: attempts are counted by account from one network (/24, /56), by network, and
 * by account from everywhere. Only the last is out of its owner's hands, and it closes one way of signing in,
 * never all: see attempts.c. */
#ifndef GRAPPE_ACCOUNTS_H
#define GRAPPE_ACCOUNTS_H

#include "house/house.h"

enum { TOKEN_TEXT = 64 }; /* 256 random bits in hexadecimal, and a NUL */
struct token {
    char text[TOKEN_TEXT + 1];
};

/* Who knocks. */
struct caller {
    const char *address; /* numeric */
    const char *agent;   /* the header User-Agent; NULL: none */
    int64_t wait_s;      /* set with a LIMIT: how long until another attempt */
};

enum way { WAY_PASSWORD = 1, WAY_LINK, WAY_PERSONA, WAY_INVITATION };

/* What a good first factor opens: a session, or the second step (second_steps.h). */
struct entry {
    struct token token; /* of the session, or of the step */
    bool awaits_step;
    const char *back; /* of a link: the page wanted when it was asked for, in the arena given; NULL */
};

/* Sets or changes the password of a person of the space, who must have an e-mail. Every session of the person
 * ends, and links not used yet. INVALID naming "password" when it is too short, too long, or too easy. */
struct fault *accounts_set_password(struct house *, const struct space_info *, int64_t person,
                                    const char *password) MUST_CHECK;
struct fault *accounts_has_password(struct house *, const struct space_info *, int64_t person,
                                    bool *has) MUST_CHECK;
/* The person's own, asked for again. INVALID naming "current" when it is another; LIMIT. */
struct fault *accounts_check_password(struct house *, const struct space_info *, int64_t person,
                                      const char *password, struct caller *) MUST_CHECK;

/* DENIED with one and the same text and time for an unknown address, a wrong password, and a person who may
 * not sign in. LIMIT when there were too many attempts for the account or the network (never a lasting
 * lock). */
struct fault *accounts_sign_in(struct house *, const struct space_info *, const char *email,
                               const char *password, struct caller *, struct entry *) MUST_CHECK;

/* Without a password: only in a space made as demo, only from a loopback address. */
struct fault *accounts_sign_in_persona(struct house *, const struct space_info *, int64_t person,
                                       const struct caller *, struct token *) MUST_CHECK;
struct persona {
    int64_t person;
    const char *name, *title, *organisation;
};
/* People with a title in a demo space that are offered as buttons (e-mail ending in @demo.example). */
struct fault *accounts_personas(const struct space_info *, struct arena *, struct persona **,
                                size_t *count) MUST_CHECK;

/* The person behind a token in this space: 0 when it is unknown, too old, or idle for too long. Cost: one
 * point read. */
struct session {
    int64_t person, id;
    int64_t proof_us; /* when they last proved who they are */
    enum way way;
    int factors, wanted; /* wanted: bits of the roles that need two factors here */
    bool unmarked;       /* last marked seen more than a minute ago: call accounts_session_seen() */
};
struct fault *accounts_session(struct house *, const struct space_info *, const char *token,
                               struct session *) MUST_CHECK;
struct fault *accounts_session_seen(struct house *, const char *token) MUST_CHECK;
/* The person behind it proved again who they are. */
struct fault *accounts_session_proved(struct house *, const char *token) MUST_CHECK;
struct fault *accounts_sign_out(struct house *, const char *token) MUST_CHECK;

struct session_line {
    int64_t id, created_us, seen_us;
    enum way way;
    const char *device;  /* "Firefox · Windows", in words */
    const char *network; /* "192.0.2.x" */
};
/* Those that are open, last used first. */
struct fault *accounts_sessions(struct house *, const struct space_info *, int64_t person, struct arena *,
                                struct session_line **, size_t *count) MUST_CHECK;
/* One of the person's; nothing happens when there is no such one. */
struct fault *accounts_session_end(struct house *, const struct space_info *, int64_t person,
                                   int64_t id) MUST_CHECK;
/* All but one; 0: all, links not used yet too. */
struct fault *accounts_sessions_end(struct house *, const struct space_info *, int64_t person,
                                    int64_t except) MUST_CHECK;

/* Another session like this one, after all were ended. */
struct fault *accounts_session_renew(struct house *, const struct space_info *, const struct session *,
                                     const struct caller *, struct token *) MUST_CHECK;

/* The address that letters to the person go to, even where they do not see it themselves (confidential fields
 * are the facilitators'); NULL: none. And as it is shown to them: "m…@example.org". */
struct fault *accounts_email(const struct space_info *, int64_t person, struct arena *,
                             const char **email) MUST_CHECK;
const char *email_hinted(struct arena *, const char *email);

/* The person with this e-mail, whatever its capitals; id 0: none. The same work for both. */
struct fault *person_with_email(const struct space_info *, struct arena *, const char *email,
                                struct person *) MUST_CHECK;

/* The language in which letters are written to the person, who may always choose it. */
struct fault *accounts_set_language(const struct space_info *, int64_t person, enum language) MUST_CHECK;

/* While a record is saved, or removed (gone): a person who may no longer sign in has no session left, so that
 * none comes back to life when they may again. Any other type passes. */
struct fault *accounts_follow(struct house *, const struct space_info *, const struct record_type *,
                              const void *record, bool gone) MUST_CHECK;

/* "Firefox · Windows" from a header User-Agent; never NULL, never what was sent. */
const char *device_words(struct arena *, const char *agent);

bool address_is_loopback(const char *address);

#endif
