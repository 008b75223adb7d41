/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/post.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "bell/bell.h"
#include "clock/clock.h"
#include "house/token.h"
#include "i18n/i18n.h"
#include "log/log.h"
#include "mail/internal.h"
#include "mail/mark.h"
#include "roster/letters.h"
#include "text/buffer.h"

enum {
    RUNNER = 24,
    LEASE_S = 10, /* a letter whose carrier does not say for so long that it goes on is another's */
    GRACE_S = 3,  /* what is under way when the server ends */
    BEAT_US = 1000000
};
static const int64_t day_us = 86400 * SECOND_US;

struct post {
    struct db *roster;
    struct carrier carrier;
    struct post_readers readers;
    char runner[RUNNER + 1]; /* of this process, unlike any other */
    unsigned char key[crypto_auth_KEYBYTES];
    pthread_mutex_t turn; /* one carries */
    struct bell bell;
};

static void print_letter(void *nobody, const struct outgoing *l, struct carried *c)
{
    (void)nobody;
    (void)fprintf(stderr, "\n%s %s\n%s %s\n\n%s\n\n", tr("To:"), l->to, tr("Subject:"), l->subject, l->text);
    (void)fflush(stderr);
    c->outcome = OUTCOME_SENT;
}

struct post *post_new(struct db *roster)
{
    struct post *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->roster = roster;
    p->carrier.carry = print_letter;
    (void)snprintf(p->runner, sizeof p->runner, "%llx", (unsigned long long)new_id());
    randombytes_buf(p->key, sizeof p->key);
    (void)pthread_mutex_init(&p->turn, NULL);
    bell_hang(&p->bell);
    return p;
}

void post_free(struct post *p)
{
    if (!p)
        return;
    if (p->carrier.end)
        p->carrier.end(p->carrier.owner);
    bell_remove(&p->bell);
    (void)pthread_mutex_destroy(&p->turn);
    sodium_memzero(p->key, sizeof p->key);
    free(p);
}

void post_by(struct post *p, const struct carrier *c)
{
    p->carrier = *c;
}

void post_for(struct post *p, const struct post_readers *r)
{
    p->readers = *r;
}

bool post_leaves(const struct post *p)
{
    return p->carrier.carry != print_letter;
}

void post_ring(struct post *p)
{
    bell_ring(&p->bell);
}

void post_wait(struct post *p, int most_ms)
{
    bell_wait(&p->bell, most_ms);
}

/* --- writing ---------------------------------------------------------------------------------------- */

struct roster_letter letter_row(struct arena *a, const char *space, const struct letter *l)
{
    const int64_t now = now_us();
    return (struct roster_letter){.id = new_id(),
                                  .space = space,
                                  .key = arena_print(a, "%s", l->key),
                                  .recipient = arena_print(a, "%s", l->to ? l->to : ""),
                                  .person = l->person,
                                  .subject = arena_print(a, "%s", l->subject),
                                  .body = letter_text(a, l),
                                  .html = letter_html(a, l),
                                  .unsubscribe = arena_print(a, "%s", l->unsubscribe ? l->unsubscribe : ""),
                                  .pass = arena_print(a, "%s", l->pass ? l->pass : ""),
                                  .made_us = now,
                                  .until_us = l->until_us ? l->until_us : now + 2 * day_us,
                                  .due_us = now};
}

struct fault *post_letter(struct post *p, const char *space, const struct letter *l, bool *fresh)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    bool unused;
    const struct roster_letter row = letter_row(work, space, l);
    TRY(transaction_begin(p->roster, work, &t));
    TRY(roster_letter_add(t, &row, fresh ? fresh : &unused));
    TRY(transaction_commit(t));
    post_ring(p);
    return NULL;
}

/* --- carrying --------------------------------------------------------------------------------------- */

struct round {
    struct post *post;
    bool (*stopping)(void *house);
    void *house;
    struct roster_letter letter;
    int64_t beat_us, stop_us; /* monotonic; stop_us 0: nobody wants it to stop */
    bool stopped;
    size_t sent;
};

/* The lease is kept; when the server ends, the answer that is about to come is waited for a little. */
static bool go_on(void *of)
{
    struct round *r = of;
    int64_t now = monotonic_us();
    bool mine = true;
    if (!r->stop_us && r->stopping && r->stopping(r->house))
        r->stop_us = now;
    r->stopped = r->stop_us && now - r->stop_us > GRACE_S * SECOND_US;
    if (!r->stopped && now - r->beat_us >= BEAT_US) {
        r->beat_us = now;
        struct fault *failed = roster_letter_keep(r->post->roster, r->letter.id, r->post->runner,
                                                  now_us() + LEASE_S * SECOND_US, &mine);
        if (failed)
            log_fault("letter", failed);
    }
    return mine && !r->stopped;
}

/* The same for one letter as long as this process lives, so that a letter that came twice opens the same. */
static const char *token_of(const struct post *p, struct arena *a, int64_t letter)
{
    unsigned char mac[crypto_auth_BYTES];
    char *token = NEW(a, char, 2 * sizeof mac + 1);
    (void)crypto_auth(mac, (const unsigned char *)&letter, sizeof letter, p->key);
    return sodium_bin2hex(token, 2 * sizeof mac + 1, mac, sizeof mac);
}

static const char *filled(struct arena *a, const char *text, const char *token)
{
    struct buffer *out = buffer_new(a, 4 * MIB);
    for (const char *mark; (mark = strstr(text, LETTER_TOKEN)) != NULL; text = mark + strlen(LETTER_TOKEN)) {
        buffer_add(out, text, (size_t)(mark - text));
        buffer_text(out, token);
    }
    buffer_text(out, text);
    return buffer_string(out);
}

static struct fault *carry(struct round *r, struct arena *a, struct carried *c)
{
    const struct roster_letter *l = &r->letter;
    const struct carrier *by = &r->post->carrier;
    const char *token = "", *mark = NULL, *sign = NULL;
    TRY(letter_marks(r->post->roster, a, l->id, &mark, &sign));
    if (*l->pass) {
        char hash[65];
        token = token_of(r->post, a, l->id);
        token_hash(token, hash);
        TRY(roster_letter_token(r->post->roster, l, hash));
    }
    by->carry(by->owner,
              &(struct outgoing){.mark = mark,
                                 .sign = sign,
                                 .made_us = l->made_us,
                                 .to = l->recipient,
                                 .subject = l->subject,
                                 .text = filled(a, l->body, token),
                                 .html = filled(a, l->html, token),
                                 .unsubscribe = *l->unsubscribe ? l->unsubscribe : NULL,
                                 .go_on = go_on,
                                 .owner = r},
              c);
    return NULL;
}

/* Later and later: 5 s, 25 s, two minutes, ten, an hour, four hours. */
static int64_t pause_us(int64_t tries)
{
    int64_t seconds = 1, most = 4 * 3600;
    for (int64_t i = 0; i < tries && seconds < most; i++)
        seconds *= 5;
    return (seconds < most ? seconds : most) * SECOND_US;
}

/* What becomes of it. */
static void conclude(struct round *r, const struct carried *c)
{
    static const enum letter_state states[] = {[OUTCOME_SENT] = LETTER_SENT,
                                               [OUTCOME_LATER] = LETTER_WAITING,
                                               [OUTCOME_NO_ADDRESS] = LETTER_REFUSED,
                                               [OUTCOME_NEVER] = LETTER_FAILED};
    struct roster_letter *l = &r->letter;
    int64_t now = now_us();
    l->state = states[c->outcome];
    l->answer = c->answer;
    l->tries++;
    if (l->state != LETTER_WAITING)
        return;
    if (r->stopped) { /* no fault of the letter's: again at once, wherever */
        l->tries--;
        l->answer = "";
    }
    l->due_us = now + (r->stopped ? 0 : pause_us(l->tries));
    if (l->due_us > l->until_us)
        l->state = LETTER_LATE;
}

/* Somebody may have been suspended, or have moved, since it was written. */
static struct fault *is_read(const struct round *r, bool *read)
{
    const struct post_readers *by = &r->post->readers;
    const struct roster_letter *l = &r->letter;
    *read = *l->recipient;
    return *read && l->person && by->reads ? by->reads(by->owner, l->space, l->person, l->recipient, read)
                                           : NULL;
}

static struct fault *hand_on(struct round *r, const struct roster_letter *due)
{
    ARENA_SCOPE(work);
    struct carried c = {.outcome = OUTCOME_LATER};
    bool mine = false, read = false;
    struct db *roster = r->post->roster;
    TRY(roster_letter_take(roster, due, r->post->runner, now_us() + LEASE_S * SECOND_US, &mine));
    if (!mine)
        return NULL;
    r->letter = *due;
    r->beat_us = monotonic_us();
    TRY(is_read(r, &read));
    if (!read || now_us() > due->until_us)
        r->letter.state = read ? LETTER_LATE : LETTER_NOBODY;
    else {
        TRY(carry(r, work, &c));
        conclude(r, &c);
    }
    if (r->letter.state != LETTER_NOBODY)
        log_event(LOG_INFO, "letter", "id=%lld state=%lld tries=%lld", (long long)due->id,
                  (long long)r->letter.state, (long long)r->letter.tries);
    r->sent += r->letter.state == LETTER_SENT;
    return roster_letter_end(roster, &r->letter, r->post->runner);
}

static struct fault *hand_on_all(struct round *r)
{
    enum { MOST = 50 };
    size_t count = 1;
    while (count) {
        ARENA_SCOPE(work);
        struct roster_letter *due = NULL;
        TRY(roster_letters_due(r->post->roster, work, now_us(), MOST, &due, &count));
        for (size_t i = 0; i < count; i++) {
            if (r->stopping && r->stopping(r->house))
                return NULL;
            TRY(hand_on(r, &due[i]));
        }
    }
    return NULL;
}

struct fault *post_work(struct post *p, bool (*stopping)(void *house), void *house, size_t *sent)
{
    struct round r = {.post = p, .stopping = stopping, .house = house};
    (void)pthread_mutex_lock(&p->turn);
    struct fault *failed = hand_on_all(&r);
    if (p->carrier.rest)
        p->carrier.rest(p->carrier.owner);
    (void)pthread_mutex_unlock(&p->turn);
    if (sent)
        *sent = r.sent;
    return failed;
}

void post_sweep(struct post *p)
{
    enum { KEPT_DAYS = 60, REFUSED_DAYS = 30 };
    const int64_t now = now_us();
    struct fault *failed =
        roster_letters_sweep(p->roster, now - KEPT_DAYS * day_us, now - REFUSED_DAYS * day_us);
    if (failed)
        log_fault("letter", failed);
}
