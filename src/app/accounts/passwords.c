/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* passwords.c - hashing a few at a time, and which passwords are taken. */
#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "accounts/internal.h"
#include "arena/arena.h"
#include "roster/roster.h"
#include "roster/sessions.h"
#include "text/fold.h"

/* Argon2id takes 64 MiB and a fifth of a second: as many at once as there are cores, a few waiting. */
static pthread_mutex_t turns = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn_free = PTHREAD_COND_INITIALIZER;
static int hashing, queued;

static struct fault *take_turn(void)
{
    enum { MOST_QUEUED = 16 };
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    (void)pthread_mutex_lock(&turns);
    bool full = queued >= MOST_QUEUED;
    if (!full) {
        queued++;
        while (hashing >= (cores > 0 ? cores : 1))
            (void)pthread_cond_wait(&turn_free, &turns);
        queued--;
        hashing++;
    }
    (void)pthread_mutex_unlock(&turns);
    return full ? fault(FAULT_LIMIT, "Too many people are signing in: try again in a minute.") : NULL;
}

static void give_turn(void)
{
    (void)pthread_mutex_lock(&turns);
    hashing--;
    (void)pthread_cond_signal(&turn_free);
    (void)pthread_mutex_unlock(&turns);
}

static struct fault *hash_password(const char *password, char out[crypto_pwhash_STRBYTES])
{
    TRY(take_turn());
    int failed = crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                   crypto_pwhash_MEMLIMIT_INTERACTIVE);
    give_turn();
    return failed ? fault(FAULT_LIMIT, "There is not enough memory for this just now.") : NULL;
}

/* One hash more or less must not tell whether the account exists. */
struct fault *verify_password(const char *hash, const char *password, bool *good)
{
    static const char nobody[crypto_pwhash_STRBYTES] =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    TRY(take_turn());
    *good = crypto_pwhash_str_verify(hash ? hash : nobody, password, strlen(password)) == 0 && hash;
    give_turn();
    return NULL;
}

/* The commonest in French and English leaks that pass the other rules. */
static bool too_common(const char *folded)
{
    static const char *const common[] = {"password1", "password123", "motdepasse", "azertyuiop", "qwertyuiop",
                                         "azerty123", "qwerty123",   "bonjour1",   "bonjour123", "doudou123",
                                         "iloveyou",  "soleil123",   "chouchou",   "loulou123",  "welcome1",
                                         "admin123",  "marseille13", "1q2w3e4r5t", "football1",  "jetaime2"};
    for (size_t i = 0; i < COUNT(common); i++)
        if (strcmp(folded, common[i]) == 0)
            return true;
    return false;
}

/* Each letter next to the one before in the alphabet, the digits or on a keyboard: 12345678, hgfedcba. */
static bool is_run(const char *folded)
{
    static const char *const rows[] = {"abcdefghijklmnopqrstuvwxyz", "01234567890",
                                       "azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm"};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int step = -1; step <= 1; step += 2) {
            const char *p = folded;
            for (const char *at = strchr(rows[i], *p); at && *p;) {
                p++;
                at += step;
                if (at < rows[i] || !*at || *at != *p)
                    break;
            }
            if (!*p)
                return true;
        }
    return false;
}

static int distinct_letters(const char *folded)
{
    bool seen[256] = {false};
    int count = 0;
    for (const unsigned char *p = (const unsigned char *)folded; *p; p++) {
        count += !seen[*p];
        seen[*p] = true;
    }
    return count;
}

/* Length is what makes a password good: no rule on kinds of characters. */
static struct fault *check_strength(struct arena *a, const char *name, const char *email,
                                    const char *password)
{
    enum { FEWEST_DISTINCT = 5 };
    size_t length = utf8_length(slice_of(password));
    const char *folded = fold_text(a, password);
    if (length < LIMIT_PASSWORD_MIN || length > LIMIT_PASSWORD_MAX || !utf8_valid(slice_of(password)))
        return fault(FAULT_INVALID, "A password has %d to %d characters; a short sentence is best.",
                     LIMIT_PASSWORD_MIN, LIMIT_PASSWORD_MAX);
    if (distinct_letters(folded) < FEWEST_DISTINCT || is_run(folded) || too_common(folded))
        return fault(FAULT_INVALID,
                     "This password is among the first that are tried: %d different characters "
                     "or more, and no row of the keyboard.",
                     FEWEST_DISTINCT);
    if (strcmp(folded, fold_text(a, email)) == 0 || strcmp(folded, fold_text(a, name)) == 0)
        return fault(FAULT_INVALID, "A password is neither your name nor your e-mail.");
    return NULL;
}

struct fault *password_check(struct arena *a, const char *name, const char *email, const char *password)
{
    return fault_in("password", check_strength(a, name, email, password));
}

struct fault *accounts_set_password(struct house *h, const struct space_info *s, int64_t person,
                                    const char *password)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct person p;
    char hash[crypto_pwhash_STRBYTES];
    TRY(door_open_program(s->space, work, &d));
    TRY(door_load(d, person, person, &p, NULL));
    if (!p.email)
        return fault_in("email", fault(FAULT_INVALID, "This person has no e-mail to sign in with."));
    TRY(password_check(work, p.name, p.email, password));
    TRY(hash_password(password, hash));
    TRY(roster_login_set(house_roster(h), s->name, person, fold_text(work, p.email), hash));
    return accounts_sessions_end(h, s, person, 0);
}

struct fault *accounts_has_password(struct house *h, const struct space_info *s, int64_t person, bool *has)
{
    return roster_login_exists(house_roster(h), s->name, person, has);
}

struct fault *accounts_check_password(struct house *h, const struct space_info *s, int64_t person,
                                      const char *password, struct caller *caller)
{
    ARENA_SCOPE(work);
    const char *hash = NULL, *subject = arena_print(work, "%lld", (long long)person);
    bool good = false;
    TRY(attempts_check(h, s, ATTEMPT_PASSWORD, subject, caller));
    TRY(roster_login_hash(house_roster(h), work, s->name, person, &hash));
    TRY(verify_password(hash, utf8_length(slice_of(password)) > LIMIT_PASSWORD_MAX ? "" : password, &good));
    if (good)
        return attempts_forget(h, s, ATTEMPT_PASSWORD, subject, caller);
    TRY(attempts_count(h, s, ATTEMPT_PASSWORD, subject, caller));
    return fault_in("current", fault(FAULT_INVALID, "This is not your password."));
}
